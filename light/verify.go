package light

import (
	"errors"
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// Verify checks a claim by a bundle, which may be anything, with the trust of a
// card, at an instant. It is a function of its arguments.
func Verify(bundle []byte, card *Card, claim Claim, limits Limits, now time.Time) *Verdict {
	return verify(bundle, card, nil, claim, limits, now)
}

// Verifier verifies many bundles by one card. It remembers the seals that were
// good, up to a number, so that another bundle of the same height costs its
// hashes alone. Its verdicts are those of Verify. It is safe for concurrent use.
type Verifier struct {
	card  *Card
	known memory
}

// NewVerifier returns a Verifier by a card.
func NewVerifier(card *Card) *Verifier { return &Verifier{card: card} }

// Verify is the function Verify, with the card of v.
func (v *Verifier) Verify(bundle []byte, claim Claim, limits Limits, now time.Time) *Verdict {
	return verify(bundle, v.card, &v.known, claim, limits, now)
}

func verify(bundle []byte, card *Card, known *memory, claim Claim, limits Limits, now time.Time) *Verdict {
	limits = limits.withDefaults()
	v := &Verdict{Claim: claim, Outcome: NotEstablished, At: now.UTC()}
	if err := claim.Check(); err != nil {
		return v.because(reasonBadClaim.with(err.Error()))
	}
	if card == nil || card.trust == nil {
		return v.because(reasonNoCard)
	}
	v.Card = card
	if len(card.Signatures) == 0 {
		v.Notes = append(v.Notes, noteUnsigned)
	}
	s, err := open(bundle, card, limits.MaxSize, known)
	if err == nil {
		v.seal(s)
	}
	return v.conclude(s, err, limits)
}

// conclude answers the claim from the entries in s, if err is nil.
func (v *Verdict) conclude(s *State, err error, limits Limits) *Verdict {
	if err == nil {
		err = v.answer(s)
	}
	if err != nil {
		v.fail(err)
	} else {
		v.need(limits)
		v.attach(s)
	}
	v.limit(limits)
	return v
}

func (v *Verdict) because(reasons ...Reason) *Verdict {
	v.Reasons = append(v.Reasons, reasons...)
	return v
}

// decide sets the outcome.
func (v *Verdict) decide(holds bool, yes, no Reason) {
	v.Outcome = DoesNotHold
	if holds {
		v.Outcome, no = Holds, yes
	}
	v.because(no)
}

// notEstablished takes the outcome back, for reasons that come first.
func (v *Verdict) notEstablished(reasons ...Reason) {
	v.Outcome, v.Reasons = NotEstablished, append(reasons, v.Reasons...)
}

var failures = []struct {
	err    error
	reason Reason
}{
	{ErrTraceTooLarge, reasonTraceTooLarge}, {ErrBundle, reasonBadBundle}, {ErrSeal, reasonBadSeal}, {ErrProof, reasonBadProof}, {ErrUnproven, reasonUnproven},
}

// fail says why nothing is established.
func (v *Verdict) fail(err error) {
	reason := reasonUnreadable
	if i := slices.IndexFunc(failures, func(f struct {
		err    error
		reason Reason
	}) bool {
		return errors.Is(err, f.err)
	}); i >= 0 {
		reason = failures[i].reason
	}
	v.notEstablished(v.of(reason.with(err.Error())))
}

func (v *Verdict) seal(s *State) {
	v.Sealed, v.Height = true, s.Statement.Height
	v.Time = time.Unix(0, s.Statement.Time).UTC()
	v.Age = v.At.Sub(v.Time)
	v.Set, v.Handovers = s.Trust.SetHash(), s.Handovers
}

// rooted reports whether a state root is established: Height, Time and Age are of
// it.
func (v *Verdict) rooted() bool { return v.Sealed || v.Header != nil }

// need takes back that a certificate is valid where the bundle leaves open what
// could say otherwise. That it is not valid, the head alone proves: nothing else
// makes it so.
func (v *Verdict) need(limits Limits) {
	if v.Claim.Kind != Valid || v.Outcome != Holds {
		return
	}
	if v.open(unprovenKeys) && !limits.HeadSuffices || v.open(unprovenComponents) {
		v.notEstablished(reasonUnproven)
	}
}

// open reports whether something is unproven.
func (v *Verdict) open(r Reason) bool { return slices.Contains(v.Unproven, r) }

// limit takes back what the card or the verifier's limits do not allow.
func (v *Verdict) limit(limits Limits) {
	var against []Reason
	if c := v.Card; c != nil && !v.At.Before(c.NotAfter.Add(time.Second)) { // through the whole of the last second
		against = append(against, reasonCardEnded.with("not after "+c.NotAfter.Format(time.RFC3339)))
	}
	if c := v.Card; c != nil && v.At.Add(skew).Before(c.Made) {
		against = append(against, reasonClock.with("made "+c.Made.Format(time.RFC3339)))
	}
	if v.rooted() && v.Age < -skew {
		against = append(against, v.of(reasonFuture.with(v.Time.Format(time.RFC3339))))
	}
	if v.rooted() && v.Age > limits.MaxAge && !v.lasting() {
		against = append(against, v.of(reasonStale.with(v.Age.Round(time.Second).String()+", at most "+limits.MaxAge.String())))
	}
	if len(against) > 0 {
		v.notEstablished(against...)
	}
}

// lasting reports whether what was found does not age: what had been decided by a
// date before the seal, and that evidence was anchored, remain so.
func (v *Verdict) lasting() bool {
	return v.Claim.Kind == OnDate || v.Claim.Kind == Anchored && v.Outcome == Holds
}

// attach adds the details, if the bundle has them: the head's digest vouches for
// them.
func (v *Verdict) attach(s *State) {
	if v.Head == nil {
		return
	}
	if raw, ok := s.Details(v.Head.Details); ok {
		if d, err := rules.DecodeDetails(raw); err == nil {
			v.Details = d
			return
		}
	}
	v.Unproven = append(v.Unproven, unprovenDetails)
}
