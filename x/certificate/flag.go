package certificate

import (
	"slices"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Flag warns of a certificate: every verdict shows it, the status stays. Each
// regulator warns for itself.
func (m *Module) Flag(c *exec.Context, msg *certificatev1.Flag) error {
	r, err := parseGrounds(rules.Flag, msg)
	if err != nil {
		return err
	}
	s, held, err := m.supervise(c, msg.GetIssuer(), msg.GetNumber(), r)
	if err != nil {
		return err
	}
	i, found := slices.BinarySearch(held.Flags, c.Actor)
	if found {
		return codeFlagged.Refuse("%s of %v", c.Actor, s.before.Ref)
	}
	held.Flags = slices.Insert(slices.Clone(held.Flags), i, c.Actor)
	return m.hold(c, s, held)
}

// Unflag takes a warning back.
func (m *Module) Unflag(c *exec.Context, msg *certificatev1.Unflag) error {
	r, err := parse(rules.Unflag, msg)
	if err != nil {
		return err
	}
	s, held, err := m.supervise(c, msg.GetIssuer(), msg.GetNumber(), r)
	if err != nil {
		return err
	}
	giver := msg.GetMember()
	if giver == "" {
		giver = c.Actor
	}
	i, found := slices.BinarySearch(held.Flags, giver)
	if !found {
		return codeNotFlagged.Refuse("%.40s of %v", giver, s.before.Ref)
	}
	if err := m.theirs(c, giver); err != nil {
		return err
	}
	held.Flags = slices.Delete(slices.Clone(held.Flags), i, i+1)
	return m.hold(c, s, held)
}
