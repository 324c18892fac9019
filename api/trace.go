package api

import "time"

// Product is a product: a class, a lot or an item.
type Product struct {
	URI          string   `json:"uri" doc:"Its canonical URI" example:"https://id.gs1.org/01/04012345999990/10/L-7"`
	Owner        string   `json:"owner" doc:"The member that registered it"`
	Name         Text     `json:"name"`
	Certificates []Ref    `json:"certificates" doc:"That it relies on at present"`
	Reporters    []string `json:"reporters" doc:"Members that may report beside the owner"`
	Entries      uint64   `json:"entries" doc:"Entries of its chain"`
	Head         string   `json:"head" doc:"Head of its chain, 64 hexadecimal digits"`
	Recalls      []uint64 `json:"recalls" doc:"Entries of its own recalls that stand"`
	Uses         uint64   `json:"uses" doc:"Entries of other chains that say that it is in their product, or became it"`
}

// ProductList is a page of products.
type ProductList struct {
	Items []Product `json:"items"`
	Next  string    `json:"next,omitempty" doc:"Cursor of the next page, if there is one"`
}

// TraceEntry is an entry of a product's chain. It never changes.
type TraceEntry struct {
	N      uint64    `json:"n"`
	What   string    `json:"what" doc:"registered, event, certificates, reporters, recall or lift"`
	Text   Text      `json:"text" doc:"What it is, in words"`
	Member string    `json:"member" doc:"That acted"`
	Key    string    `json:"key" doc:"That stands behind it"`
	Height uint64    `json:"height"`
	Time   time.Time `json:"time" doc:"Of the block"`
	Tx     string    `json:"tx"`
	Raw    []byte    `json:"raw,omitempty" doc:"The entry as the chain has it: hallmark.trace.v1.Entry, base64"`

	Registered *Product           `json:"registered,omitempty"`
	Event      *TraceEvent        `json:"event,omitempty"`
	Change     *CertificateChange `json:"certificates,omitempty"`
	Reporters  *[]string          `json:"reporters,omitempty" doc:"All of them after it"`
	Recall     *Recall            `json:"recall,omitempty"`
	Lift       *Lift              `json:"lift,omitempty"`
}

// TraceEvent is what the ledger keeps of an EPCIS event.
type TraceEvent struct {
	Hash        string    `json:"hash" doc:"SM3 of its CBV 2.0 pre-hash"`
	Time        time.Time `json:"time" doc:"When it happened, with the offset of the place"`
	Type        string    `json:"type" doc:"As ObjectEvent"`
	Action      string    `json:"action,omitempty"`
	Step        string    `json:"step,omitempty"`
	Disposition string    `json:"disposition,omitempty"`
	Place       string    `json:"place,omitempty"`
	Part        string    `json:"part" doc:"Of the product: object, parent, child, input or output"`
	Others      []string  `json:"others,omitempty" doc:"Products on the other side"`
	Corrects    []string  `json:"corrects,omitempty" doc:"Hashes of events that it declares to have been in error"`
}

// CertificateChange is what was linked and what no longer is.
type CertificateChange struct {
	Add    []Ref `json:"add,omitempty"`
	Remove []Ref `json:"remove,omitempty"`
}

// Recall warns of a product.
type Recall struct {
	Note      Text `json:"note"`
	Regulator bool `json:"regulator" doc:"A regulator made it, else the owner"`
}

// Lift ends a recall.
type Lift struct {
	Recall uint64 `json:"recall" doc:"The entry that made it"`
	Note   string `json:"note,omitempty"`
}

// TraceEntryList is a run of entries of a chain.
type TraceEntryList struct {
	Items []TraceEntry `json:"items"`
	Total uint64       `json:"total" doc:"Entries of the chain"`
	Head  string       `json:"head"`
}

// Use is an entry of another product's chain that says that the product is in the
// other one, or became it.
type Use struct {
	K       uint64 `json:"k" doc:"Counts from 1"`
	Product string `json:"product"`
	Entry   uint64 `json:"entry"`
}

