package validator

// Types of the module's events, and the keys of their attributes.
const (
	// EventScheduled: a set was decided; AttrBegin is where it begins.
	EventScheduled = "validator.scheduled"
	// EventSealKeyRotated: a member replaced the seal key of its validator.
	// EventScheduled follows.
	EventSealKeyRotated = "validator.seal_key_rotated"
	// EventHandedOver: CometBFT was given the updates that lead to the set that
	// begins at AttrBegin.
	EventHandedOver = "validator.handed_over"
	// EventMisbehaviour: CometBFT proved misbehaviour of a consensus key.
	EventMisbehaviour = "validator.misbehaviour"
	// EventConflict: a seal key signed two different statements of a height.
	EventConflict = "validator.conflict"

	AttrBegin      = "begin"       // height, decimal
	AttrSealHash   = "seal_hash"   // SM3 of the seal set, hexadecimal
	AttrValidators = "validators"  // how many the set has, decimal
	AttrPower      = "total_power" // of the set, decimal
	AttrUpdates    = "updates"     // how many CometBFT was given, decimal
	AttrValidator  = "validator"   // name
	AttrMember     = "member"      // id
	AttrSealKey    = "seal_key"    // hexadecimal
	AttrAddress    = "address"     // of the consensus key, hexadecimal
	AttrKind       = "kind"        // of misbehaviour
	AttrHeight     = "height"      // of misbehaviour or of the statements, decimal
)
