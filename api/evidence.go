package api

import "time"

// Evidence is an anchor: evidence that a member fixed. What was fixed stays with
// the member.
type Evidence struct {
	ID        string      `json:"id"`
	Member    string      `json:"member"`
	Kind      string      `json:"kind" enum:"report,inspection,audit,decision,capture,events,supervision,other"`
	Text      Text        `json:"text" doc:"The kind in words"`
	Subject   string      `json:"subject" doc:"certificate/ISSUER/NUMBER, engagement/ISSUER/SCHEME/REFERENCE or product/URI"`
	Root      string      `json:"root" doc:"Root of the Merkle tree over the evidence"`
	Leaves    uint64      `json:"leaves" doc:"How many leaves the tree has"`
	From      time.Time   `json:"from" doc:"The first moment of capture"`
	To        time.Time   `json:"to" doc:"The last moment of capture"`
	Method    string      `json:"method,omitempty"`
	Retention string      `json:"retention" enum:"two-years,six-years,ten-years,permanent"`
	Height    uint64      `json:"height" doc:"The block that recorded it"`
	Time      time.Time   `json:"time" doc:"Of that block: the evidence was there by then"`
	Tx        string      `json:"tx"`
	Signers   []KeyHolder `json:"signers"`
}

// KeyHolder is a key that an act relies on.
type KeyHolder struct {
	Member string `json:"member"`
	Key    string `json:"key"`
}

// EvidenceList is a page of anchors, in the order of filing.
type EvidenceList struct {
	Items []Evidence `json:"items"`
	Total uint64     `json:"total" doc:"How many there are in all"`
	Next  string     `json:"next,omitempty" doc:"Value of the parameter cursor for the following page"`
}

// Ground is a record of a certificate that rests on an anchor: its decision, or
// the text that it brought, names it.
type Ground struct {
	Certificate Ref    `json:"certificate"`
	Record      uint32 `json:"record" doc:"Number of the record in the certificate's history"`
	Action      string `json:"action"`
	Text        Text   `json:"text" doc:"The action in words"`
	Decided     string `json:"decided"`
	Status      string `json:"status" doc:"Of the certificate after it"`
}

// GroundList is a page of records that rest on an anchor.
type GroundList struct {
	Items []Ground `json:"items"`
	Next  string   `json:"next,omitempty" doc:"Value of the parameter cursor for the following page"`
}
