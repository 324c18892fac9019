package light

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// Verify checks a claim by a bundle, which may be anything, with the trust of a
// card, at an instant. It is a function of its arguments.
func Verify(bundle []byte, card *Card, claim Claim, limits Limits, now time.Time) *Verdict {
	limits = limits.withDefaults()
	v := &Verdict{Claim: claim, Outcome: NotEstablished, Chain: card.ChainID, Card: card.Fingerprint()}
	if err := claim.Check(); err != nil {
		return v.because(reasonBadClaim.with(err.Error()))
	}
	s, err := Open(bundle, card, limits.MaxSize)
	if err != nil {
		return v.failed(err)
	}
	v.sealed(s, now)
	if err := v.answer(s, now); err != nil {
		return v.failed(err)
	}
	if claim.Kind == Valid && !limits.HeadSuffices && v.open(unprovenKeys) || v.open(unprovenComponents) {
		v.Outcome = NotEstablished
		v.Reasons = append([]Reason{reasonUnproven}, v.Reasons...)
	}
	if v.Head != nil {
		v.attach(s)
	}
	return v.limit(card, limits, now)
}

// Build returns the bundle that proves a claim at an instant, as far as it can
// be proven. If headOnly is set, it proves the head alone: the smallest bundle,
// for a QR code.
func Build(src Source, claim Claim, headOnly bool, now time.Time) ([]byte, error) {
	if err := claim.Check(); err != nil {
		return nil, err
	}
	r := &recorder{src.State, map[string]struct{}{}}
	v := &Verdict{Claim: claim}
	v.Time = time.Unix(0, src.Statement.Time).UTC()
	var err error
	if headOnly {
		v.Head, _, err = certificate.Head(r, claim.Ref())
	} else {
		err = v.answer(r, now)
	}
	if err != nil && !errors.Is(err, ErrUnproven) {
		return nil, err
	}
	var details [][]byte
	if v.Head != nil && src.Details != nil && !headOnly {
		d, ok, err := src.Details(v.Head.Details)
		if err != nil {
			return nil, err
		}
		if ok {
			details = append(details, d)
		}
	}
	return build(src, r.read, details)
}

func (v *Verdict) because(reasons ...Reason) *Verdict {
	v.Reasons = append(v.Reasons, reasons...)
	return v
}

// decide sets the outcome.
func (v *Verdict) decide(holds bool, yes, no Reason) {
	if v.Outcome = DoesNotHold; holds {
		v.Outcome, no = Holds, yes
	}
	v.because(no)
}

// failed says why nothing is established.
func (v *Verdict) failed(err error) *Verdict {
	v.Outcome = NotEstablished
	reason := reasonCorrupt
	for _, c := range []struct {
		err    error
		reason Reason
	}{
		{ErrBundle, reasonBadBundle}, {ErrSeal, reasonBadSeal}, {ErrProof, reasonBadProof}, {ErrUnproven, reasonUnproven},
	} {
		if errors.Is(err, c.err) {
			reason = c.reason
			break
		}
	}
	return v.because(reason.with(err.Error()))
}

// open reports whether something is unproven.
func (v *Verdict) open(r Reason) bool { return slices.Contains(v.Unproven, r) }

func (v *Verdict) sealed(s *State, now time.Time) {
	v.Sealed, v.Height = true, s.Statement.Height
	v.Time = time.Unix(0, s.Statement.Time).UTC()
	v.Age = now.Sub(v.Time)
	v.Set, v.Handovers = s.Trust.SetHash(), s.handovers
}

// limit takes back what the card or the verifier's limits do not allow.
func (v *Verdict) limit(card *Card, limits Limits, now time.Time) *Verdict {
	var against []Reason
	if now.After(card.NotAfter) {
		against = append(against, reasonCardEnded.with("not after "+card.NotAfter.Format(time.RFC3339)))
	}
	if v.Age < -skew {
		against = append(against, reasonFuture.with(v.Time.Format(time.RFC3339)))
	}
	if v.Age > limits.MaxAge && v.Claim.Kind != OnDate {
		against = append(against, reasonStale.with(v.Age.Round(time.Second).String()+", at most "+limits.MaxAge.String()))
	}
	if len(against) > 0 {
		v.Outcome, v.Reasons = NotEstablished, append(against, v.Reasons...)
	}
	return v
}

// answer finds out about the claim from r. It is the same on a node, where r
// records what is read, and at a verifier.
func (v *Verdict) answer(r store.Reader, now time.Time) error {
	switch v.Claim.Kind {
	case OnDate:
		return v.onDate(r)
	case History:
		return v.history(r, now)
	case Absent:
		return v.absent(r)
	case Approved:
		return v.approved(r, now)
	default:
		return v.valid(r, now)
	}
}

// at is the instant at which dates count: now, but never before the seal.
func (v *Verdict) at(now time.Time) time.Time {
	if now.Before(v.Time) {
		return v.Time
	}
	return now
}

