package trace

// Types of the module's events. A message that adds entries emits one.
const (
	EventRegistered   = "trace.registered"
	EventCaptured     = "trace.captured" // once for a message, whatever number of events it has
	EventCertificates = "trace.certificates_linked"
	EventReporters    = "trace.reporters_set"
	EventRecalled     = "trace.recalled"
	EventLifted       = "trace.recall_lifted"
)

// Keys of attributes. All events have AttrProduct, AttrEntry and AttrMember.
const (
	AttrProduct = "product" // URI
	AttrEntry   = "entry"   // number of the first entry, decimal
	AttrMember  = "member"  // that acted
	AttrOwner   = "owner"   // of the product
	AttrCount   = "count"   // of EventCaptured: how many, decimal
	AttrBy      = "by"      // of EventRecalled: owner or regulator
	AttrRecall  = "recall"  // of EventLifted: number of the entry that made it, decimal
)
