package certificate

import (
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Bar keeps the holder of a revoked certificate from getting another.
type Bar struct {
	Since, Until civil.Date // day of the decision, last day
	Reason       string
}

// Order is what a regulator ordered. Its text is in the record that filed it.
type Order struct {
	Member     string // the regulator
	Filed, Due civil.Date
	Overdue    bool   // the chain has noted that the deadline passed while it was open
	Closed     uint32 // the record that closed it, 0 while it is open
}

// Supervision is what regulators hold against a certificate at present.
type Supervision struct {
	Orders []OpenOrder // by record, ascending
	Flags  []string    // regulators that warn of it, ascending
}

// OpenOrder is an order that is not closed: the record that filed it, and the
// last day to comply.
type OpenOrder struct {
	Record uint32
	Due    civil.Date
}

// Release lets a body take over the certificates of one that has ended.
type Release struct {
	Until  civil.Date // the last day
	Height uint64
	Tx     sm3.Hash
}

func (s *Supervision) empty() bool { return len(s.Orders) == 0 && len(s.Flags) == 0 }

// apply returns what s makes of a standing.
func (s *Supervision) apply(to rules.Standing) rules.Standing {
	to.OrderDue = 0
	for _, o := range s.Orders {
		if to.OrderDue == 0 || o.Due < to.OrderDue {
			to.OrderDue = o.Due
		}
	}
	to.Flags &^= rules.FlagRegulator
	if len(s.Flags) > 0 {
		to.Flags |= rules.FlagRegulator
	}
	return to
}

// put makes s the supervision of a certificate.
func (s *Supervision) put(w store.Writer, ref rules.Ref) error {
	if s.empty() {
		return supervisions.Delete(w, ref)
	}
	return supervisions.Set(w, ref, *s)
}

// step is one act on one certificate, from which a record is made.
type step struct {
	before *rules.Head // nil for a new certificate
	after  rules.Head  // its Details, Records and Version are for write
	// oldText and text are the details before and after, where the certificate
	// is new or its text may change; else both are nil.
	oldText, text *rules.Details
	// record has what is particular to the act; the rest is for write.
	record rules.Record
}

// write adds the record of s to the history and brings everything that follows
// from it up to date. All changes of certificates come through here.
func (m *Module) write(c *exec.Context, s *step) error {
	ref, r := s.after.Ref, &s.record
	s.after.Records, s.after.Version = 1, 1
	if s.before != nil {
		s.after.Records, s.after.Version = s.before.Records+1, s.before.Version
		r.From = s.before.Status
	}
	var text []byte // the encoding of s.text
	if s.text != nil {
		text = rules.EncodeDetails(s.text)
		s.after.Details = sm3.Sum(text)
		s.after.Flags = s.after.Flags&^(rules.FlagSub|rules.FlagComponents) | s.text.Flags()
	}
	if s.before != nil && (r.Action.Amends() || s.after.Details != s.before.Details) {
		if err := formers.Set(c.Store, numbered{ref, s.before.Version}, s.oldText); err != nil {
			return err
		}
		s.after.Version++
	}
	if s.before != nil && s.after.Details != s.before.Details {
		r.DetailsBefore = s.before.Details
	}

	r.N, r.After = s.after.Records, s.after
	r.Height, r.Time = c.Height, c.Time.UTC()
	if r.Action.By() != rules.ByChain {
		r.Actor, r.Tx = c.Actor, c.TxID
		r.Signers = make([]rules.Signer, 0, len(c.Signers))
		for _, signer := range c.Signers {
			r.Signers = append(r.Signers, rules.Signer{Member: signer.Member, Key: signer.Key, Duty: uint8(signer.Duty)})
		}
	}
	if err := r.Check(); err != nil {
		return err
	}
	if err := records.Set(c.Store, numbered{ref, r.N}, r); err != nil {
		return err
	}
	if err := heads.Set(c.Store, ref, &s.after); err != nil {
		return err
	}
	if s.text != nil && (s.before == nil || s.after.Details != s.before.Details) {
		if err := c.Store.Set(DetailsKey(ref), text); err != nil {
			return err
		}
	}
	if err := s.index(c.Store); err != nil {
		return err
	}
	if err := m.rest(c.Store, s); err != nil {
		return err
	}
	emit(c, r)
	return nil
}
