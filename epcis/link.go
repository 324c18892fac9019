package epcis

import (
	"slices"
	"strings"

	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

// constrainedLink returns the constrained Digital Link that stands for an EPC
// URN or a Digital Link when an event is hashed; ok is false for any other text.
//
// It is not [gs1.NameProduct]: it must accept and refuse as the reference
// implementation does. So check digits in Digital Links are not looked at, a
// link with percent-encoding, a fragment or an attribute in its path stays as it
// is, and so does one with both a variant (22) and more than 20 characters after
// it.
func constrainedLink(s string) (link string, ok bool) {
	switch {
	case strings.HasPrefix(s, "urn:epc:"):
		return linkOfURN(s)
	case strings.HasPrefix(s, "https:"):
		return linkOfLink(s, s[len("https:"):])
	case strings.HasPrefix(s, "http:"):
		return linkOfLink(s, s[len("http:"):])
	}
	return "", false
}

// Characters of a value in a Digital Link, of one after a variant, of a part
// number.
const (
	alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	valueChars   = alphanumeric + `"'-.;<=>?_`
	partChars    = "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// linkKeys are the keys a Digital Link may have, in the order in which they are
// looked for in a path.
var linkKeys = []struct{ ai, word string }{
	{"00", "sscc"}, {"01", "gtin"}, {"253", "gdti"}, {"255", "gcn"}, {"401", "ginc"}, {"402", "gsin"}, {"414", "gln"},
	{"417", "party"}, {"8003", "grai"}, {"8004", "giai"}, {"8006", "itip"}, {"8010", "cpid"}, {"8017", "gsrnp"}, {"8018", "gsrn"},
}

// words turns the words of early releases into application identifiers. Longer
// ones first: they are replaced one after the other in the whole path.
var words = []struct{ word, ai string }{
	{"/gtin/", "/01/"}, {"/itip/", "/8006/"}, {"/cpid/", "/8010/"}, {"/gln/", "/414/"}, {"/party/", "/417/"},
	{"/gsrnp/", "/8017/"}, {"/gsrn/", "/8018/"}, {"/gcn/", "/255/"}, {"/sscc/", "/00/"}, {"/gdti/", "/253/"},
	{"/ginc/", "/401/"}, {"/gsin/", "/402/"}, {"/grai/", "/8003/"}, {"/giai/", "/8004/"}, {"/cpv/", "/22/"},
	{"/lot/", "/10/"}, {"/ser/", "/21/"},
}

func linkOfLink(s, afterScheme string) (string, bool) {
	if !strings.Contains(s, ".") || !hasKey(afterScheme) {
		return "", false
	}
	s, _, _ = strings.Cut(s, "?")
	for _, w := range words {
		s = strings.ReplaceAll(s, w.word, w.ai)
	}
	if !startsWithKey(s) {
		for _, k := range linkKeys {
			if i := strings.Index(s, "/"+k.ai+"/"); i >= 0 {
				s = gs1Origin + s[i:]
				break
			}
		}
	}
	if rest, ok := afterOrigin(s); ok && strings.HasPrefix(rest, "01/") {
		switch n := digitsAt(rest[3:]); {
		case n >= 14:
		case n == 13:
			s = strings.ReplaceAll(s, "/01/", "/01/0")
		case n == 12:
			s = strings.ReplaceAll(s, "/01/", "/01/00")
		case n >= 8:
			s = strings.ReplaceAll(s, "/01/", "/01/000000")
		}
	}
	s = finest(s)
	rest, ok := afterOrigin(s)
	if !ok || !isConstrained(rest) {
		return "", false
	}
	return s, true
}

const gs1Origin = "https://id.gs1.org"

// hasKey reports whether a key and the beginning of a value stand somewhere
// before a ? or #: /KEY/ and four digits and one more character.
func hasKey(s string) bool {
	if end := strings.IndexAny(s, "?#"); end >= 0 {
		// The value itself may go on with one of them.
		s = s[:min(len(s), end+1)]
	}
	for i := 0; i < len(s); i++ {
		if s[i] != '/' {
			continue
		}
		end := strings.IndexByte(s[i+1:], '/')
		if end < 0 {
			return false
		}
		segment := s[i+1 : i+1+end]
		if isLinkKey(segment) && beginsValue(s[i+1+end+1:]) {
			return true
		}
		i += end
	}
	return false
}

func isLinkKey(segment string) bool {
	for i := range linkKeys {
		if segment == linkKeys[i].ai || segment == linkKeys[i].word {
			return true
		}
	}
	return false
}

// beginsValue reports whether s begins with four digits and a character that is
// no slash.
func beginsValue(s string) bool { return len(s) > 4 && digitsAt(s[:4]) == 4 && s[4] != '/' }

// afterOrigin cuts the canonical origin and a slash off; where the host has its
// dots any character will do.
func afterOrigin(s string) (rest string, ok bool) {
	const n = len(gs1Origin)
	if len(s) > n && s[:10] == "https://id" && s[11:14] == "gs1" && s[15:18] == "org" && s[n] == '/' {
		return s[n+1:], true
	}
	return "", false
}

// startsWithKey reports whether a key and its value come right after the origin.
func startsWithKey(s string) bool {
	rest, ok := afterOrigin(s)
	ai, value, _ := strings.Cut(rest, "/")
	return ok && beginsValue(value) && slices.ContainsFunc(linkKeys, func(k struct{ ai, word string }) bool { return k.ai == ai })
}

// finest drops the variant (22), and the lot (10) where a serial (21) follows.
func finest(s string) string {
	rest, ok := afterOrigin(s)
	if !ok {
		return s
	}
	key := 0
	switch {
	case strings.HasPrefix(rest, "01/") && digitsAt(rest[3:]) >= 14:
		key = 3 + 14
	case strings.HasPrefix(rest, "8006/") && digitsAt(rest[5:]) >= 18:
		key = 5 + 18
	default:
		return s
	}
	head, tail := s[:len(s)-len(rest)+key], rest[key:]
	if after, ok := strings.CutPrefix(tail, "/22/"); ok && len(after) <= 20 && only(after, valueChars+"/") {
		tail = ""
		if i := strings.IndexByte(after, '/'); i >= 0 {
			tail = after[i:]
		}
	}
	if after, ok := strings.CutPrefix(tail, "/10/"); ok {
		lot, serial, ok := strings.Cut(after, "/21/")
		if ok && len(lot) <= 20 && only(lot, valueChars) && len(serial) <= 20 && only(serial, valueChars) {
			tail = "/21/" + serial
		}
	}
	return head + tail
}

// isConstrained reports whether the path (without its first slash) is of a form
// that the constrained Digital Link of an event has.
func isConstrained(path string) bool {
	key, rest, _ := strings.Cut(path, "/")
	n := digitsAt(rest)
	is := func(more string, chars string, most int) bool {
		value, ok := strings.CutPrefix(more, "/")
		return ok && len(value) <= most && only(value, chars)
	}
	switch key {
	case "00", "8017", "8018":
		return n == 18 && len(rest) == 18
	case "402":
		return n == 17 && len(rest) == 17
	case "417":
		return n == 13 && len(rest) == 13
	case "414":
		return n == 13 && (len(rest) == 13 || strings.HasPrefix(rest[13:], "/254") && is(rest[17:], valueChars, 20))
	case "01":
		return n == 14 && (len(rest) == 14 ||
			(strings.HasPrefix(rest[14:], "/21") || strings.HasPrefix(rest[14:], "/10")) && is(rest[17:], valueChars, 20) ||
			strings.HasPrefix(rest[14:], "/235") && is(rest[18:], valueChars, 28))
	case "8006":
		return n == 18 && (len(rest) == 18 ||
			(strings.HasPrefix(rest[18:], "/21") || strings.HasPrefix(rest[18:], "/10")) && is(rest[21:], valueChars, 20))
	case "253":
		return n >= 13 && len(rest) <= 13+17 && only(rest, valueChars)
	case "255":
		return n >= 13 && n == len(rest) && n <= 13+12
	case "8003":
		return n >= 14 && len(rest) <= 14+16 && only(rest, valueChars)
	case "401", "8004":
		return len(rest) <= 30 && only(rest, valueChars) && strings.Contains(path, "/")
	case "8010":
		if part, serial, ok := cutLast(rest, "/8011/"); ok && len(part) <= 30 && only(part, partChars) &&
			len(serial) <= 12 && digitsAt(serial) == len(serial) {
			return true
		}
		return len(rest) <= 30 && only(rest, partChars) && strings.Contains(path, "/")
	}
	return false
}

func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// digitsAt returns how many digits s begins with.
func digitsAt(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

func only(s, chars string) bool {
	for i := range len(s) {
		if strings.IndexByte(chars, s[i]) < 0 {
			return false
		}
	}
	return true
}

// withCheckDigit appends the check digit to digits.
func withCheckDigit(digits string) string {
	c, _ := gs1.CheckDigit(digits) // they are digits
	return digits + string(rune(c))
}
