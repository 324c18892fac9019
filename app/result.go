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
	out.Events = append(out.Events, events([]exec.Event{{Type: EventTx, Attributes: []exec.Attribute{
		{Key: AttrID, Value: id.String()}, {Key: AttrSigner, Value: t.Signers()[0].Member}, {Key: AttrMode, Value: mode},
		{Key: AttrMessages, Value: strconv.Itoa(len(results))}, {Key: AttrRefused, Value: strconv.Itoa(count)},
	}}})...)
	for i, r := range results {
		of := events(r.Events)
		for j := range of {
			of[j].Attributes = append(of[j].Attributes, abci.EventAttribute{Key: AttrMessage, Value: strconv.Itoa(i), Index: true})
		}
		out.Events = append(out.Events, of...)
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

// events are events for CometBFT. All attributes are for indexes.
func events(list []exec.Event) []abci.Event {
	out := make([]abci.Event, len(list))
	for i, e := range list {
		out[i].Type = e.Type
		for _, a := range e.Attributes {
			out[i].Attributes = append(out[i].Attributes, abci.EventAttribute{Key: a.Key, Value: a.Value, Index: true})
		}
	}
	return out
}
