package governance

// Types of the module's events, and the keys of their attributes.
const (
	// EventProposed: a proposal was taken up. EventVoted follows.
	EventProposed = "governance.proposed"
	// EventRaised: a proposal was taken up that follows from what a member has
	// reported. Nobody has voted on it.
	EventRaised = "governance.raised"
	// EventVoted: a regulator voted.
	EventVoted = "governance.voted"
	// EventClosed: a proposal was executed, failed, was rejected, withdrawn or
	// expired. The events of executed actions come before it.
	EventClosed = "governance.closed"
	// EventParameters: parameters changed.
	EventParameters = "governance.parameters"
	// EventImportWindow: an import window was opened.
	EventImportWindow = "governance.import_window"
	// EventUpgrade: an upgrade was scheduled; EventUpgradeCancelled: taken back.
	EventUpgrade          = "governance.upgrade"
	EventUpgradeCancelled = "governance.upgrade_cancelled"

	AttrProposal   = "proposal"  // number, decimal
	AttrRegulator  = "regulator" // id of the member
	AttrMember     = "member"    // id
	AttrTitle      = "title"
	AttrKinds      = "kinds"      // of the actions, separated by commas
	AttrExpires    = "expires"    // Unix seconds
	AttrVote       = "vote"       // approve, reject
	AttrStatus     = "status"     // executed, failed, rejected, withdrawn, expired
	AttrApprovals  = "approvals"  // decimal
	AttrNeeded     = "needed"     // decimal
	AttrRegulators = "regulators" // decimal
	AttrCode       = "code"       // of a failure, decimal
	AttrDetail     = "detail"     // of a failure
	AttrBody       = "body"       // id of the member
	AttrWindow     = "window"     // number, decimal
	AttrFrom       = "from"       // Unix seconds
	AttrUntil      = "until"      // Unix seconds
	AttrRecords    = "records"    // decimal
	AttrName       = "name"       // of an upgrade or a parameter
	AttrHeight     = "height"     // of an upgrade, decimal
	AttrVersion    = "app_version"
)
