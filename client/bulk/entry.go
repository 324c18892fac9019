package bulk

import (
	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
)

// entry is a line of the journal. Which members it has depends on its type.
type entry struct {
	Type string `json:"type"` // begin, grown, tx, outcome or invalid

	// begin; of grown, the last three.
	Format   string `json:"format,omitempty"`
	Chain    string `json:"chain,omitempty"`
	Input    string `json:"input,omitempty"`    // name of the file, without its folder
	Settings string `json:"settings,omitempty"` // SM3 of what else rows depend on
	Size     int64  `json:"size,omitempty"`     // bytes
	SM3      string `json:"sm3,omitempty"`
	Total    int    `json:"total,omitempty"` // rows

	// tx and outcome.
	ID     string `json:"id,omitempty"`
	Rows   []span `json:"rows,omitempty"` // of tx: the row of each message, in order
	Expiry int64  `json:"expiry,omitempty"`
	Raw    []byte `json:"raw,omitempty"` // the encoded transaction, base64

	State   string        `json:"state,omitempty"` // of outcome: committed or expired
	Height  uint64        `json:"height,omitempty"`
	Refusal *api.Refusal  `json:"refusal,omitempty"` // of the whole transaction; of invalid
	Refused []api.Refusal `json:"refused,omitempty"` // of single messages

	// invalid.
	Row  int       `json:"row,omitempty"`
	Line int       `json:"line,omitempty"`
	Text *api.Text `json:"text,omitempty"`
}

// format is the version of the journal.
const format = "hallmark/bulk/v1"

const (
	committed = "committed"
	expired   = "expired"
)

func outcomeEntry(o *client.Outcome) *entry {
	e := &entry{Type: "outcome", ID: o.ID, State: expired}
	if o.Result != client.Expired {
		e.State, e.Height, e.Refusal, e.Refused = committed, o.Transaction.Height, o.Transaction.Refusal, o.Transaction.Refused
	}
	return e
}

// refusals returns why messages were refused, by their place; nil for those that
// were done.
func (e *entry) refusals(messages int) []*api.Refusal {
	list := make([]*api.Refusal, messages)
	if e.Refusal != nil {
		for i := range list {
			list[i] = e.Refusal
		}
	}
	for i := range e.Refused {
		if r := &e.Refused[i]; r.Message != nil && *r.Message >= 0 && *r.Message < messages {
			list[*r.Message] = r
		}
	}
	return list
}
