package rules

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// The most that the details of a certificate hold. Texts are counted in bytes
// of UTF-8, a Chinese character being three.
const (
	MaxDetailsSize = 64 << 10 // encoded
	MaxName        = 400
	MaxAddress     = 800
	MaxScope       = 16 << 10
	MaxCode        = 32 // a business scope code
	MaxStandard    = 120
	MaxModel       = 200
	MaxNote        = 1000

	MaxScopeCodes = 200
	MaxStandards  = 40
	MaxMarks      = 8
	MaxModels     = 1000
	MaxGTINs      = 1000
	MaxComponents = 200
	MaxEvidence   = 64
)

// Details is the text of a certificate. Texts are UTF-8 as filed; NFC is
// expected of the filer and not enforced, since the digest binds the bytes.
type Details struct {
	Holder                     Party
	ScopeChinese, ScopeEnglish string   // at least one
	ScopeCodes                 []string // business scope codes
	Standards                  []string // at least one, as GB/T 19001-2016
	Marks                      []string // codes of accreditation marks, sorted

	// Of products only.
	Producer, Factory Party
	TradeMark         string
	Models            []string
	GTINs             []string // as CheckGTIN has them

	Main       Ref        // of a sub-certificate
	Components []Ref      // certificates that this one rests on
	Document   sm3.Hash   // of the signed document; zero for none
	Evidence   []sm3.Hash // ids of evidence anchors
}

// Check reports how d, of the certificate self of family f, breaks the rules,
// as a refusal.
func (d *Details) Check(f Family, self Ref) error {
	if err := d.Holder.check("holder"); err != nil {
		return err
	}
	if err := checkEither("scope", d.ScopeChinese, d.ScopeEnglish, MaxScope); err != nil {
		return err
	}
	if err := checkList("scope code", d.ScopeCodes, MaxScopeCodes, MaxCode); err != nil {
		return err
	}
	if len(d.Standards) == 0 {
		return CodeText.Refuse("no standard")
	}
	if err := checkList("standard", d.Standards, MaxStandards, MaxStandard); err != nil {
		return err
	}
	if err := CheckMarks(d.Marks); err != nil {
		return err
	}
	if err := d.checkProduct(f); err != nil {
		return err
	}
	if err := d.checkRefs(self); err != nil {
		return err
	}
	if err := checkHashes("evidence", d.Evidence); err != nil {
		return err
	}
	if d.room() <= MaxDetailsSize {
		return nil
	}
	if n := len(EncodeDetails(d)); n > MaxDetailsSize {
		return CodeTooLarge.Refuse("%d bytes, at most %d", n, MaxDetailsSize)
	}
	return nil
}

// room returns a number of bytes that the encoding of d does not exceed and
// comes near to.
func (d *Details) room() int {
	const field, hash = 4, 2 + sm3.Size // a tag and a length below 1<<21; a whole hash
	n := 3*field + len(d.ScopeChinese) + len(d.ScopeEnglish) + len(d.TradeMark) + hash*(1+len(d.Evidence))
	for _, p := range []*Party{&d.Holder, &d.Producer, &d.Factory} {
		if *p != (Party{}) {
			n += 7*field + len(p.NameChinese) + len(p.NameEnglish) + len(p.AddressChinese) + len(p.AddressEnglish) + len(p.Country) + len(p.Region)
		}
	}
	for _, list := range [][]string{d.ScopeCodes, d.Standards, d.Marks, d.Models, d.GTINs} {
		for _, s := range list {
			n += field + len(s)
		}
	}
	n += 3*field + len(d.Main.Issuer) + len(d.Main.Number)
	for _, r := range d.Components {
		n += 3*field + len(r.Issuer) + len(r.Number)
	}
	return n
}

// Matches refuses details that are not those of h: by their digest, by what the
// head says of them, or by the rules.
func (h *Head) Matches(d *Details) error {
	if DigestDetails(d) != h.Details {
		return CodeHead.Refuse("the details are not those of %v", h.Ref)
	}
	const told = FlagSub | FlagComponents
	if d.Flags() != h.Flags&told {
		return CodeHead.Refuse("flags %v, the details say %v", h.Flags&told, d.Flags())
	}
	return d.Check(h.Family, h.Ref)
}

// Flags returns the flags that a head with these details has for them.
func (d *Details) Flags() (f Flags) {
	if !d.Main.IsZero() {
		f |= FlagSub
	}
	if len(d.Components) > 0 {
		f |= FlagComponents
	}
	return f
}

func (d *Details) checkProduct(f Family) error {
	if !f.Product() {
		if d.Producer != (Party{}) || d.Factory != (Party{}) || d.TradeMark != "" || len(d.Models) > 0 || len(d.GTINs) > 0 {
			return CodeProduct.Refuse("of a certificate of family %v", f)
		}
		return nil
	}
	if d.Producer == (Party{}) || d.Factory == (Party{}) {
		return CodeProduct.Refuse("producer or factory missing")
	}
	if err := d.Producer.check("producer"); err != nil {
		return err
	}
	if err := d.Factory.check("factory"); err != nil {
		return err
	}
	if d.TradeMark != "" {
		if err := checkText("trade mark", d.TradeMark, MaxName); err != nil {
			return err
		}
	}
	if err := checkList("model", d.Models, MaxModels, MaxModel); err != nil {
		return err
	}
	if err := checkList("GTIN", d.GTINs, MaxGTINs, 14); err != nil {
		return err
	}
	for _, g := range d.GTINs {
		if err := CheckGTIN(g); err != nil {
			return err
		}
	}
	return nil
}

func (d *Details) checkRefs(self Ref) error {
	if !d.Main.IsZero() {
		if err := d.Main.Check(); err != nil {
			return err
		}
		if d.Main == self {
			return CodeMain.Refuse("main certificate %v", self)
		}
	}
	if len(d.Components) > MaxComponents {
		return CodeCount.Refuse("%d components, at most %d", len(d.Components), MaxComponents)
	}
	seen := make(map[Ref]bool, len(d.Components))
	for _, c := range d.Components {
		if err := c.Check(); err != nil {
			return err
		}
		if c == self {
			return CodeMain.Refuse("component %v", self)
		}
		if seen[c] {
			return CodeCount.Refuse("component %v twice", c)
		}
		seen[c] = true
	}
	return nil
}

// checkHashes refuses a list of digests that is too long or repeats one.
func checkHashes(name string, list []sm3.Hash) error {
	if len(list) > MaxEvidence {
		return CodeCount.Refuse("%d of %s, at most %d", len(list), name, MaxEvidence)
	}
	for i, h := range list {
		if h.IsZero() || slices.Contains(list[:i], h) {
			return CodeCount.Refuse("%s %v is zero or there twice", name, h)
		}
	}
	return nil
}
