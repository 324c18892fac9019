package light

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Kind is what is claimed of a certificate.
type Kind uint8

// The kinds of claims.
const (
	// Valid: it is valid, and no blocking flag stands against it.
	Valid Kind = iota
	// OnDate: it was valid at the end of a date by what had been decided by then,
	// and no blocking flag was on record. Whether a key was compromised, and what
	// became of certificates that it rests on, is left open.
	OnDate
	// History: these are all its records, from the first to the last.
	History
	// Absent: nobody has ever issued a certificate with the number.
	Absent
	// Approved: an approval of the issuer covered the scheme on the day on which
	// the issue was decided.
	Approved
)

var kindNames = []string{"valid", "on-date", "history", "absent", "approved"}

// String returns the name of the kind.
func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return "unknown"
	}
	return kindNames[k]
}

var _ encoding.TextUnmarshaler = (*Kind)(nil)

// MarshalText implements encoding.TextMarshaler with the name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *Kind) UnmarshalText(text []byte) error {
	for i, name := range kindNames {
		if name == string(text) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("light: there is no claim %.40q; there are %v", text, kindNames)
}

// Claim is what a bundle is to prove.
type Claim struct {
	Kind   Kind
	Issuer string // approval number of the body; not of Absent
	Number string
	Date   civil.Date // of OnDate alone
}

// claimJSON is a Claim as JSON.
type claimJSON struct {
	Kind   Kind   `json:"kind"`
	Issuer string `json:"issuer,omitempty"`
	Number string `json:"number"`
	Date   string `json:"date,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (c Claim) MarshalJSON() ([]byte, error) {
	return json.Marshal(claimJSON{c.Kind, c.Issuer, c.Number, dateText(c.Date)})
}

// UnmarshalJSON implements json.Unmarshaler. It does not Check.
func (c *Claim) UnmarshalJSON(b []byte) error {
	var j claimJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*c = Claim{Kind: j.Kind, Issuer: j.Issuer, Number: j.Number}
	if j.Date == "" {
		return nil
	}
	var err error
	c.Date, err = civil.Parse(j.Date)
	return err
}

// Ref returns the certificate that the claim is about.
func (c Claim) Ref() rules.Ref { return rules.Ref{Issuer: c.Issuer, Number: c.Number} }

// anyIssuer stands for the issuer where there is none to be checked.
const anyIssuer = "0"

// Check reports what is missing in the claim, or cannot be: no certificate has
// such an issuer or number, so that a slip of the pen is not taken for a proof.
func (c Claim) Check() error {
	ref := c.Ref()
	switch {
	case int(c.Kind) >= len(kindNames):
		return fmt.Errorf("light: there is no claim of kind %d", c.Kind)
	case c.Number == "":
		return errors.New("light: the claim names no certificate: give its number")
	case c.Issuer == "" && c.Kind != Absent:
		return errors.New("light: the claim names no issuer: give its approval number, as CNCA-R-2002-001")
	case c.Issuer != "" && c.Kind == Absent:
		return errors.New("light: a number is absent for every issuer: name none")
	case (c.Kind == OnDate) != c.Date.Valid() || c.Kind != OnDate && c.Date != 0:
		return errors.New("light: a claim of kind on-date names a date, and no other does")
	}
	if c.Kind == Absent {
		ref.Issuer = anyIssuer
	}
	if err := ref.Check(); err != nil {
		return fmt.Errorf("light: the claim: %w", err)
	}
	return nil
}
