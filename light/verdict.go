package light

import (
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/evidence"
	"github.com/hallmark-ledger/hallmark/x/member"
)

// Outcome is what became of a claim. Its numbers are the exit codes of
// `hallmark verify`.
type Outcome uint8

// The outcomes.
const (
	Holds          Outcome = 0 // proven, within the limits
	DoesNotHold    Outcome = 1 // the contrary is proven, within the limits
	NotEstablished Outcome = 2
)

// String returns the name of the outcome.
func (o Outcome) String() string {
	return [...]string{"holds", "does-not-hold", "not-established"}[min(o, NotEstablished)]
}

// MarshalText implements encoding.TextMarshaler with the name.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Limits are those of the verifier.
type Limits struct {
	// MaxAge is the greatest age of a seal; default 24 h. OnDate has none: what
	// was decided by a date before the seal does not age.
	MaxAge time.Duration
	// MaxSize is the length in bytes of the largest bundle that is read; default
	// MaxBundleSize.
	MaxSize int
	// HeadSuffices lets Valid be answered by the head alone, as a QR code has it.
	// Then whether a key behind it had been compromised stays open, and the
	// verdict says so. A certificate that rests on others needs more.
	HeadSuffices bool
}

// skew is how far the verifier's clock may be behind the seal or the card.
const skew = 10 * time.Minute

func (l Limits) withDefaults() Limits {
	if l.MaxAge == 0 {
		l.MaxAge = 24 * time.Hour
	}
	if l.MaxSize == 0 {
		l.MaxSize = MaxBundleSize
	}
	return l
}

// Verdict says what is established, and what is not. What it says of the ledger
// is proven whatever the outcome, as of the seal: where Outcome is NotEstablished
// it still says what was found, so that a person can see why. MarshalJSON and
// Text write it.
type Verdict struct {
	Claim   Claim
	Outcome Outcome
	Reasons []Reason // why, the decisive one first
	// Unproven says what the bundle leaves open without making the claim fail.
	Unproven []Reason
	Notes    []Reason // what else a reader should know

	At   time.Time // of the verification, UTC
	Card *Card     // nil if there was none

	// Sealed says that the seal is good: Height, Time and what follows, up to
	// Handovers, are of it.
	Sealed    bool
	Height    uint64
	Time      time.Time     // of the block, UTC
	Age       time.Duration // at the verification, below 0 if the clock is behind
	Set       sm3.Hash      // of the set that sealed
	Handovers int           // between the card's set and that

	// Connected says that the root was to be established by the header of a block
	// instead of a seal, without a card. Header is that header, nil if there is none;
	// Height, Time and Age are of its state.
	Connected bool
	Header    *Header

	// Head and Status are the certificate as of the seal, dates counted at the
	// verification; of OnDate at the end of the date. Nil if there is none.
	Head   *rules.Head
	Status *rules.EffectiveStatus
	// View has the grounds of Status, nil where the bundle does not have all.
	View    *certificate.View
	Details *rules.Details // nil where the bundle does not have them
	// Records are those of History, the first of Approved, that of OnDate.
	Records []*rules.Record
	Issuers []string      // of Absent: who has issued a certificate with the number
	Member  *member.Facts // the issuer as of the seal, if the bundle has it
	Trace   *Trace        // of Traced

	// Of Anchored: the anchor and its id, nil if there is none, and the leaf with the
	// content, if the claim names one.
	Evidence *evidence.Record
	Anchor   sm3.Hash
	Leaf     *AnchoredLeaf
}

// Reason is one thing to be said, in both languages; Code is stable.
type Reason struct {
	Code    string `json:"code"`
	English string `json:"en"`
	Chinese string `json:"zh"`
	Detail  string `json:"detail,omitempty"`
}

// String is the reason in English, with its detail.
func (r Reason) String() string {
	if r.Detail == "" {
		return r.English
	}
	return r.English + " (" + r.Detail + ")"
}
