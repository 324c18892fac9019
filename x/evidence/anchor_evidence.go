package evidence

import (
	"strconv"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// AnchorEvidence fixes evidence of the acting member.
func (m *Module) AnchorEvidence(c *exec.Context, msg *evidencev1.AnchorEvidence) error {
	if msg.GetAnchor() == nil {
		return codeMalformed.Refuse("no anchor")
	}
	a, err := ParseAnchor(msg.GetAnchor())
	if err != nil {
		return err
	}
	if c.Time.Add(MaxAhead).Before(a.To) {
		return codePeriod.Refuse("captured until %v, the block is of %v", a.To, c.Time)
	}
	if err := m.permit(c, a); err != nil {
		return err
	}
	id := a.ID()
	if known, err := anchors.Has(c.Store, id); err != nil {
		return err
	} else if known {
		return codeAnchored.Refuse("%v", id)
	}
	r := &Record{Anchor: *a, Height: c.Height, Time: c.Time.UTC(), Tx: c.TxID}
	for _, s := range c.Signers {
		r.Signers = append(r.Signers, Signer{s.Member, s.Key})
	}
	if err := write(c.Store, id, r); err != nil {
		return err
	}
	c.Emit(EventAnchored,
		AttrAnchor, id.String(), AttrMember, a.Member, AttrKind, a.Kind.String(), AttrSubject, a.Subject.String(),
		AttrLeaves, strconv.FormatUint(a.Leaves, 10), AttrFrom, stamp(a.From), AttrTo, stamp(a.To), AttrRetention, a.Retention.String())
	return nil
}

// write adds an anchor, at the end of both lists.
func write(rw store.ReadWriter, id sm3.Hash, r *Record) error {
	n, _, err := memberCounts.Get(rw, r.Member)
	if err != nil {
		return err
	}
	k, _, err := subjectCounts.Get(rw, r.Subject)
	if err != nil {
		return err
	}
	return put(rw, id, r, n+1, k+1)
}

// put writes an anchor that is the n-th of its member and the k-th about its
// subject, and the last so far of both.
func put(rw store.ReadWriter, id sm3.Hash, r *Record, n, k uint64) error {
	if err := anchors.Set(rw, id, r); err != nil {
		return err
	}
	if err := memberCounts.Set(rw, r.Member, n); err != nil {
		return err
	}
	if err := members.Set(rw, filed{r.Member, n}, id); err != nil {
		return err
	}
	if err := subjectCounts.Set(rw, r.Subject, k); err != nil {
		return err
	}
	return subjects.Set(rw, about{r.Subject, k}, id)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
