package api

import (
	"encoding/json"
	"time"
)

// Proposal is a proposal and how it stands.
type Proposal struct {
	Number   uint64 `json:"number"`
	Proposer string `json:"proposer" doc:"Regulator; empty if a proven fact raised it: then nobody can withdraw it"`
	Title    string `json:"title"`
	Document string `json:"document,omitempty" doc:"SM3 of the document with the reasons"`
	// Each in the JSON form of the protobuf message hallmark.governance.v1.Action.
	Actions      []json.RawMessage `json:"actions"`
	Kinds        []string          `json:"kinds" doc:"Of the actions, as admit_member"`
	Height       uint64            `json:"height"`
	Time         time.Time         `json:"time"`
	Expires      time.Time         `json:"expires"`
	Status       string            `json:"status" doc:"open, executed, failed, rejected, withdrawn or expired"`
	ClosedHeight uint64            `json:"closed_height,omitempty"`
	ClosedTime   *time.Time        `json:"closed_time,omitempty"`
	Regulators   uint32            `json:"regulators"`
	Needed       uint32            `json:"needed"`
	Approvals    uint32            `json:"approvals"`
	Rejections   uint32            `json:"rejections"`
	Failure      *Failure          `json:"failure,omitempty"`
	Votes        []Vote            `json:"votes,omitempty" doc:"Not in lists"`
}

// Failure says why an approved proposal could not be executed.
type Failure struct {
	Action uint32 `json:"action" doc:"From 1"`
	Refusal
}

// Vote is the vote of a regulator.
type Vote struct {
	Regulator string    `json:"regulator"`
	Approve   bool      `json:"approve"`
	Key       string    `json:"key"`
	Height    uint64    `json:"height"`
	Time      time.Time `json:"time"`
}

// ProposalList is a page of proposals.
type ProposalList struct {
	Items []Proposal `json:"items"`
	Next  uint64     `json:"next,omitempty"`
}

// Parameters are the parameters of the ledger, by name as in
// docs/events.md: max_tx_bytes, quota_block, …
type Parameters struct {
	Values     map[string]uint64 `json:"values"`
	Thresholds []Threshold       `json:"thresholds"`
}

// Threshold is the part of the regulators that must approve a kind of action.
type Threshold struct {
	Kind        string `json:"kind"`
	Numerator   uint32 `json:"numerator"`
	Denominator uint32 `json:"denominator"`
}

// ValidatorSet is a set and the height from which it decides.
type ValidatorSet struct {
	Begin      uint64      `json:"begin"`
	Decided    uint64      `json:"decided"`
	SealHash   string      `json:"seal_hash"`
	Validators []Validator `json:"validators"`
}

// Validator is one validator of a set.
type Validator struct {
	Name         string `json:"name"`
	Member       string `json:"member"`
	ConsensusKey string `json:"consensus_key"`
	Address      string `json:"address" doc:"CometBFT's, upper-case hexadecimal"`
	SealKey      string `json:"seal_key"`
	Power        uint64 `json:"power"`
	Offences     uint64 `json:"offences"`
}

// ValidatorSets are the sets from a height on: the one that decides it first.
type ValidatorSets struct {
	Items []ValidatorSet `json:"items"`
}