// UseList is a run of uses.
type UseList struct {
	Items []Use  `json:"items"`
	Total uint64 `json:"total"`
}

// EventProducts lists the products that have an event in their chains.
type EventProducts struct {
	Hash  string            `json:"hash"`
	Items []EventOccurrence `json:"items"`
	Next  string            `json:"next,omitempty"`
}

// EventOccurrence is an event in a chain.
type EventOccurrence struct {
	Product string `json:"product"`
	Entry   uint64 `json:"entry"`
}

// Way is the way of a product from upstream, and what its certificates were at each
// event.
type Way struct {
	Product string `json:"product"`
	Holds   bool   `json:"holds" doc:"No recall stands, and at each event every certificate was valid"`
	// Products has the product first, then what it was made of or has in it, breadth
	// first.
	Products     []WayProduct     `json:"products"`
	Entries      []WayEntry       `json:"entries" doc:"The chain of the product"`
	Certificates []WayCertificate `json:"certificates" doc:"All that products of the way rely on, or have relied on"`
	// Anchored has events of the product that a bundle has beside the chain.
	Anchored []AnchoredEvent `json:"anchored,omitempty"`
}

// AnchoredEvent is an event that was anchored, outside of the chain.
type AnchoredEvent struct {
	Hash      string    `json:"hash" doc:"SM3 of its CBV 2.0 pre-hash"`
	Anchor    string    `json:"anchor" doc:"Id of the anchor"`
	Index     uint64    `json:"index" doc:"Of the leaf"`
	Member    string    `json:"member" doc:"That anchored it"`
	Captured  time.Time `json:"captured"`
	Recorded  time.Time `json:"recorded" doc:"Time of the block: it was there by then"`
	Guarantee string    `json:"guarantee" doc:"authentic: it is as it was anchored; that there are no others nothing shows"`
}

// WayProduct is a product on a way.
type WayProduct struct {
	Product
	Depth    int        `json:"depth" doc:"Links between it and the product asked for"`
	Joined   bool       `json:"joined" doc:"By the latest events, it is in the product"`
	Standing []Standing `json:"standing,omitempty" doc:"Recalls that stand against it, its class or its lot"`
	Links    []WayLink  `json:"links,omitempty" doc:"To what lies upstream"`
}

// Standing is a recall that stands.
type Standing struct {
	Product string    `json:"product" doc:"That was recalled"`
	Entry   uint64    `json:"entry" doc:"Of its chain"`
	Member  string    `json:"member"`
	Time    time.Time `json:"time" doc:"Of the block"`
	Recall
}

// WayLink is what an event says of a product upstream.
type WayLink struct {
	Entry     uint64 `json:"entry" doc:"Of the chain of the product downstream"`
	Product   string `json:"product" doc:"Upstream"`
	StatedBy  string `json:"stated_by" doc:"The member that reported it"`
	Leaves    bool   `json:"leaves,omitempty" doc:"It was taken out again"`
	Known     bool   `json:"known" doc:"It is registered; else its origin is unknown"`
	Confirmed bool   `json:"confirmed" doc:"Its own chain has the event too"`
}

// WayEntry is an entry of the product's chain; of an event, with the certificates
// then.
type WayEntry struct {
	TraceEntry
	Guarantee    string            `json:"guarantee" doc:"complete: the chain proves that none is missing"`
	Certificates []CertificateThen `json:"then,omitempty" doc:"Certificates of the product and of what was in it at the event"`
}

// CertificateThen is what a certificate was on the day of an event.
type CertificateThen struct {
	Ref
	Product   string     `json:"product" doc:"That relies on it"`
	On        string     `json:"on" doc:"Date of the event in Beijing"`
	Effective *Effective `json:"effective,omitempty" doc:"Absent if nothing had been decided of it by then"`
	Holds     bool       `json:"holds"`
}

// WayCertificate is what a certificate is now.
type WayCertificate struct {
	Ref
	Products  []string  `json:"products" doc:"Of the way, that rely on it or have"`
	Effective Effective `json:"effective"`
}
