package cli

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// checked says what a dry run says against a transaction. In mode “each” some
// refusals do not stop it.
func (s *session) checked(check *api.Check, mode txv1.Mode) error {
	if check.OK {
		return nil
	}
	if check.Refusal == nil && mode == txv1.Mode_MODE_EACH && len(check.Refused) < check.Messages {
		s.notef("%d of %d messages would be refused; the others would be done.", "%d/%d 条消息将被拒绝，其余将被执行。", len(check.Refused), check.Messages)
		return nil
	}
	if s.json {
		if err := s.printJSON(check); err != nil {
			return err
		}
		return &failure{exitRefused, say("The ledger would refuse it; nothing was signed.", "账本将拒绝该交易，未签名。"), errTold}
	}
	s.refusals(check.Refusal, check.Refused)
	return &failure{exitRefused, say("The ledger would refuse it; nothing was signed.", "账本将拒绝该交易，未签名。"), nil}
}

// refusals prints why a transaction, or messages of it, were refused.
func (s *session) refusals(whole *api.Refusal, each []api.Refusal) {
	// In mode “all” the whole is refused as the message is that stopped it.
	same := func(r api.Refusal) bool { return whole != nil && r.Code == whole.Code && r.Detail == whole.Detail }
	if whole != nil && !slices.ContainsFunc(each, same) {
		s.printf("  %s (%s %d)", "  %s（%s %d）", whole.Text, whole.Name, whole.Code)
		if whole.Detail != "" {
			s.printf("    %s", "    %s", whole.Detail)
		}
	}
	for i, r := range each {
		if r.Name == "tx_not_done" {
			continue // only says that another one was refused
		}
		place := i
		if r.Message != nil {
			place = *r.Message
		}
		s.printf("  message %d: %s (%s %d)", "  第 %d 条消息：%s（%s %d）", place+1, r.Text, r.Name, r.Code)
		if r.Detail != "" {
			s.printf("    %s", "    %s", r.Detail)
		}
	}
}

// outcomeJSON is what became of a transaction, as JSON.
type outcomeJSON struct {
	ID          string           `json:"id"`
	Result      string           `json:"result"` // done, partly, refused, expired
	Transaction *api.Transaction `json:"transaction,omitempty"`
}

var resultNames = map[client.Result]string{client.Done: "done", client.Partly: "partly", client.Refused: "refused", client.Expired: "expired"}

// outcome prints what became of a transaction; the error has the exit code.
func (s *session) outcome(o *client.Outcome) error {
	code := exitRefused
	if o.Result == client.Done {
		code = exitDone
	}
	if s.json {
		if err := s.printJSON(outcomeJSON{o.ID, resultNames[o.Result], o.Transaction}); err != nil || code == exitDone {
			return err
		}
		return &failure{code, text{}, errTold}
	}
	t := o.Transaction
	switch o.Result {
	case client.Done:
		s.printf("done in block %d, id %s", "已执行，区块 %d，标识 %s", t.Height, o.ID)
		return nil
	case client.Partly:
		s.printf("in block %d, id %s: %d of %d messages were refused, the others done", "区块 %d，标识 %s：%d/%d 条消息被拒绝，其余已执行", t.Height, o.ID, len(t.Refused), t.Messages)
	case client.Refused:
		s.printf("refused in block %d, id %s; nothing was done", "区块 %d 拒绝执行，标识 %s", t.Height, o.ID)
	case client.Expired:
		s.printf("expired, id %s: it is in no block and never will be. Make and sign another.", "已过期，标识 %s：未上链，今后也不会上链。请重新生成并签名。", o.ID)
	}
	if t != nil {
		s.refusals(t.Refusal, t.Refused)
	}
	return &failure{code, text{}, errTold}
}
