package light

import (
	"encoding"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

// Kind is what is claimed, of a certificate or a product.
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
	// Traced: a product is registered, no recall stands against it or what is in it,
	// and at each event of its chain every certificate that it, or what was in it,
	// relied on was valid.
	Traced
	// Anchored: evidence was anchored, and a content is a leaf of it if the claim
	// names one: it existed by the time at which that was recorded.
	Anchored
)

var kindNames = []string{"valid", "on-date", "history", "absent", "approved", "traced", "anchored"}

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

	Product string // of Traced alone: its canonical URI

	// Of Anchored alone, at least one: the id of an anchor, SM3 of a content.
	Anchor, Content sm3.Hash
}

// claimJSON is a Claim as JSON.
type claimJSON struct {
	Kind    Kind    `json:"kind"`
	Issuer  string  `json:"issuer,omitempty"`
	Number  *string `json:"number,omitempty"` // of a certificate, also if it is missing
	Date    string  `json:"date,omitempty"`
	Product string  `json:"product,omitempty"`
	Anchor  string  `json:"anchor,omitempty"`
	Content string  `json:"content,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (c Claim) MarshalJSON() ([]byte, error) {
	j := claimJSON{Kind: c.Kind, Issuer: c.Issuer, Date: dateText(c.Date), Product: c.Product, Anchor: hashText(c.Anchor), Content: hashText(c.Content)}
	if c.Kind.ofCertificate() || c.Number != "" {
		j.Number = &c.Number
	}
	return json.Marshal(j)
}

// UnmarshalJSON implements json.Unmarshaler. It does not Check.
func (c *Claim) UnmarshalJSON(b []byte) error {
	var j claimJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*c = Claim{Kind: j.Kind, Issuer: j.Issuer, Product: j.Product}
	if j.Number != nil {
		c.Number = *j.Number
	}
	var err error
	if j.Date != "" {
		if c.Date, err = civil.Parse(j.Date); err != nil {
			return err
		}
	}
	if c.Anchor, err = parseHash(j.Anchor); err != nil {
		return err
	}
	c.Content, err = parseHash(j.Content)
	return err
}

// ofCertificate reports whether claims of the kind are about a certificate.
func (k Kind) ofCertificate() bool { return k != Traced && k != Anchored }

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
	case c.Kind == Anchored:
		return c.checkAnchor()
	case !c.Anchor.IsZero() || !c.Content.IsZero():
		return errors.New("light: only a claim of kind anchored names an anchor or a content")
	case c.Kind == Traced:
		return c.checkProduct()
	case c.Product != "":
		return errors.New("light: only a claim of kind traced names a product")
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

// checkAnchor is Check of a claim about evidence.
func (c Claim) checkAnchor() error {
	if c.Issuer != "" || c.Number != "" || c.Date != 0 || c.Product != "" {
		return errors.New("light: a claim of kind anchored names an anchor, a content or both, and nothing else")
	}
	if c.Anchor.IsZero() && c.Content.IsZero() {
		return errors.New("light: the claim names no evidence: give the id of an anchor, or SM3 of a content")
	}
	return nil
}

// parseHash reads what hashText wrote.
func parseHash(s string) (h sm3.Hash, err error) {
	if s == "" {
		return h, nil
	}
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != sm3.Size || hex.EncodeToString(b) != s {
		return h, fmt.Errorf("light: %.80q is not %d lower-case hexadecimal digits", s, 2*sm3.Size)
	}
	return sm3.Hash(b), nil
}

// checkProduct is Check of a claim about a product.
func (c Claim) checkProduct() error {
	if c.Issuer != "" || c.Number != "" || c.Date != 0 {
		return errors.New("light: a claim of kind traced names a product, and nothing else")
	}
	if _, err := gs1.ParseProduct(c.Product); err != nil {
		return fmt.Errorf("light: the claim: %w", err)
	}
	return nil
}
