package rules

import "strings"

// HolderKind is what the code of a holder is.
type HolderKind uint8

// The kinds of holder codes.
const (
	USCC             HolderKind = 1 // unified social credit code, GB 32100
	OrganisationCode HolderKind = 2 // before 2015, GB 11714
	ForeignID        HolderKind = 3 // country and registration there
)

// MaxForeignID is the length of the registration part of a foreign id.
const MaxForeignID = 24

// KindOfHolder returns what a well-formed holder code is:
//
//	18 characters  unified social credit code, with its check character
//	9 characters   organisation code, with its check character
//	840:C1234567   foreign id: an ISO 3166-1 numeric country other than 156, and
//	               1 to 24 of 0-9 A-Z / . - as registered there
//
// Hong Kong, Macao and Taiwan registrations (344, 446, 158) are of the last form.
func KindOfHolder(code string) (HolderKind, bool) {
	switch {
	case len(code) == 18 && usccValid(code):
		return USCC, true
	case len(code) == 9 && organisationValid(code):
		return OrganisationCode, true
	}
	country, id, found := strings.Cut(code, ":")
	if _, ok := CountryOf(country); !found || !ok || country == mainland {
		return 0, false
	}
	if len(id) == 0 || len(id) > MaxForeignID || !consists(id, "/.-") {
		return 0, false
	}
	return ForeignID, true
}

// CheckHolder refuses a malformed holder code.
func CheckHolder(code string) error {
	if _, ok := KindOfHolder(code); !ok {
		return CodeHolder.Refuse("%.60q", code)
	}
	return nil
}

// OrganisationOf returns the organisation code within a unified social credit
// code (its characters 9 to 17), and an organisation code itself; empty for any
// other code. Both forms of one holder have the same, so bars hang on it.
func OrganisationOf(code string) string {
	switch kind, _ := KindOfHolder(code); kind {
	case USCC:
		return code[8:17]
	case OrganisationCode:
		return code
	default:
		return ""
	}
}

// SameHolder reports whether two holder codes are known to name one holder.
func SameHolder(a, b string) bool {
	return a == b || OrganisationOf(a) != "" && OrganisationOf(a) == OrganisationOf(b)
}

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var usccWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// usccValid checks GB 32100-2015 §5: the characters, and
//
//	c18 = (31 − Σ cᵢ·3^(i−1) mod 31) mod 31
//
// The organisation code inside is not checked by itself: codes are in use whose
// own check character does not match.
func usccValid(s string) bool {
	sum := 0
	for i, w := range usccWeights {
		v := strings.IndexByte(usccAlphabet, s[i])
		if v < 0 {
			return false
		}
		sum += v * w
	}
	return digits(s[2:8]) && strings.IndexByte(usccAlphabet, s[17]) == (31-sum%31)%31
}

var organisationWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}

// organisationValid checks GB 11714-1997: eight digits or letters (A is 10) and
//
//	c9 = 11 − Σ cᵢ·wᵢ mod 11, where 10 is written X and 11 is written 0
func organisationValid(s string) bool {
	sum := 0
	for i, w := range organisationWeights {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			sum += int(c-'0') * w
		case c >= 'A' && c <= 'Z':
			sum += int(c-'A'+10) * w
		default:
			return false
		}
	}
	return s[8] == "0X987654321"[sum%11]
}
