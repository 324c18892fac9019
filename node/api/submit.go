package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/node/txindex"
)

const submitPath = "/v1/transactions"

type submitInput struct {
	Wait string `query:"wait" enum:"checked,committed" default:"checked" doc:"Answer once the transaction waits in the mempool, or once it is in a block. 在交易进入内存池后应答，或上链后应答。"`
}

func (s *Server) registerSubmit(a huma.API) {
	op := operation{
		"submit-transaction", submitPath, tagTransactions,
		api.Text{En: "Submit a transaction", Zh: "提交交易"},
		api.Text{
			En: "Gives a signed transaction to the ledger. The same one may be submitted any number of times, to any node: it is executed once, and the answer says what became of it.",
			Zh: "向账本提交已签名的交易。同一交易可重复提交至任意节点：仅执行一次，应答说明其处理结果。",
		},
	}.huma(a, http.MethodPost, submitErrors)
	schema := map[string]*huma.MediaType{typeJSON: {Schema: schemaOf[api.Transaction](a)}}
	op.Responses["202"] = &huma.Response{Description: "It waits in the mempool. 交易已在内存池中等待。", Content: schema}
	op.Responses["200"] = &huma.Response{Description: "It is in a block, refused or not. 交易已上链（可能被拒绝）。", Content: schema}
	huma.Register(a, s.withBody(a, op), func(ctx context.Context, in *submitInput) (*transactionOutput, error) {
		t, err := s.submit(ctx, in.Wait == committed)
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		if t.State == committed {
			return &transactionOutput{http.StatusOK, t}, nil
		}
		return &transactionOutput{http.StatusAccepted, t}, nil
	})
	describeBody(a, submitPath)
}

// submit gives the transaction to the mempool, unless it is there or in a block
// already, and waits for a block if asked to.
func (s *Server) submit(ctx context.Context, wait bool) (*api.Transaction, error) {
	in := submissionOf(ctx)
	id, ok := txindex.ID(in.raw)
	if ok {
		if t, err := s.outcome(id, false, false); err != nil || t.State == committed {
			return t, err
		}
	}
	if !ok || !s.backend.Pending(id) {
		if err := s.offer(ctx, id, in.raw); err != nil {
			return nil, err
		}
	}
	in.raw = nil // the mempool has it; a wait needs neither it nor its place
	in.leave()
	if wait {
		if err := s.await(ctx, id, s.opts.CommitWait, true); err != nil {
			return nil, err
		}
	}
	t, err := s.outcome(id, false, false)
	if err == nil && t.State == unknown && !wait {
		t.State = pending // it was let in a moment ago and is on its way into a block
	}
	return t, err
}

// offer gives a transaction to the mempool: nil if it waits there or is in a
// block.
func (s *Server) offer(ctx context.Context, id sm3.Hash, raw []byte) error {
	err := s.backend.Submit(ctx, raw)
	var refused *SubmitError
	switch {
	case err == nil, errors.Is(err, ErrPending):
		return nil
	case errors.Is(err, ErrBusy):
		return later(http.StatusServiceUnavailable, time.Second, "The mempool is full.")
	case !errors.As(err, &refused):
		return err
	}
	// The same body may have come another way since it was looked for, and be
	// refused now because its nonce is used.
	if s.backend.Pending(id) {
		return nil
	}
	if err := s.indexed(ctx); err != nil {
		return err
	}
	if _, ok, err := s.index.Lookup(id); err != nil || ok {
		return err
	}
	r := s.refusal(refused.Code, refused.Log)
	status := http.StatusUnprocessableEntity
	if r.Code == codeNodeFault {
		status = http.StatusServiceUnavailable
	}
	p := fail(status, "%s (%d): %s", r.Name, r.Code, r.Detail)
	p.Refusal = r
	return p
}

// codeNodeFault is app's code for a transaction that it cannot check.
const codeNodeFault = 900

// indexed waits until the index has the newest block.
func (s *Server) indexed(ctx context.Context) error {
	news, stop := s.index.Notify()
	defer stop()
	_, latest := s.backend.Heights()
	over := time.NewTimer(grace)
	defer over.Stop()
	for {
		if _, last := s.index.Heights(); last >= latest {
			return nil
		}
		select {
		case <-news:
		case <-over.C:
			return nil // the index is far behind; what it does not have is not known
		case <-s.closing:
			return later(http.StatusServiceUnavailable, time.Second, "The node is stopping.")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
