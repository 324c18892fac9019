package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/node/txindex"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// The states of a transaction.
const (
	pending   = "pending"
	committed = "committed"
	unknown   = "unknown"
)

type transactionInput struct {
	ID       string `path:"id" doc:"Id of the transaction, SM3 of its body. 交易标识，即交易体的 SM3 值。"`
	Wait     int64  `query:"wait" minimum:"0" maximum:"60" doc:"Seconds to wait for it to be committed. 等待上链的秒数。"`
	Events   bool   `query:"events" doc:"With its events. 附带事件。"`
	WithBody bool   `query:"body" doc:"With its body. 附带交易体。"`
}

type transactionOutput struct {
	Status int
	Body   *api.Transaction
}

func (s *Server) registerTransactions(a huma.API) {
	huma.Register(a, operation{
		"get-transaction", "/v1/transactions/{id}", tagTransactions,
		api.Text{En: "Transaction", Zh: "交易"},
		api.Text{
			En: "What became of a transaction. One that the node does not have is of state unknown, which is no error: it may be on its way.",
			Zh: "交易的处理结果。节点没有的交易状态为 unknown，这不是错误：交易可能仍在途中。",
		},
	}.huma(a, http.MethodGet, readErrors), func(ctx context.Context, in *transactionInput) (*transactionOutput, error) {
		t, err := s.transaction(ctx, in)
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		return &transactionOutput{http.StatusOK, t}, nil
	})
}

func (s *Server) transaction(ctx context.Context, in *transactionInput) (*api.Transaction, error) {
	id, err := parseHash("the id", in.ID)
	if err != nil {
		return nil, err
	}
	if in.Wait > 0 {
		if err := s.await(ctx, id, time.Duration(in.Wait)*time.Second, false); err != nil {
			return nil, err
		}
	}
	return s.outcome(id, in.Events, in.WithBody)
}

// outcome says what became of a transaction by now.
func (s *Server) outcome(id sm3.Hash, events, body bool) (*api.Transaction, error) {
	waits := s.backend.Pending(id) // asked first: it may move from there to the index
	first, last := s.index.Heights()
	place, ok, err := s.index.Lookup(id)
	if err != nil {
		return nil, err
	}
	if ok {
		return s.committed(id, place, events, body)
	}
	t := &api.Transaction{ID: id.String(), State: unknown}
	if first <= 1 { // an index that begins later cannot say that it is in no block
		t.Indexed = last
	}
	if waits {
		t.State = pending
	}
	return t, nil
}

// committed reads a transaction from its block.
func (s *Server) committed(id sm3.Hash, at txindex.Place, events, body bool) (*api.Transaction, error) {
	b, err := s.blocks.get(at.Height)
	if err != nil {
		return nil, err
	}
	i := int(at.Index)
	if i >= len(b.ids) || i >= len(b.Results.TxResults) || b.ids[i] != id.String() {
		return nil, fmt.Errorf("api: the index says that %v is number %d of block %d, which it is not", id, i, at.Height)
	}
	result := b.Results.TxResults[i]
	o, err := s.outcomeOf(result)
	if err != nil {
		return nil, err
	}
	t := &api.Transaction{
		ID: id.String(), State: committed, Height: at.Height, Time: timeOf(b.time), Index: at.Index,
		Refusal: o.refusal, Messages: o.messages, Refused: o.refused,
	}
	if events {
		t.Events = eventsOf(result.Events)
	}
	if body {
		if t.Body, err = bodyJSON(b.Block.Txs[i]); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// bodyJSON returns the body of an encoded transaction.
func bodyJSON(raw []byte) (json.RawMessage, error) {
	var envelope txv1.Tx
	if err := proto.Unmarshal(raw, &envelope); err != nil {
		return nil, fmt.Errorf("api: a transaction of a block: %w", err)
	}
	var body txv1.Body
	if err := proto.Unmarshal(envelope.Body, &body); err != nil {
		return nil, fmt.Errorf("api: a transaction of a block: %w", err)
	}
	b, err := protojson.Marshal(&body)
	if err != nil {
		return nil, fmt.Errorf("api: a transaction of a block: %w", err)
	}
	return b, nil
}
