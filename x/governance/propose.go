package governance

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// validatePropose checks what can be checked without state.
func (m *Module) validatePropose(msg *governancev1.Propose) (document sm3.Hash, err error) {
	if err := checkText(msg.GetTitle(), maxTitle); err != nil {
		return document, codeMalformed.Refuse("title: %v", err)
	}
	if b := msg.GetDocument(); len(b) > 0 {
		if err := fill(document[:], b, "document"); err != nil {
			return document, codeMalformed.Refuse("%v", err)
		}
		if document.IsZero() {
			return document, codeMalformed.Refuse("the document's hash is zero; leave it out")
		}
	}
	if n := len(msg.GetActions()); n == 0 || n > MaxActions {
		return document, codeMalformed.Refuse("%d actions, want 1 to %d", n, MaxActions)
	}
	size := 0
	for i, a := range msg.Actions {
		if k := KindOf(a); k == 0 || (Threshold{k, 1, 1}).check() != nil {
			return document, codeMalformed.Refuse("action %d says nothing", i+1)
		}
		if size += proto.Size(a); size > MaxActionBytes {
			return document, codeMalformed.Refuse("the actions have more than %d bytes", MaxActionBytes)
		}
		if err := m.executor.Validate(a); err != nil {
			if r, ok := exec.AsRefusal(err); ok {
				return document, r.Code.Refuse("action %d: %s", i+1, r.Detail)
			}
			return document, codeMalformed.Refuse("action %d: %v", i+1, err)
		}
	}
	return document, nil
}

// Propose takes a proposal up, with the approval of the regulator that proposes.
func (m *Module) Propose(c *exec.Context, msg *governancev1.Propose) error {
	document, err := m.validatePropose(msg)
	if err != nil {
		return err
	}
	regulators, key, err := m.permit(c, propose)
	if err != nil {
		return err
	}
	p, err := m.take(c, Proposal{Proposer: c.Actor, Title: msg.Title, Document: document, Actions: msg.Actions})
	if err != nil {
		return err
	}
	c.Emit(EventProposed, append([]string{AttrProposal, fmt.Sprint(p.Number), AttrRegulator, c.Actor}, p.about()...)...)
	return m.vote(c, p, regulators, key, true)
}

// count adds by to the number of open proposals of a regulator, and refuses one
// too many. Those that facts have raised are nobody's, and not counted.
func count(rw store.ReadWriter, regulator string, by int) error {
	if regulator == "" {
		return nil
	}
	n, _, err := openOf.Get(rw, regulator)
	switch {
	case err != nil:
		return err
	case by > 0 && n >= MaxOpen:
		return codeTooMany.Refuse("%s has %d", regulator, n)
	case by < 0 && n == 0:
		return corrupt("%s has no open proposals to count down", regulator)
	case by < 0 && n == 1:
		return openOf.Delete(rw, regulator)
	}
	return openOf.Set(rw, regulator, n+uint64(by))
}
