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
	Statements [2]string `json:"statements" doc:"Hexadecimal"`
	Signatures [2]string `json:"signatures" doc:"r ‖ s, hexadecimal"`
}

// SealConflictList has the conflicts that the node keeps, by height.
type SealConflictList struct {
	Items []SealConflict `json:"items"`
}
