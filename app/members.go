package app

import (
	"time"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/member"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// The following are x/member as each of the others sees it.

// keys are the members as authentication sees them.
type keys struct{ *Modules }

// Key implements tx.Keys.
func (k keys) Key(r store.Reader, key [33]byte, at time.Time) (tx.KeyFacts, bool, error) {
	f, ok, err := k.Member.Key(r, key, at)
	return tx.KeyFacts(f), ok, err
}

// regulators are the members as governance sees them.
type regulators struct{ *Modules }

// Regulators implements governance.Members.
func (m regulators) Regulators(r store.Reader) ([]string, error) { return m.Member.Regulators(r) }

// validators are the members as x/validator sees them; and their keys, as
// queries of certificates do.
type validators struct{ *Modules }

// MayValidate implements validator.Members.
func (m validators) MayValidate(r store.Reader, id string) (bool, error) {
	return m.Member.MayValidate(r, id)
}

// ReserveKey implements validator.Members.
func (m validators) ReserveKey(c *exec.Context, id, purpose string, key []byte) error {
	return m.Member.ReserveKey(c, id, purpose, key)
}

// CompromisedSince implements certificate.Compromise.
func (m validators) CompromisedSince(r store.Reader, key [33]byte) (time.Time, bool, error) {
	return m.Member.CompromisedSince(r, key)
}

// bodies are the members as certificates see them.
type bodies struct{ *Modules }

// Member implements certificate.Members.
func (b bodies) Member(r store.Reader, id string) (certificate.Member, bool, error) {
	f, ok, err := b.Modules.Member.Member(r, id)
	if err != nil || !ok {
		return certificate.Member{}, false, err
	}
	m := certificate.Member{
		Active: f.Status == member.StatusActive, Stopped: f.Stopped,
		ApprovalNumber: f.ApprovalNumber, Caretaker: f.Caretaker,
	}
	for _, role := range f.Roles {
		m.Roles = append(m.Roles, certificate.Role(role))
	}
	return m, true, nil
}

// ByApprovalNumber implements certificate.Members.
func (b bodies) ByApprovalNumber(r store.Reader, number string) (id string, ok bool, err error) {
	return b.Modules.Member.ByApprovalNumber(r, number)
}

// Covers implements certificate.Members.
func (b bodies) Covers(r store.Reader, id, scheme string, on civil.Date) (bool, error) {
	return b.Modules.Member.Covers(r, id, scheme, on)
}

// Accredited implements certificate.Members.
func (b bodies) Accredited(r store.Reader, id, mark, scheme string, on civil.Date) (bool, error) {
	return b.Modules.Member.Accredited(r, id, mark, scheme, on)
}
