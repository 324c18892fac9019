package app

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/member"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// reporters are members and certificates as traces see them.
type reporters struct{ *Modules }

// Member implements trace.Members.
func (p reporters) Member(r store.Reader, id string) (trace.Member, bool, error) {
	f, ok, err := p.Modules.Member.Member(r, id)
	if err != nil || !ok {
		return trace.Member{}, false, err
	}
	return trace.Member{
		Operator: slices.Contains(f.Roles, member.RoleOperator), Regulator: slices.Contains(f.Roles, member.RoleRegulator),
		Active: f.Status == member.StatusActive, Removed: f.Status == member.StatusRemoved, Stopped: f.Stopped,
		Holder: certificate.HolderOf(f.USCC), // none of a foreign member
	}, true, nil
}

// HeldBy implements trace.Certificates.
func (p reporters) HeldBy(r store.Reader, ref trace.Ref, holder string) (held, known bool, err error) {
	h, ok, err := certificate.Head(r, rules.Ref{Issuer: ref.Issuer, Number: ref.Number})
	if err != nil || !ok {
		return false, false, err
	}
	return holder != "" && certificate.HolderOf(h.Holder) == holder, true, nil
}
