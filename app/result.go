package app

import (
	"fmt"
	"strconv"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"
	"google.golang.org/protobuf/proto"

	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// EventTx is the event of every transaction whose messages were run. Those of
// its messages follow, each with AttrMessage.
const (
	EventTx = "tx.executed"

	AttrID       = "id"       // of the transaction, hexadecimal
	AttrSigner   = "signer"   // member id of the first signer
	AttrMode     = "mode"     // all, each
	AttrMessages = "messages" // how many, decimal
	AttrRefused  = "refused"  // how many of them were, decimal

	AttrMessage = "message" // place of the message in the transaction, from 0, decimal
)

// refused is the result of a transaction that was not run.
func refused(err error) *abci.ExecTxResult {
	r, ok := exec.AsRefusal(err)
	if !ok {
		return nil
	}
	return &abci.ExecTxResult{Code: r.Code.Number, Codespace: codespace, Log: r.Error()}
}

// done is the result of a transaction that was run: refusal is nil, or why
// nothing of it was done. Code and Data are what the next header commits to; Log
// and Events are for people and indexes.
func done(t *tx.Tx, results []tx.Result, refusal error) (*abci.ExecTxResult, error) {
	out := refused(refusal)
	if out == nil {
		out = new(abci.ExecTxResult)
	}
	codes := make([]uint32, len(results))
	count, mode := 0, "all"
	for i, r := range results {
		if r.Refusal != nil {
			codes[i] = r.Refusal.Code.Number
			count++
		}
	}
	if t.Body().Mode == txv1.Mode_MODE_EACH {
		mode = "each"
	}
	id := t.ID()
	n := 1
	for _, r := range results {
		n += len(r.Events)
	}
	out.Events = make([]abci.Event, 0, n)
	out.Events = append(out.Events, event(exec.Event{Type: EventTx, Attributes: []exec.Attribute{
		{Key: AttrID, Value: id.String()}, {Key: AttrSigner, Value: t.Signers()[0].Member}, {Key: AttrMode, Value: mode},
		{Key: AttrMessages, Value: strconv.Itoa(len(results))}, {Key: AttrRefused, Value: strconv.Itoa(count)},
	}}))
	for i, r := range results {
		message := exec.Attribute{Key: AttrMessage, Value: strconv.Itoa(i)}
		for _, e := range r.Events {
			out.Events = append(out.Events, event(e, message))
		}
	}
	if out.Log == "" {
		out.Log = details(results)
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(&txv1.Results{Codes: codes})
	out.Data = data
	return out, err
}

// maxDetails is how many refusals of messages are told in words. The codes of
// all are in the data.
const maxDetails = 20

// details says why messages were refused, a line for each.
func details(results []tx.Result) string {
	var b strings.Builder
	n := 0
	for i, r := range results {
		if r.Refusal == nil {
			continue
		}
		if n++; n > maxDetails {
			return b.String() + "…\n"
		}
		fmt.Fprintf(&b, "message %d: %v\n", i, r.Refusal)
	}
	return b.String()
}

// events are events for CometBFT.
func events(list []exec.Event) []abci.Event {
	out := make([]abci.Event, len(list))
	for i, e := range list {
		out[i] = event(e)
	}
	return out
}

// event is an event for CometBFT, with more attributes at its end. All are for
// indexes.
func event(e exec.Event, more ...exec.Attribute) abci.Event {
	out := abci.Event{Type: e.Type, Attributes: make([]abci.EventAttribute, 0, len(e.Attributes)+len(more))}
	for _, list := range [][]exec.Attribute{e.Attributes, more} {
		for _, a := range list {
			out.Attributes = append(out.Attributes, abci.EventAttribute{Key: a.Key, Value: a.Value, Index: true})
		}
	}
	return out
}
