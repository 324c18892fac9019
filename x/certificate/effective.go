package certificate

import (
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// View is what holds of a certificate at an instant, with the grounds.
type View struct {
	Head   *rules.Head
	Status rules.EffectiveStatus
	// Unsound are the certificates that this one rests on, components or its
	// main certificate, that are not valid: the grounds of
	// rules.FlagComponentSuspended.
	Unsound []rules.Ref
	// Compromised are keys behind the present status, or behind what a body has
	// done since (extended, corrected …), that were in other hands when they
	// signed, as far as is known: the grounds of rules.FlagKeyCompromised.
	Compromised []rules.Signer
	// Supervision has the open orders and warnings.
	Supervision Supervision
	// Successor is the certificate that replaced this one, zero for none.
	Successor rules.Ref
}

// Effective returns what holds of a certificate at an instant that is not before
// its last record. A body that has been stopped or has ended gives its
// certificates rules.FlagBodyStopped.
func (m *Module) Effective(r store.Reader, ref rules.Ref, at time.Time) (*View, bool, error) {
	h, ok, err := Head(r, ref)
	if err != nil || !ok {
		return nil, false, err
	}
	v := &View{Head: h}
	if v.Supervision, _, err = supervisions.Get(r, ref); err != nil {
		return nil, false, err
	}
	if v.Successor, _, err = successors.Get(r, ref); err != nil {
		return nil, false, err
	}
	if v.Unsound, err = unsound(r, h, at); err != nil {
		return nil, false, err
	}
	if v.Compromised, err = m.compromised(r, h); err != nil {
		return nil, false, err
	}
	facts := rules.Facts{ComponentSuspended: len(v.Unsound) > 0, KeyCompromised: len(v.Compromised) > 0}
	if facts.BodyStopped, err = m.bodyStopped(r, ref.Issuer); err != nil {
		return nil, false, err
	}
	v.Status = rules.Effective(h.Standing, at, facts)
	return v, true, nil
}

// unsound returns those certificates that h rests on and that are not valid at
// the time. One that was renewed or transferred counts as what it became.
func unsound(r store.Reader, h *rules.Head, at time.Time) (list []rules.Ref, err error) {
	if h.Flags&(rules.FlagSub|rules.FlagComponents) == 0 {
		return nil, nil
	}
	d, err := textOf(r, h.Ref)
	if err != nil {
		return nil, err
	}
	for _, ref := range restsOn(d) {
		now, err := current(r, ref)
		if err != nil {
			return nil, err
		}
		if now == nil || rules.Effective(now.Standing, at, rules.Facts{}).Status != rules.Valid {
			list = append(list, ref)
		}
	}
	return list, nil
}

// compromised returns the signers, each once, of the record that led to the
// present status and of what a body has done since, whose keys were compromised by
// then. What regulators have done beside the status changes nothing that a body
// says of the certificate.
func (m *Module) compromised(r store.Reader, h *rules.Head) (list []rules.Signer, err error) {
	for n := h.Records; n > 0; n-- {
		record, err := recordOf(r, h.Ref, n)
		if err != nil {
			return nil, err
		}
		led := record.From != record.After.Status
		if led || record.Action.By() != rules.ByRegulator {
			if list, err = m.compromisedBehind(r, record, list); err != nil {
				return nil, err
			}
		}
		if led {
			break
		}
	}
	return list, nil
}

// compromisedBehind adds the signers of a record whose keys were compromised by
// then.
func (m *Module) compromisedBehind(r store.Reader, record *rules.Record, list []rules.Signer) ([]rules.Signer, error) {
	for _, s := range record.Signers {
		since, ok, err := m.compromise.CompromisedSince(r, s.Key)
		if err != nil {
			return nil, err
		}
		if ok && !record.Time.Before(since) && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list, nil
}

func (m *Module) bodyStopped(r store.Reader, number string) (bool, error) {
	id, ok, err := m.members.ByApprovalNumber(r, number)
	if err != nil || !ok {
		return false, err
	}
	body, _, err := m.members.Member(r, id)
	return body.Stopped || !body.Active, err
}
