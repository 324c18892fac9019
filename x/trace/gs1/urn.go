package gs1

import (
	"fmt"
	"strings"
)

// scheme describes an EPC scheme: how its URN's fields become a Link. The
// fields are the company prefix, a reference that fills the key up, and what
// follows it.
type scheme struct {
	prefix string
	key    string
	digits int // of company prefix and reference together; 0: the reference is free
	more   int // fields after the reference
	build  func(company, reference string, more []string) Link
}

// schemes is the table of those that have a Digital Link (EPC Tag Data
// Standard 2.0, sections 6 to 8). A class of items is named by a pattern whose
// serial is *.
var schemes = []scheme{
	{"urn:epc:id:sgtin:", "01", 13, 1, gtinWith("21")},
	{"urn:epc:class:lgtin:", "01", 13, 1, gtinWith("10")},
	{"urn:epc:id:upui:", "01", 13, 1, gtinWith("235")},
	{"urn:epc:idpat:sgtin:", "01", 13, 1, gtinWith("")},
	{"urn:epc:idpat:upui:", "01", 13, 1, gtinWith("")},
	{"urn:epc:id:itip:", "8006", 13, 3, itipWith("21")},
	{"urn:epc:idpat:itip:", "8006", 13, 3, itipWith("")},
	{"urn:epc:id:sscc:", "00", 17, 0, moved},
	{"urn:epc:id:sgln:", "414", 12, 1, location},
	{"urn:epc:id:pgln:", "417", 12, 0, plain},
	{"urn:epc:id:grai:", "8003", 12, 1, asset("0")},
	{"urn:epc:idpat:grai:", "8003", 12, 1, asset("0")},
	{"urn:epc:id:giai:", "8004", 0, 0, joined},
	{"urn:epc:id:gsrn:", "8018", 17, 0, plain},
	{"urn:epc:id:gsrnp:", "8017", 17, 0, plain},
	{"urn:epc:id:gdti:", "253", 12, 1, asset("")},
	{"urn:epc:idpat:gdti:", "253", 12, 1, asset("")},
	{"urn:epc:id:cpi:", "8010", 0, 1, component("8011")},
	{"urn:epc:idpat:cpi:", "8010", 0, 1, component("")},
	{"urn:epc:id:sgcn:", "255", 12, 1, asset("")},
	{"urn:epc:idpat:sgcn:", "255", 12, 1, asset("")},
	{"urn:epc:id:ginc:", "401", 0, 0, joined},
	{"urn:epc:id:gsin:", "402", 16, 0, plain},
}

// ParseURN reads the URN of an EPC, a class of EPCs or a pattern for one, such
// as urn:epc:id:sgtin:4012345.011111.9876. found is false if it is none, or one
// whose scheme has no Digital Link.
func ParseURN(urn string) (l Link, found bool, err error) {
	for i := range schemes {
		if s := &schemes[i]; strings.HasPrefix(urn, s.prefix) {
			l, err := s.read(urn[len(s.prefix):])
			if err != nil {
				err = fmt.Errorf("%w in %s", err, urn)
			}
			return l, true, err
		}
	}
	return Link{}, false, nil
}

func (s *scheme) read(body string) (Link, error) {
	company, rest, ok := strings.Cut(body, ".")
	if !ok || len(company) < 6 || len(company) > 12 || !allDigits(company) {
		return Link{}, fmt.Errorf("%w: an EPC begins with a company prefix of 6 to 12 digits and a dot", ErrSyntax)
	}
	reference, rest, _ := strings.Cut(rest+".", ".")
	rest = strings.TrimSuffix(rest, ".")
	switch want := s.digits - len(company); {
	case s.digits == 0 && s.more == 0: // all that follows, dots too
		reference, rest = body[len(company)+1:], ""
	case s.digits == 0:
	case len(reference) != want || want > 0 && !allDigits(reference):
		return Link{}, fmt.Errorf("%w: %d digits should follow a company prefix of %d", ErrSyntax, want, len(company))
	}
	var more []string
	if s.more > 0 {
		more = strings.SplitN(rest, ".", s.more)
	}
	if len(more) != s.more || s.more == 0 && rest != "" {
		return Link{}, fmt.Errorf("%w: the EPC has too many or too few fields", ErrSyntax)
	}
	if pattern := strings.HasPrefix(s.prefix, "urn:epc:idpat:"); pattern && more[len(more)-1] != "*" {
		return Link{}, fmt.Errorf("%w: only a pattern that ends with .* names a class", ErrSyntax)
	}
	for i := range more {
		if more[i], ok = decode(more[i]); !ok {
			return Link{}, fmt.Errorf("%w: a %% is not followed by two hexadecimal digits", ErrSyntax)
		}
	}
	if reference, ok = decode(reference); !ok {
		return Link{}, fmt.Errorf("%w: a %% is not followed by two hexadecimal digits", ErrSyntax)
	}
	l := s.build(company, reference, more)
	l.Key.AI = s.key
	return checkedLink(l)
}

// checkedLink holds l against the forms of its values.
func checkedLink(l Link) (Link, error) {
	for _, e := range append([]Element{l.Key}, l.Qualifiers...) {
		if err := lookup(e.AI).form(e.Value); err != nil {
			return Link{}, fmt.Errorf("%w: %q is no value of (%s): %w", ErrSyntax, e.Value, e.AI, err)
		}
	}
	return l, l.valid(lookup(l.Key.AI))
}

// keyed makes a link of a key; which one the table says.
func keyed(value string) Link { return Link{Key: Element{Value: value}} }

func withCheckDigit(digits string) string {
	c, _ := CheckDigit(digits) // they are digits
	return digits + string(c)
}

// gtinWith makes a GTIN: its first digit is that of the reference.
func gtinWith(qualifier string) func(string, string, []string) Link {
	return func(company, reference string, more []string) Link {
		l := keyed(withCheckDigit(reference[:1] + company + reference[1:]))
		if qualifier != "" {
			l.Qualifiers = []Element{{qualifier, more[0]}}
		}
		return l
	}
}

func itipWith(qualifier string) func(string, string, []string) Link {
	return func(company, reference string, more []string) Link {
		gtin := withCheckDigit(reference[:1] + company + reference[1:])
		l := keyed(gtin + more[0] + more[1])
		if qualifier != "" {
			l.Qualifiers = []Element{{qualifier, more[2]}}
		}
		return l
	}
}

// moved makes an SSCC: the extension digit comes first.
func moved(company, reference string, _ []string) Link {
	return keyed(withCheckDigit(reference[:1] + company + reference[1:]))
}

func location(company, reference string, more []string) Link {
	l := keyed(withCheckDigit(company + reference))
	if more[0] != "0" { // "0" says that there is no extension
		l.Qualifiers = []Element{{"254", more[0]}}
	}
	return l
}

func plain(company, reference string, _ []string) Link {
	return keyed(withCheckDigit(company + reference))
}

func asset(first string) func(string, string, []string) Link {
	return func(company, reference string, more []string) Link {
		value := withCheckDigit(first + company + reference)
		if more[0] != "*" {
			value += more[0]
		}
		return keyed(value)
	}
}

func joined(company, reference string, _ []string) Link {
	return keyed(company + reference)
}

func component(qualifier string) func(string, string, []string) Link {
	return func(company, reference string, more []string) Link {
		l := keyed(company + reference)
		if qualifier != "" {
			l.Qualifiers = []Element{{qualifier, more[0]}}
		}
		return l
	}
}
