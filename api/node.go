package api

import (
	"encoding/json"
	"time"
)

// Status is how a node stands.
type Status struct {
	ChainID    string    `json:"chain_id"`
	NodeID     string    `json:"node_id"`
	Moniker    string    `json:"moniker"`
	Version    string    `json:"version" doc:"Of the program"`
	AppVersion uint64    `json:"app_version" doc:"Of the rules"`
	Height     uint64    `json:"height" doc:"Of the newest block; 0 before the first"`
	Time       time.Time `json:"time" doc:"Of that block"`
	StateRoot  string    `json:"state_root" doc:"After that block"`
	Earliest   uint64    `json:"earliest" doc:"The earliest height whose state can be read"`
	CatchingUp bool      `json:"catching_up"`
	Validator  string    `json:"validator,omitempty" doc:"Name of the validator that the node is"`
	Peers      int       `json:"peers"`
	Mempool    int       `json:"mempool" doc:"Transactions that wait"`
	Now        time.Time `json:"now" doc:"By the node's clock"`

	SealedHeight uint64     `json:"sealed_height" doc:"Newest sealed height: its state can be read and proven; 0 if there is none"`
	SealedTime   *time.Time `json:"sealed_time,omitempty" doc:"Of its block"`
	SealLag      uint64     `json:"seal_lag" doc:"Blocks since then"`
	Unsealed     []string   `json:"unsealed,omitempty" doc:"While nothing newer is sealed: validators whose signatures over the newest statement are missing"`
}

// Block is a block without its transactions' content.
type Block struct {
	Height       uint64    `json:"height"`
	Time         time.Time `json:"time"`
	Hash         string    `json:"hash" doc:"CometBFT's, upper-case hexadecimal"`
	Proposer     string    `json:"proposer" doc:"Address"`
	AppHash      string    `json:"app_hash" doc:"State root after the block before"`
	Transactions []string  `json:"transactions" doc:"Ids"`
	Events       []Event   `json:"events,omitempty" doc:"Of no transaction"`
}

// Refusal is a documented reason; see docs/codes.md.
type Refusal struct {
	Code    uint32 `json:"code"`
	Name    string `json:"name"`
	Text    Text   `json:"text"`
	Detail  string `json:"detail,omitempty"`
	Message *int   `json:"message,omitempty" doc:"Place of the message it is about, from 0"`
}

// Transaction is what became of a transaction.
type Transaction struct {
	ID string `json:"id" doc:"SM3 of the body"`
	// pending: it waits in the mempool. committed: it is in a block, refused or
	// not. unknown: the node does not have it (it may have been dropped, or
	// committed before the node's index begins).
	State string `json:"state" enum:"pending,committed,unknown"`
	// Of a transaction that is not committed: it is in no block up to this
	// height, unless in one from before the index begins.
	Indexed  uint64     `json:"indexed,omitempty" doc:"The node knows the transactions of all blocks up to this height; absent if it does not know those of early blocks"`
	Height   uint64     `json:"height,omitempty"`
	Time     *time.Time `json:"time,omitempty"`
	Index    uint32     `json:"index,omitempty"`
	Refusal  *Refusal   `json:"refusal,omitempty" doc:"Why nothing of it was done"`
	Messages int        `json:"messages,omitempty"`
	// Refused has an entry for each message that was not done.
	Refused []Refusal `json:"refused,omitempty"`
	Events  []Event   `json:"events,omitempty" doc:"If asked for with events=true"`
	// Body in the JSON form of the protobuf message hallmark.tx.v1.Body.
	Body json.RawMessage `json:"body,omitempty" doc:"If asked for with body=true"`
}

// Check is what a dry run says of a transaction, signed or not.
type Check struct {
	ID      string    `json:"id"`
	Height  uint64    `json:"height" doc:"The state it was run on"`
	OK      bool      `json:"ok"`
	Refusal *Refusal  `json:"refusal,omitempty" doc:"Of the whole transaction"`
	Refused []Refusal `json:"refused,omitempty" doc:"Of single messages"`
	// Missing are the signers that have yet to sign, in their order.
	Missing  []MissingSigner `json:"missing,omitempty" doc:"Signers that have yet to sign"`
	Messages int             `json:"messages"`
	Events   []Event         `json:"events,omitempty" doc:"What would happen"`
}

// MissingSigner is a key that a transaction names and that has not signed it.
type MissingSigner struct {
	Member string `json:"member"`
	Key    string `json:"key"`
}

// Event is an event; see docs/events.md.
type Event struct {
	Type       string            `json:"type"`
	Attributes map[string]string `json:"attributes"`
}

// FeedEvent is an event of the change feed.
type FeedEvent struct {
	// height.index: what Last-Event-ID and the parameter after take.
	ID     string    `json:"id"`
	Height uint64    `json:"height"`
	Time   time.Time `json:"time"`
	Tx     string    `json:"tx,omitempty"`
	Event
}

// StateProof proves a key of the state, or its absence, for the state root
// after a height, which is the app hash of the next block's header.
type StateProof struct {
	Height uint64 `json:"height"`
	Root   string `json:"root"`
	Key    string `json:"key"`
	Value  string `json:"value,omitempty"`
	Exists bool   `json:"exists"`
	Proof  string `json:"proof" doc:"Of docs/formats.md, hexadecimal"`
}

// Problem is an error (RFC 9457).
type Problem struct {
	Type     string   `json:"type,omitempty"`
	Title    string   `json:"title" doc:"The phrase of the status"`
	Text     *Text    `json:"text,omitempty" doc:"What the status means here"`
	Status   int      `json:"status"`
	Detail   string   `json:"detail,omitempty"`
	Instance string   `json:"instance,omitempty"`
	Errors   []string `json:"errors,omitempty" doc:"What is wrong with single parameters"`
	Refusal  *Refusal `json:"refusal,omitempty" doc:"If the ledger refused it"`
}

// Submission is the JSON form of the body of a request with a transaction.
type Submission struct {
	Tx []byte `json:"tx" doc:"The encoded transaction, base64"`
}
