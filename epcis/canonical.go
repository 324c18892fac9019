package epcis

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
)

// trim removes white space from both ends, of the characters that the
// reference implementation takes for it.
func trim(s string) string { return strings.TrimFunc(s, isSpace) }

func isSpace(r rune) bool {
	return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f
}

// vocabulary turns the URNs of the older CBV into the URIs of CBV 2.0.
var vocabulary = strings.NewReplacer(
	"urn:epcglobal:cbv:bizstep:", cbv+"BizStep-",
	"urn:epcglobal:cbv:disp:", cbv+"Disp-",
	"urn:epcglobal:cbv:btt:", cbv+"BTT-",
	"urn:epcglobal:cbv:sdt:", cbv+"SDT-",
	"urn:epcglobal:cbv:er:", cbv+"ER-",
)

// canonicalText is the form in which a value that is no time is hashed.
func canonicalText(s string) string {
	if strings.Contains(s, "urn:epcglobal:cbv:") {
		s = vocabulary.Replace(s)
	}
	s = canonicalNumber(s)
	if link, ok := constrainedLink(s); ok {
		return link
	}
	return s
}

// canonicalNumber writes a text that can be read as a double in the double's
// shortest form, an integer without a point, and leaves any other as it is.
// Beside what JSON allows it reads a plus sign, zeros in front, a point without
// digits on one side, digits parted by _, white space around, and the digits of
// other scripts. Larger than a double it stays as it is.
func canonicalNumber(s string) string {
	digits, ok := decimal(s)
	if !ok {
		return s
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsInf(f, 0) {
		return s
	}
	switch {
	case f != math.Trunc(f):
		format := byte('f')
		if math.Abs(f) < 1e-4 {
			format = 'e'
		}
		return strconv.FormatFloat(f, format, -1, 64)
	case math.Abs(f) < 1<<63:
		return strconv.FormatInt(int64(f), 10)
	default:
		n, _ := big.NewFloat(f).Int(nil)
		return n.String()
	}
}

// decimal returns the number that s is for [strconv.ParseFloat]; ok is false if
// s is none.
func decimal(s string) (digits string, ok bool) {
	if s == "" || len(s) > maxNumber {
		return "", false
	}
	if c := s[0]; c < 0x80 && (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' && !isSpace(rune(c)) {
		return "", false // most texts
	}
	b := make([]byte, 0, 32)
	for _, r := range trim(s) {
		switch {
		case r < 0x80:
			b = append(b, byte(r))
		case unicode.Is(unicode.Nd, r):
			b = append(b, digitOf(r))
		default:
			return "", false
		}
	}
	return plainNumber(b)
}

// digitOf returns the ASCII digit of the same value: the digits of a script are
// ten in a row.
func digitOf(r rune) byte {
	first := r
	for unicode.Is(unicode.Nd, first-1) {
		first--
	}
	return byte('0' + (r-first)%10)
}

// plainNumber checks [+-](digits[.[digits]]|.digits)[(e|E)[+-]digits], where one
// _ may stand between two digits, and removes those.
func plainNumber(s []byte) (string, bool) {
	out := make([]byte, 0, len(s))
	i := 0
	sign := func() {
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			out = append(out, s[i])
			i++
		}
	}
	isDigit := func(j int) bool { return j >= 0 && j < len(s) && '0' <= s[j] && s[j] <= '9' }
	run := func() bool {
		from := i
		for i < len(s) && (isDigit(i) || s[i] == '_' && isDigit(i-1) && isDigit(i+1)) {
			if s[i] != '_' {
				out = append(out, s[i])
			}
			i++
		}
		return i > from
	}
	sign()
	some := run()
	if i < len(s) && s[i] == '.' {
		out = append(out, '.')
		i++
		some = run() || some
	}
	if !some {
		return "", false
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		out = append(out, 'e')
		i++
		sign()
		if !run() {
			return "", false
		}
	}
	return string(out), i == len(s)
}
