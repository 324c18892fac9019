package api

import "time"

// Seal is the statement of a height and who signed it; docs/formats.md, section 15.
type Seal struct {
	Height    uint64    `json:"height"`
	Time      time.Time `json:"time" doc:"Of the block"`
	Sealed    bool      `json:"sealed" doc:"More than two thirds of the power have signed"`
	Statement string    `json:"statement" doc:"Hexadecimal"`
	Seal      string    `json:"seal,omitempty" doc:"Hexadecimal; absent while it is not sealed"`
	SetBegin  uint64    `json:"set_begin" doc:"Where the validator set begins that decides the height"`
	Missing   []string  `json:"missing" doc:"Names of the validators whose signature is not there"`
}

// SealSet is the seal set that decides a height; docs/formats.md, section 12.
type SealSet struct {
	Height uint64 `json:"height"`
	Begin  uint64 `json:"begin" doc:"Where the validator set begins that it belongs to"`
	Hash   string `json:"hash"`
	Set    string `json:"set" doc:"Encoding, hexadecimal"`
}

// Handover is a sealed statement that names the next seal set, and that set.
type Handover struct {
	Height    uint64    `json:"height"`
	Time      time.Time `json:"time" doc:"Of the block"`
	Statement string    `json:"statement" doc:"Hexadecimal"`
	Seal      string    `json:"seal" doc:"Hexadecimal"`
	Next      string    `json:"next" doc:"Encoding of the next seal set, hexadecimal"`
	Begin     uint64    `json:"begin" doc:"The first height that the next set decides"`
}

// HandoverList leads from the set of a height to that of the newest sealed one.
type HandoverList struct {
	From   uint64     `json:"from"`
	Sealed uint64     `json:"sealed" doc:"The newest sealed height"`
	Items  []Handover `json:"items"`
	More   bool       `json:"more" doc:"There are further ones: ask again from the begin of the last"`
}

// SealConflict is two different statements of one height that one seal key has
// signed: a proof of misbehaviour.
type SealConflict struct {
	Height     uint64    `json:"height"`
	Key        string    `json:"key"`
	Statements [2]string `json:"statements" doc:"Hexadecimal; the lower one first"`
	Signatures [2]string `json:"signatures" doc:"r ‖ s, hexadecimal"`
}

// KnownConflict is a conflict that the node has seen.
type KnownConflict struct {
	SealConflict
	Recorded bool           `json:"recorded" doc:"It is on the ledger"`
	Report   ConflictReport `json:"report" doc:"The message that puts it there, as hallmark tx prepare reads it"`
}

// SealConflictList has the conflicts that the node keeps, by height.
type SealConflictList struct {
	Items []KnownConflict `json:"items"`
}

// ConflictReport is the message report_conflict.
type ConflictReport struct {
	Message ReportConflict `json:"report_conflict"`
}

// ReportConflict is what the message says, in hexadecimal.
type ReportConflict struct {
	Key             string `json:"key"`
	First           string `json:"first"`
	FirstSignature  string `json:"first_signature"`
	Second          string `json:"second"`
	SecondSignature string `json:"second_signature"`
}

// Conflict is one that is on the ledger.
type Conflict struct {
	SealConflict
	Validator string `json:"validator" doc:"Whose seal key it is"`
	Member    string `json:"member" doc:"That runs the validator"`
	Reporter  string `json:"reporter" doc:"Member"`
	Reported  uint64 `json:"reported" doc:"Height of the block with the report"`
}

// ConflictList has the conflicts on the ledger, by key and height.
type ConflictList struct {
	Items []Conflict `json:"items"`
	Next  string     `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
}
