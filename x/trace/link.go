package trace

import (
	"slices"

	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// LinkCertificates says that a product relies on more certificates, or on some no
// longer.
func (m *Module) LinkCertificates(c *exec.Context, msg *tracev1.LinkCertificates) error {
	e := &Entry{Certificates: &CertificateChange{refsFromProto(msg.GetAdd()), refsFromProto(msg.GetRemove())}}
	add, remove := e.Certificates.Add, e.Certificates.Remove
	if len(add)+len(remove) == 0 {
		return codeUnchanged.Refuse("no certificate is named")
	}
	for _, list := range [][]Ref{add, remove} {
		if err := checkRefs(list); err != nil {
			return codeMalformed.Refuse("%v", err)
		}
	}
	p, owner, key, err := m.own(c, msg.GetProduct())
	if err != nil {
		return err
	}
	for _, ref := range remove {
		if !slices.Contains(p.Certificates, ref) {
			return codeLinked.Refuse("%s/%s is not linked", ref.Issuer, ref.Number)
		}
	}
	for _, ref := range add {
		if slices.Contains(p.Certificates, ref) {
			return codeLinked.Refuse("%s/%s is linked already", ref.Issuer, ref.Number)
		}
	}
	if n := len(p.Certificates) + len(add) - len(remove); n > MaxCertificates {
		return codeLinked.Refuse("there would be %d certificates, at most %d", n, MaxCertificates)
	}
	if err := m.checkHeld(c.Store, owner, add); err != nil {
		return err
	}
	next, err := put(c, p, key, e)
	if err != nil {
		return err
	}
	for _, ref := range remove {
		if err := reliant.Delete(c.Store, reliance{ref, p.URI}); err != nil {
			return err
		}
	}
	for _, ref := range add {
		if err := reliant.Set(c.Store, reliance{ref, p.URI}, struct{}{}); err != nil {
			return err
		}
	}
	c.Emit(EventCertificates, AttrProduct, p.URI, AttrEntry, decimal(next.Entries), AttrMember, c.Actor, AttrOwner, p.Owner)
	return nil
}
