package rules

import (
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Lengths of the parts of a certificate's identity.
const (
	MaxNumber = 60
	MaxIssuer = 24
)

// Check refuses a malformed approval number (1 to 24 of 0-9 A-Z -) or
// certificate number (1 to 60 of 0-9 A-Z / _ . ( ) -).
func (r Ref) Check() error {
	if len(r.Issuer) == 0 || len(r.Issuer) > MaxIssuer || !consists(r.Issuer, "-") {
		return CodeIssuer.Refuse("%.40q", r.Issuer)
	}
	if len(r.Number) == 0 || len(r.Number) > MaxNumber || !consists(r.Number, "/_.()-") {
		return CodeNumber.Refuse("%.80q", r.Number)
	}
	return nil
}

// firstCCC is the year in which CCC certificates were first issued.
const firstCCC = 2002

// cccBodies holds the codes of bodies in CCC numbers as far as published numbers
// show them. A body that is not here may have any other code.
var cccBodies = []struct{ code, issuer string }{
	{"01", "CNCA-R-2002-001"}, // China Quality Certification Centre
}

// CheckNumber refuses a number that family f does not allow on a certificate
// issued on a day. A CCC number has 16 digits,
//
//	year (4)  body (2)  product category (4)  serial (6)
//
// with a year from 2002 to that of the issue (a reissued certificate may keep its
// number), a body's code other than 00, that of the issuer as far as it is known,
// and a category of a group other than 00.
func CheckNumber(f Family, r Ref, issued civil.Date) error {
	if err := r.Check(); err != nil {
		return err
	}
	if f != CCC {
		return nil
	}
	n := r.Number
	if len(n) != 16 || !digits(n) {
		return CodeCCCNumber.Refuse("%s: not 16 digits", n)
	}
	year := decimal(n[:4])
	if last := issued.Start().Add(12 * time.Hour).Year(); year < firstCCC || year > last {
		return CodeCCCNumber.Refuse("%s: year %d, expected %d to %d", n, year, firstCCC, last)
	}
	if n[4:6] == "00" || n[6:8] == "00" {
		return CodeCCCNumber.Refuse("%s: body %s, product category %s", n, n[4:6], n[6:10])
	}
	for _, b := range cccBodies {
		if (b.code == n[4:6]) != (b.issuer == r.Issuer) {
			return CodeCCCNumber.Refuse("%s: body code %s is that of %s only", n, b.code, b.issuer)
		}
	}
	return nil
}

// CCCBody returns the body's code of a CCC number, empty for any other string.
func CCCBody(number string) string {
	if len(number) != 16 || !digits(number) {
		return ""
	}
	return number[4:6]
}

// consists reports whether s has digits, capital letters and others only.
func consists(s, others string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && strings.IndexByte(others, c) < 0 {
			return false
		}
	}
	return true
}

// decimal returns the value of decimal digits.
func decimal(s string) (n int) {
	for i := range len(s) {
		n = 10*n + int(s[i]-'0')
	}
	return n
}
