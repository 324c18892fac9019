package certificate

import (
	"strconv"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// message is what the messages have in common.
type message interface {
	GetDecided() int32
	GetEvidence() [][]byte
	GetNote() string
}

// parse reads what messages have in common into a record of an action.
func parse(a rules.Action, msg message) (rules.Record, error) {
	r := rules.Record{Action: a, Decided: civil.Date(msg.GetDecided()), Note: msg.GetNote()}
	if !r.Decided.Valid() {
		return r, rules.CodeDate.Refuse("decided: %v", r.Decided)
	}
	for _, e := range msg.GetEvidence() {
		if len(e) != sm3.Size {
			return r, codeMalformed.Refuse("an id of evidence has %d bytes, not %d", len(e), sm3.Size)
		}
		r.Evidence = append(r.Evidence, sm3.Hash(e))
	}
	return r, nil
}

// parseGrounds is parse for acts that need grounds in words.
func parseGrounds(a rules.Action, msg message) (rules.Record, error) {
	if msg.GetNote() == "" {
		return rules.Record{}, codeMalformed.Refuse("to %v needs grounds in the note", a)
	}
	return parse(a, msg)
}

// begin returns the step that does what r says to an existing certificate, or
// why its status or the date forbid it. What time alone has done is recorded
// first, so the status on record is the effective one.
func (m *Module) begin(c *exec.Context, ref rules.Ref, r rules.Record) (*step, error) {
	h, ok, err := heads.Get(c.Store, ref)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, rules.CodeAbsent.Refuse("%.24s/%.60s", ref.Issuer, ref.Number)
	}
	h, before, err := m.settle(c, h)
	if err != nil {
		return nil, err
	}
	if _, code := rules.Next(h.Family, h.Status, r.Action); code != nil {
		return nil, code.Refuse("%v %v, which is %v", r.Action, ref, h.Status)
	}
	if err := rules.CheckDecided(r.Decided, c.Today(), before); err != nil {
		return nil, err
	}
	return &step{before: h, after: *h, record: r}, nil
}

// settle records what time alone demands of h at the time of the block. It
// returns the head after that, and the date of the last decision.
func (m *Module) settle(c *exec.Context, h *rules.Head) (*rules.Head, civil.Date, error) {
	decided, err := lastDecided(c.Store, h)
	if err != nil {
		return nil, 0, err
	}
	for {
		next, on, err := m.chainAct(c, h, decided)
		if err != nil || next == nil {
			return h, decided, err
		}
		h, decided = next, on
	}
}

// lastDecided returns the date of the last record of a certificate.
func lastDecided(r store.Reader, h *rules.Head) (civil.Date, error) {
	b, ok, err := r.Get(RecordKey(h.Ref, h.Records))
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, corrupt("%v has no record %d", h.Ref, h.Records)
	}
	d, err := decidedOf(b)
	if err != nil {
		return 0, corrupt("record %d of %v: %v", h.Records, h.Ref, err)
	}
	return d, nil
}

// chainAct records the next act that time alone demands of h, nil if there is
// none. Its date is the day on which it was due: a certificate ran out on that
// day whenever the chain gets to it. An erratum can put that day before a
// decision on record, whose date it has then.
func (m *Module) chainAct(c *exec.Context, h *rules.Head, decided civil.Date) (*rules.Head, civil.Date, error) {
	action, standing, ok := rules.ChainAct(h.Standing, c.Time)
	if !ok {
		return nil, 0, nil
	}
	_, day := rules.NextDue(h.Standing)
	s := &step{before: h, after: *h, record: rules.Record{Action: action, Decided: max(day, decided)}}
	s.after.Standing = standing
	if err := m.write(c, s); err != nil {
		return nil, 0, fault(err, "%v %v", action, h.Ref)
	}
	return &s.after, s.record.Decided, nil
}

// fault makes a fault of a refusal where nobody is to be refused: the program is
// wrong then, and the block cannot go on.
func fault(err error, format string, args ...any) error {
	if r, ok := exec.AsRefusal(err); ok {
		return corrupt(format+": %v", append(args, r)...)
	}
	return err
}

// emit tells of a record.
func emit(c *exec.Context, r *rules.Record) {
	h := &r.After
	kind := eventOf[r.Action]
	if r.Imported {
		kind = EventImported
	}
	var room [40]string // for all that follows
	pairs := append(room[:0],
		AttrIssuer, h.Issuer, AttrNumber, h.Number, AttrRecord, decimal(r.N),
		AttrAction, r.Action.String(), AttrFrom, r.From.String(), AttrStatus, h.Status.String(), AttrReason, h.Reason,
		AttrDecided, r.Decided.String(), AttrScheme, h.Scheme, AttrHolder, h.Holder, AttrMember, r.Actor,
		AttrVersion, decimal(h.Version), AttrFlags, h.Flags.String(),
	)
	if h.Status == rules.Suspended {
		pairs = append(pairs, AttrUntil, h.SuspendedUntil.String())
	}
	if r.ChangeType != "" {
		pairs = append(pairs, AttrChangeType, r.ChangeType)
	}
	if !r.Link.IsZero() {
		pairs = append(pairs, AttrLinkIssuer, r.Link.Issuer, AttrLinkNumber, r.Link.Number)
	}
	if r.Reverses != 0 {
		pairs = append(pairs, AttrReverses, decimal(r.Reverses))
	}
	if h.OrderDue.Valid() {
		pairs = append(pairs, AttrDue, h.OrderDue.String())
	}
	c.Emit(kind, pairs...)
}

func decimal(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
