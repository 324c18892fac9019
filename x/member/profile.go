package member

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Profile says which institution a member is.
type Profile struct {
	NameZh  string              `json:"name_zh,omitempty"`
	NameEn  string              `json:"name_en,omitempty"`
	USCC    string              `json:"uscc,omitempty"`   // unified social credit code, see CheckUSCC
	Foreign ForeignRegistration `json:"foreign,omitzero"` // instead of USCC
	Roles   []Role              `json:"roles"`            // ascending, each once
	Region  string              `json:"region,omitempty"` // GB/T 2260, see CheckRegion; may be empty abroad
	// ApprovalNumber is what CNCA gave a certification body, as
	// CNCA-R-2002-001. Certificates are named by it, so it never changes.
	ApprovalNumber string `json:"approval_number,omitempty"`
	// Marks are the codes of the marks that an accreditation body gives,
	// ascending.
	Marks []string `json:"marks,omitempty"`
}

// ForeignRegistration says how an institution abroad is registered there.
type ForeignRegistration struct {
	Country   string `json:"country"`   // ISO 3166-1 alpha-3
	Authority string `json:"authority"` // who keeps the register
	Number    string `json:"number"`
}

const (
	maxName   = 200 // characters, here and below
	maxReason = 200
	maxNumber = 60
)

// marks are the codes of accreditation marks in the national reporting
// specification.
var marks = []struct{ code, name string }{
	{"01", "CNAS"}, {"02", "UKAS"}, {"03", "JAS-ANZ"}, {"04", "ANAB"}, {"05", "RVA"}, {"06", "JAB"}, {"99", "其他"},
}

var (
	idForm       = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$`)
	approvalForm = regexp.MustCompile(`^CNCA-(R|RF)-(19|20)[0-9]{2}-[0-9]{2,4}$`)
)

// CheckID returns an error that says what is wrong with a member id, nil if
// nothing is.
func CheckID(id string) error {
	if !idForm.MatchString(id) {
		return fmt.Errorf("a member id has 3 to 40 of a-z, 0-9 and hyphen, neither first nor last a hyphen: not %.50q", id)
	}
	return nil
}

// check returns what is wrong with p, nil if nothing is.
func (p *Profile) check() error {
	if p.NameZh == "" && p.NameEn == "" {
		return errors.New("a member has a name")
	}
	for _, name := range []string{p.NameZh, p.NameEn} {
		if name != "" {
			if err := checkText("a name", name, maxName); err != nil {
				return err
			}
		}
	}
	if err := checkRoles(p.Roles); err != nil {
		return err
	}
	if err := p.checkRegistration(); err != nil {
		return err
	}
	if err := p.checkMarks(); err != nil {
		return err
	}
	if p.ApprovalNumber == "" && slices.Contains(p.Roles, RoleCertificationBody) {
		return errors.New("a certification body has an approval number")
	}
	if p.ApprovalNumber != "" && !approvalForm.MatchString(p.ApprovalNumber) {
		return fmt.Errorf("an approval number is like CNCA-R-2002-001 or CNCA-RF-2002-07: not %.50q", p.ApprovalNumber)
	}
	return nil
}

// checkRegistration checks where the institution is registered, and its region.
func (p *Profile) checkRegistration() error {
	if p.USCC != "" {
		switch {
		case p.Foreign != ForeignRegistration{}:
			return errors.New("a member has a unified social credit code or a foreign registration, not both")
		case p.NameZh == "":
			return errors.New("an institution registered in China has a Chinese name")
		}
		if err := CheckUSCC(p.USCC); err != nil {
			return fmt.Errorf("unified social credit code: %w (GB 32100)", err)
		}
		return CheckRegion(p.Region)
	}
	if f := p.Foreign; f == (ForeignRegistration{}) {
		return errors.New("a member has a unified social credit code or a foreign registration")
	} else if !knownCountry(f.Country) || f.Country == "CHN" {
		return fmt.Errorf("%.10q is no code of another country or region (ISO 3166-1 alpha-3); in mainland China give the unified social credit code", f.Country)
	}
	if err := checkText("the registering authority", p.Foreign.Authority, 100); err != nil {
		return err
	}
	if err := checkText("the registration number", p.Foreign.Number, maxNumber); err != nil {
		return err
	}
	if p.Region == "" {
		return nil
	}
	return CheckRegion(p.Region)
}

func (p *Profile) checkMarks() error {
	if slices.Contains(p.Roles, RoleAccreditationBody) != (len(p.Marks) > 0) {
		return errors.New("an accreditation body, and no other, gives marks")
	}
	for i, mark := range p.Marks {
		if MarkName(mark) == "" {
			return fmt.Errorf("%.10q is no code of an accreditation mark", mark)
		}
		if i > 0 && p.Marks[i-1] >= mark {
			return errors.New("the marks are not ascending, each once")
		}
	}
	return nil
}

// MarkName returns the name of an accreditation mark, as CNAS for 01, empty if
// there is none with this code.
func MarkName(code string) string {
	for _, m := range marks {
		if m.code == code {
			return m.name
		}
	}
	return ""
}

// checkText checks a text for people: 1 to longest characters, none of which
// controls or reorders text, no space at either end. The ranges are written out
// since Unicode's own classes change with the version of Go.
func checkText(what, s string, longest int) error {
	switch {
	case !utf8.ValidString(s):
		return fmt.Errorf("%s is not UTF-8", what)
	case s == "" || utf8.RuneCountInString(s) > longest:
		return fmt.Errorf("%s has 1 to %d characters", what, longest)
	case strings.Trim(s, " \u00a0\u3000") != s:
		return fmt.Errorf("%s neither begins nor ends with a space", what)
	}
	for _, r := range s {
		if r < 0x20 || 0x7f <= r && r < 0xa0 || r == 0xad ||
			0x200b <= r && r <= 0x200f || 0x2028 <= r && r <= 0x202e || 0x2060 <= r && r <= 0x206f ||
			r == 0xfeff || 0xfff0 <= r && r <= 0xffff || r >= 0xe0000 {
			return fmt.Errorf("%s holds %U, which is not shown", what, r)
		}
	}
	return nil
}
