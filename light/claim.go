package light

import (
	"encoding"
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
	// OnDate: it was valid at the end of a date, as it has been recorded.
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
	Kind Kind `json:"kind"`
	// Issuer is the approval number of the body; not of Absent.
	Issuer string     `json:"issuer,omitempty"`
	Number string     `json:"number"`
	Date   civil.Date `json:"-"` // of OnDate
}

// Ref returns the certificate that the claim is about.
func (c Claim) Ref() rules.Ref { return rules.Ref{Issuer: c.Issuer, Number: c.Number} }

// Check reports what is missing in the claim.
func (c Claim) Check() error {
	switch {
	case int(c.Kind) >= len(kindNames):
		return fmt.Errorf("light: there is no claim of kind %d", c.Kind)
	case c.Number == "":
		return fmt.Errorf("light: the claim names no certificate: give its number")
	case c.Issuer == "" && c.Kind != Absent:
		return fmt.Errorf("light: the claim names no issuer: give its approval number, as CNCA-R-2002-001")
	case c.Kind == OnDate && !c.Date.Valid():
		return fmt.Errorf("light: the claim names no date")
	}
	return nil
}