func (v *Verdict) valid(r store.Reader, now time.Time) error {
	found, err := v.look(r, now)
	if err != nil {
		return err
	}
	if !found {
		v.decide(false, Reason{}, reasonUnknown.with(v.Claim.Ref().String()))
		return nil
	}
	no := reasonNotValid.with(v.Status.Status.String())
	if v.Status.Status == rules.Valid {
		no = reasonFlag.with(v.Status.Flags.String())
	}
	v.decide(v.Status.Holds(), reasonValid, no)
	return nil
}

// look finds the certificate as it now is; what the bundle has beside the head
// is used, and what it has not is said.
func (v *Verdict) look(r store.Reader, now time.Time) (bool, error) {
	h, ok, err := certificate.Head(r, v.Claim.Ref())
	if err != nil || !ok {
		return false, err
	}
	v.Head = h
	full, _, err := certificates.Effective(r, h.Ref, v.at(now))
	switch {
	case err == nil:
		v.Status = &full.Status
	case errors.Is(err, ErrUnproven):
		e := rules.Effective(h.Standing, v.at(now), rules.Facts{})
		v.Status = &e
		v.Unproven = append(v.Unproven, unprovenBody, unprovenKeys)
		if h.Flags&(rules.FlagSub|rules.FlagComponents) != 0 {
			v.Unproven = append(v.Unproven, unprovenComponents)
		}
	default:
		return false, err
	}
	return true, v.issuer(r, h.Issuer)
}

// issuer finds the body, if the bundle has it.
func (v *Verdict) issuer(r store.Reader, number string) error {
	id, ok, err := members.ByApprovalNumber(r, number)
	if err == nil && ok {
		f, found, e := members.Member(r, id)
		if err = e; err == nil && found {
			v.Member = &f
		}
	}
	if errors.Is(err, ErrUnproven) {
		return nil
	}
	return err
}

func (v *Verdict) onDate(r store.Reader) error {
	date := v.Claim.Date
	if v.Time.Before(date.End()) {
		v.Outcome = NotEstablished
		v.because(reasonTooEarly.with(v.Time.Format(time.RFC3339)))
		return nil
	}
	record, ok, err := certificate.On(r, v.Claim.Ref(), date)
	if err != nil {
		return err
	}
	if !ok {
		_, exists, err := certificate.Head(r, v.Claim.Ref())
		if err != nil {
			return err
		}
		reason := reasonUnknown
		if exists {
			reason = reasonNotYet
		}
		v.decide(false, Reason{}, reason.with(v.Claim.Ref().String()))
		return nil
	}
	e := rules.EffectiveOn(record.After.Standing, date, rules.Facts{})
	v.Head, v.Status, v.Records = &record.After, &e, []*rules.Record{record}
	v.Unproven = append(v.Unproven, unprovenBody, unprovenKeys)
	no := reasonNotValid.with(e.Status.String())
	if e.Status == rules.Valid {
		no = reasonFlag.with(e.Flags.String())
	}
	v.decide(e.Holds(), reasonValid, no)
	return v.issuer(r, record.After.Issuer)
}

func (v *Verdict) history(r store.Reader, now time.Time) error {
	found, err := v.look(r, now)
	if err != nil {
		return err
	}
	if !found {
		v.decide(false, Reason{}, reasonUnknown.with(v.Claim.Ref().String()))
		return nil
	}
	v.Records, err = certificate.History(r, v.Claim.Ref(), 1, int(v.Head.Records))
	if err != nil {
		return err
	}
	v.decide(len(v.Records) == int(v.Head.Records), reasonHistory, reasonCorrupt)
	return nil
}

func (v *Verdict) absent(r store.Reader) (err error) {
	if v.Issuers, err = certificate.Issuers(r, v.Claim.Number); err != nil {
		return err
	}
	v.decide(len(v.Issuers) == 0, reasonAbsent, reasonIssued.with(strings.Join(v.Issuers, ", ")))
	return nil
}

func (v *Verdict) approved(r store.Reader, now time.Time) error {
	found, err := v.look(r, now)
	if err != nil {
		return err
	}
	first, ok, err := certificate.Record(r, v.Claim.Ref(), 1)
	if err != nil {
		return err
	}
	if !found || !ok {
		v.decide(false, Reason{}, reasonUnknown.with(v.Claim.Ref().String()))
		return nil
	}
	id, ok, err := members.ByApprovalNumber(r, v.Claim.Issuer)
	if err != nil {
		return err
	}
	covered := false
	if ok {
		if covered, err = members.Covers(r, id, first.After.Scheme, first.Decided); err != nil {
			return err
		}
	}
	v.Records = []*rules.Record{first}
	what := first.After.Scheme + ", " + first.Decided.String()
	v.decide(covered, reasonApproved.with(what), reasonNotApproved.with(what))
	return nil
}

// attach adds the details, if the bundle has them: the head's digest vouches for
// them.
func (v *Verdict) attach(s *State) {
	raw, ok := s.Details(v.Head.Details)
	if !ok {
		v.Unproven = append(v.Unproven, unprovenDetails)
		return
	}
	d, err := rules.DecodeDetails(raw)
	if err != nil {
		v.Unproven = append(v.Unproven, unprovenDetails)
		return
	}
	v.Details = d
}
