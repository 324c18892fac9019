package light

import (
	"errors"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// answer finds out about the claim from r, by Time and At. It is the same on a
// node, where r records what is read, and at a verifier: docs/formats.md, section
// 18, lists what is read for each claim and how the answer follows.
func (v *Verdict) answer(r store.Reader) error {
	switch v.Claim.Kind {
	case OnDate:
		return v.onDate(r)
	case History:
		return v.history(r)
	case Absent:
		return v.absent(r)
	case Approved:
		return v.approved(r)
	case Traced:
		return v.traced(r)
	case Anchored:
		return v.anchored(r)
	default:
		return v.valid(r)
	}
}

// at is the instant at which dates count: of the verification, but never before
// the seal.
func (v *Verdict) at() time.Time {
	if v.At.Before(v.Time) {
		return v.Time
	}
	return v.At
}

func (v *Verdict) valid(r store.Reader) error {
	found, err := v.look(r)
	if err == nil && found {
		v.decideStatus()
	}
	return err
}

// decideStatus sets the outcome by Status.
func (v *Verdict) decideStatus() {
	no := reasonNotValid.with(v.Status.Status.String())
	if v.Status.Status == rules.Valid {
		no = reasonFlag.with((v.Status.Flags & rules.Blocking).String())
	}
	v.decide(v.Status.Holds(), reasonValid, no)
}

// look finds the certificate as it now is; what the bundle has beside the head
// is used, and what it has not is said. A certificate that is not there is
// decided.
func (v *Verdict) look(r store.Reader) (found bool, err error) {
	ref := v.Claim.Ref()
	if err = ErrUnproven; proves(r, certificate.SuccessorKey(ref)) { // which Effective reads: else the head would be decoded twice
		v.View, found, err = certificates.Effective(r, ref, v.at())
	}
	switch {
	case errors.Is(err, ErrUnproven):
		if v.Head, found, err = certificate.Head(r, ref); err == nil && found {
			e := rules.Effective(v.Head.Standing, v.at(), rules.Facts{})
			v.Status = &e
			v.leaveOpen(v.Head)
		}
	case err == nil && found:
		v.Head, v.Status = v.View.Head, &v.View.Status
	}
	if err != nil {
		return false, err
	}
	if !found {
		v.decide(false, Reason{}, reasonUnknown.with(ref.String()))
		return false, nil
	}
	return true, v.issuer(r, ref.Issuer)
}

// leaveOpen says what a head alone does not.
func (v *Verdict) leaveOpen(h *rules.Head) {
	v.Unproven = append(v.Unproven, unprovenBody, unprovenKeys)
	if h.Flags&(rules.FlagSub|rules.FlagComponents) != 0 {
		v.Unproven = append(v.Unproven, unprovenComponents)
	}
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
	ref, date := v.Claim.Ref(), v.Claim.Date
	record, ok, err := certificate.On(r, ref, date)
	if err != nil {
		return err
	}
	if ok {
		e := rules.EffectiveOn(record.After.Standing, date, rules.Facts{})
		v.Head, v.Status, v.Records = &record.After, &e, []*rules.Record{record}
		v.leaveOpen(v.Head)
		if !record.Time.Before(date.End()) {
			v.Notes = append(v.Notes, noteLater.with("decided "+record.Decided.String()+", recorded "+record.Time.Format(time.RFC3339)))
		}
		if err := v.issuer(r, ref.Issuer); err != nil {
			return err
		}
	}
	if v.Time.Before(date.End()) {
		v.Outcome = NotEstablished
		v.because(v.of(reasonTooEarly.with(v.Time.Format(time.RFC3339))))
		return nil
	}
	if ok {
		v.decideStatus()
		return nil
	}
	_, exists, err := certificate.Head(r, ref)
	no := reasonUnknown
	if exists {
		no = reasonNotYet
	}
	v.decide(false, Reason{}, no.with(ref.String()))
	return err
}

func (v *Verdict) history(r store.Reader) error {
	found, err := v.look(r)
	if err != nil || !found {
		return err
	}
	v.Records, err = certificate.History(r, v.Claim.Ref(), 1, int(v.Head.Records))
	if err != nil {
		return err
	}
	if len(v.Records) != int(v.Head.Records) {
		return errors.New("light: the history has a gap")
	}
	v.decide(true, reasonHistory, Reason{})
	return nil
}

func (v *Verdict) absent(r store.Reader) (err error) {
	if v.Issuers, err = certificate.Issuers(r, v.Claim.Number); err != nil {
		return err
	}
	v.decide(len(v.Issuers) == 0, reasonAbsent, reasonIssued.with(strings.Join(v.Issuers, ", ")))
	return nil
}

func (v *Verdict) approved(r store.Reader) error {
	found, err := v.look(r)
	if err != nil || !found {
		return err
	}
	first, ok, err := certificate.Record(r, v.Claim.Ref(), 1)
	if err != nil {
		return err
	}
	if !ok {
		return errors.New("light: the certificate has no first record")
	}
	v.Records = []*rules.Record{first}
	id, covered, err := members.ByApprovalNumber(r, v.Claim.Issuer)
	if err == nil && covered {
		covered, err = members.Covers(r, id, first.After.Scheme, first.Decided)
	}
	if err != nil {
		return err
	}
	what := first.After.Scheme + ", " + first.Decided.String()
	v.decide(covered, reasonApproved.with(what), reasonNotApproved.with(what))
	return nil
}
