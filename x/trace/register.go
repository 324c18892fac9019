package trace

import (
	"strconv"

	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// RegisterProduct makes the acting operator the owner of a product.
func (m *Module) RegisterProduct(c *exec.Context, msg *tracev1.RegisterProduct) error {
	p := &Product{
		URI: msg.GetProduct(), Owner: c.Actor, NameZh: msg.GetNameZh(), NameEn: msg.GetNameEn(),
		Certificates: refsFromProto(msg.GetCertificates()), Reporters: msg.GetReporters(),
	}
	if err := CheckProduct(p); err != nil {
		return err
	}
	member, key, err := m.actor(c, exec.DutyOperator)
	if err != nil {
		return err
	}
	if !member.Operator {
		return codeRole.Refuse("%s is no operator: it registers no products", c.Actor)
	}
	if known, err := products.Has(c.Store, p.URI); err != nil {
		return err
	} else if known {
		return codeKnown.Refuse("%s", p.URI)
	}
	if err := m.checkHeld(c.Store, member, p.Certificates); err != nil {
		return err
	}
	if err := m.checkMembers(c.Store, p.Reporters); err != nil {
		return err
	}
	if _, err := put(c, nil, key, &Entry{Registered: p}); err != nil {
		return err
	}
	if err := p.index(c.Store); err != nil {
		return err
	}
	c.Emit(EventRegistered, AttrProduct, p.URI, AttrEntry, "1", AttrMember, c.Actor, AttrOwner, p.Owner)
	return nil
}

// checkHeld refuses certificates that are not there, or not held by a member.
func (m *Module) checkHeld(r store.Reader, member Member, refs []Ref) error {
	for _, ref := range refs {
		held, known, err := m.certificates.HeldBy(r, ref, member.Holder)
		switch {
		case err != nil:
			return err
		case !known:
			return codeCertificate.Refuse("%s/%s", ref.Issuer, ref.Number)
		case !held:
			return codeHolder.Refuse("%s/%s", ref.Issuer, ref.Number)
		}
	}
	return nil
}

// checkMembers refuses reporters that are no members, or no longer.
func (m *Module) checkMembers(r store.Reader, ids []string) error {
	for _, id := range ids {
		member, ok, err := m.members.Member(r, id)
		if err != nil {
			return err
		}
		if !ok || member.Removed {
			return codeMember.Refuse("%s", id)
		}
	}
	return nil
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }
