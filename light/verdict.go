package light

import (
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
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
	// MaxAge is the age of the seal from which on nothing is established of now;
	// default 24 h. Dates before the seal do not age.
	MaxAge time.Duration
	// MaxSize is the length in bytes of the largest bundle that is read; default
	// MaxBundleSize.
	MaxSize int
	// HeadSuffices lets Valid be answered by the head alone, as a QR code has it.
	// Then whether a key behind it had been compromised stays open, and the
	// verdict says so. A certificate that rests on others needs more.
	HeadSuffices bool
}

// skew is how far the verifier's clock may be behind the seal.
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

// Verdict says what is established, and what is not. Everything in it is proven
// if Outcome is not NotEstablished; then it still says what was found, so that a
// person can see why.
type Verdict struct {
	Claim   Claim   `json:"claim"`
	Outcome Outcome `json:"outcome"`
	// Reasons say why, the decisive one first.
	Reasons []Reason `json:"reasons"`
	// Unproven says what the bundle leaves open without making the claim fail.
	Unproven []Reason `json:"unproven,omitempty"`

	// Sealed says that Height, Time and what follows come from a good seal.
	Sealed bool          `json:"sealed"`
	Height uint64        `json:"height,omitempty"`
	Time   time.Time     `json:"time"` // of the block, UTC
	Age    time.Duration `json:"age"`  // nanoseconds at verification
	Chain  string        `json:"chain"`
	// Card and Set are the fingerprint of the card and the hash of the set that
	// sealed; Handovers how many lie between.
	Card      sm3.Hash `json:"-"`
	Set       sm3.Hash `json:"-"`
	Handovers int      `json:"handovers"`

	// Head and Status are the certificate as of the seal, dates counted at the
	// verification; of OnDate at the end of the date. Nil if there is none.
	Head    *rules.Head            `json:"-"`
	Status  *rules.EffectiveStatus `json:"-"`
	Details *rules.Details         `json:"-"` // if the bundle has them
	// Records are those of History, or the one of OnDate.
	Records []*rules.Record `json:"-"`
	// Issuers are the bodies that have issued a certificate with the number, of
	// Absent; Member the issuer, if the bundle has it.
	Issuers []string      `json:"-"`
	Member  *member.Facts `json:"-"`
}

// Reason is one thing to be said, in both languages; Code is stable.
type Reason struct {
	Code    string `json:"code"`
	English string `json:"en"`
	Chinese string `json:"zh"`
	Detail  string `json:"detail,omitempty"`
}
