package trace

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Member is what the module needs to know of a member.
type Member struct {
	Operator, Regulator bool
	// Active: neither suspended nor removed; Removed, it will not be again.
	Active, Removed bool
	// Stopped by a regulator.
	Stopped bool
	// Holder is the code under which it holds certificates; empty for none.
	Holder string
}

// Members is what the module asks of x/member. Errors are faults.
type Members interface {
	// Member returns the member with the id; false if there never was one.
	Member(r store.Reader, id string) (Member, bool, error)
}

// Certificates is what the module asks of x/certificate. Errors are faults.
type Certificates interface {
	// HeldBy reports whether the present holder of a certificate is the one with
	// a code, in its old or its new form; known is false if there is no such
	// certificate.
	HeldBy(r store.Reader, ref Ref, holder string) (held, known bool, err error)
}

// Module is x/trace. It holds no state and may be used by many goroutines, each
// with a state of its own.
type Module struct {
	members      Members
	certificates Certificates
}

// New returns the module, with what it needs from others.
func New(members Members, certificates Certificates) *Module { return &Module{members, certificates} }

// actor returns the member that a message acts for, and its key of a duty that
// signed, if it may act.
func (m *Module) actor(c *exec.Context, duty exec.Duty) (Member, [33]byte, error) {
	member, ok, err := m.members.Member(c.Store, c.Actor)
	if err != nil {
		return Member{}, [33]byte{}, err
	}
	if !ok || !member.Active || member.Stopped {
		return Member{}, [33]byte{}, codeStopped.Refuse("%s", c.Actor)
	}
	i := slices.IndexFunc(c.Signers, func(s exec.Signer) bool { return s.Member == c.Actor && s.Duty == duty })
	if i < 0 {
		return Member{}, [33]byte{}, codeDuty.Refuse("%s: duty %v", c.Actor, duty)
	}
	return member, c.Signers[i].Key, nil
}

// find returns the record of a product that must be registered.
func find(r store.Reader, uri string) (*Product, error) {
	p, ok, err := Find(r, uri)
	if err != nil {
		return nil, err
	}
	if ok {
		return p, nil
	}
	if err := checkURI(uri); err != nil {
		return nil, codeURI.Refuse("%v", err)
	}
	return nil, codeUnknown.Refuse("%s", uri)
}

// own returns a product, its owner, and the key of the owner that signed, if the
// actor is the owner.
func (m *Module) own(c *exec.Context, uri string) (*Product, Member, [33]byte, error) {
	owner, key, err := m.actor(c, exec.DutyOperator)
	if err != nil {
		return nil, owner, key, err
	}
	p, err := find(c.Store, uri)
	if err != nil {
		return nil, owner, key, err
	}
	if p.Owner != c.Actor {
		return nil, owner, key, codeNotOwner.Refuse("%s owns %s", p.Owner, uri)
	}
	return p, owner, key, nil
}

// add writes an entry to the chain of p, nil for a product that is registered by
// it, and returns the record after it, which the caller writes. It fills in what
// all entries have in common. An error is a fault: the caller has checked what the
// entry says.
func add(c *exec.Context, p *Product, key [33]byte, e *Entry) (*Product, error) {
	e.N, e.Member, e.Key, e.Height, e.Time, e.Tx = 1, c.Actor, key, c.Height, c.Time.UTC(), c.TxID
	if p != nil {
		e.N = p.Entries + 1
	}
	encoding := EncodeEntry(e)
	next, err := p.with(e, encoding)
	if err == nil {
		err = e.check()
	}
	if err != nil {
		return nil, corrupt("entry %d: %v", e.N, err)
	}
	return next, c.Store.Set(EntryKey(next.URI, e.N), encoding)
}

// put is add for an entry that is alone in its message: it writes the record too.
func put(c *exec.Context, p *Product, key [33]byte, e *Entry) (*Product, error) {
	next, err := add(c, p, key, e)
	if err != nil {
		return nil, err
	}
	return next, products.Set(c.Store, next.URI, next)
}
