package trace

import (
	"slices"

	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Recall warns of a product: by its owner, or by an approver of a regulator.
func (m *Module) Recall(c *exec.Context, msg *tracev1.Recall) error {
	recall := &Recall{NoteZh: msg.GetNoteZh(), NoteEn: msg.GetNoteEn()}
	if err := checkNames("what is wrong", recall.NoteZh, recall.NoteEn, maxNote); err != nil {
		return codeMalformed.Refuse("%v", err)
	}
	p, regulator, key, err := m.warner(c, msg.GetProduct())
	if err != nil {
		return err
	}
	if !regulator && p.Owner != c.Actor {
		return codeNotOwner.Refuse("%s owns %s; others who recall are regulators", p.Owner, p.URI)
	}
	if len(p.Recalls) >= MaxRecalls {
		return codeRecalls.Refuse("%d stand against %s", len(p.Recalls), p.URI)
	}
	recall.Regulator = regulator
	next, err := put(c, p, key, &Entry{Recall: recall})
	if err != nil {
		return err
	}
	by := "owner"
	if regulator {
		by = "regulator"
	}
	c.Emit(EventRecalled, AttrProduct, p.URI, AttrEntry, decimal(next.Entries), AttrMember, c.Actor, AttrOwner, p.Owner, AttrBy, by)
	return nil
}

// LiftRecall ends a recall: by who made it, or by an approver of a regulator.
func (m *Module) LiftRecall(c *exec.Context, msg *tracev1.LiftRecall) error {
	lift := &Lift{Recall: msg.GetRecall(), Note: msg.GetNote()}
	if err := checkText("the note", lift.Note, maxNote); err != nil {
		return codeMalformed.Refuse("%v", err)
	}
	p, regulator, key, err := m.warner(c, msg.GetProduct())
	if err != nil {
		return err
	}
	if !slices.Contains(p.Recalls, lift.Recall) {
		return codeNoRecall.Refuse("entry %d of %s", lift.Recall, p.URI)
	}
	made, err := entryOf(c.Store, p.URI, lift.Recall)
	if err != nil {
		return err
	}
	if !regulator && (made.Member != c.Actor || made.Recall.Regulator) {
		return codeLift.Refuse("%s made the recall of entry %d", made.Member, made.N)
	}
	next, err := put(c, p, key, &Entry{Lift: lift})
	if err != nil {
		return err
	}
	c.Emit(EventLifted, AttrProduct, p.URI, AttrEntry, decimal(next.Entries), AttrMember, c.Actor, AttrOwner, p.Owner, AttrRecall, decimal(lift.Recall))
	return nil
}

// warner returns a product and the key with which the actor warns of it or ends a
// warning: that of an approver if it is a regulator, else of an operator.
func (m *Module) warner(c *exec.Context, uri string) (p *Product, regulator bool, key [33]byte, err error) {
	member, ok, err := m.members.Member(c.Store, c.Actor)
	if err != nil {
		return nil, false, key, err
	}
	duty := exec.DutyOperator
	if regulator = ok && member.Regulator; regulator {
		duty = exec.DutyApprover
	}
	if _, key, err = m.actor(c, duty); err != nil {
		return nil, false, key, err
	}
	p, err = find(c.Store, uri)
	return p, regulator, key, err
}
