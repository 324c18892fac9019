package epcis

import "strings"

// body is a kind of EPC URN: what follows the scheme and how it is hashed.
type body struct {
	scheme string
	// prefix and reference together have so many digits; 0: the reference is free
	digits int
	// dots after a company prefix that leaves no digit to the reference
	dots string
	// what follows, and the most characters of it: see [tail]
	tail tail
	most int
	make func(company, reference, rest string) string
}

// tail is what may follow company prefix and reference.
type tail uint8

const (
	nothing    tail = iota
	serial          // a dot and characters
	bare            // characters, the first of which is dropped: a dot, as a rule
	numeral         // a dot and digits
	pieces          // piece and total, two digits each with a dot before it, and serial
	piecesStar      // the same, then .*
	star            // .*
	free            // a dot, and characters that fill up to most with the company prefix
	part            // free in a smaller alphabet, then numeral
	partStar        // the same, then .*
)

var bodies = []body{
	{"urn:epc:id:sgtin:", 13, "", serial, 20, trade("/21/")},
	{"urn:epc:id:sscc:", 17, "", nothing, 0, func(company, reference, _ string) string {
		return "00/" + withCheckDigit(reference[:1]+company+reference[1:])
	}},
	{"urn:epc:id:sgln:", 12, ".", serial, 20, func(company, reference, rest string) string {
		if rest == "0" {
			return "414/" + withCheckDigit(company+reference)
		}
		return "414/" + withCheckDigit(company+reference) + "/254/" + percent(rest)
	}},
	{"urn:epc:id:grai:", 12, "..", serial, 16, asset("8003/", "0")},
	{"urn:epc:id:giai:", 0, "", free, 30, joined("8004/")},
	{"urn:epc:id:gsrn:", 17, "", nothing, 0, asset("8018/", "")},
	{"urn:epc:id:gsrnp:", 17, "", nothing, 0, asset("8017/", "")},
	{"urn:epc:id:gdti:", 12, "..", bare, 20, asset("253/", "")},
	{"urn:epc:id:cpi:", 0, "", part, 30, func(company, reference, rest string) string {
		return "8010/" + percent(company+reference) + "/8011/" + rest
	}},
	{"urn:epc:id:sgcn:", 12, ".", numeral, 12, asset("255/", "")},
	{"urn:epc:id:ginc:", 0, "", free, 30, joined("401/")},
	{"urn:epc:id:gsin:", 16, "", nothing, 0, asset("402/", "")},
	{"urn:epc:id:itip:", 13, "", pieces, 20, func(company, reference, rest string) string {
		return "8006/" + gtin(company, reference) + rest[:2] + rest[3:5] + "/21/" + percent(rest[6:])
	}},
	{"urn:epc:id:upui:", 13, "", serial, 28, trade("/235/")},
	{"urn:epc:id:pgln:", 12, ".", nothing, 0, asset("417/", "")},
	{"urn:epc:class:lgtin:", 13, "", serial, 20, trade("/10/")},
	{"urn:epc:idpat:sgtin:", 13, "", star, 0, trade("")},
	{"urn:epc:idpat:grai:", 12, "..", star, 0, asset("8003/", "0")},
	{"urn:epc:idpat:gdti:", 12, "..", star, 0, asset("253/", "")},
	{"urn:epc:idpat:sgcn:", 12, "..", star, 0, asset("255/", "")},
	{"urn:epc:idpat:cpi:", 0, "", partStar, 30, func(company, reference, _ string) string {
		return "8010/" + percent(company+reference)
	}},
	{"urn:epc:idpat:itip:", 13, "", piecesStar, 0, func(company, reference, rest string) string {
		return "8006/" + gtin(company, reference) + rest[:2] + rest[3:5]
	}},
	{"urn:epc:idpat:upui:", 13, "", star, 0, trade("")},
}

// linkOfURN returns the Digital Link of an EPC URN.
func linkOfURN(urn string) (string, bool) {
	for i := range bodies {
		if b := &bodies[i]; strings.HasPrefix(urn, b.scheme) {
			return b.link(urn[len(b.scheme):])
		}
	}
	return "", false
}

func (b *body) link(s string) (string, bool) {
	n := digitsAt(s)
	if n < 6 || n > 12 || n == len(s) || s[n] != '.' {
		return "", false
	}
	company, rest := s[:n], s[n+1:]
	if b.digits == 0 {
		reference, rest, ok := b.cutFree(n, rest)
		if !ok {
			return "", false
		}
		return gs1Origin + "/" + b.make(company, reference, rest), true
	}
	want := b.digits - n
	if want == 0 { // the company prefix and as many dots as b says
		if s[n:min(len(s), n+len(b.dots))] != b.dots {
			return "", false
		}
		rest = s[n+len(b.dots):]
	} else if digitsAt(rest[:min(len(rest), want)]) != want {
		return "", false
	}
	reference := ""
	if want > 0 {
		reference, rest = rest[:want], rest[want:]
	}
	if !b.tail.fits(rest, b.most) {
		return "", false
	}
	// What is hashed of the rest begins at a fixed place: after prefix,
	// reference, the dot between them and one more character.
	if at := b.digits + 2; at <= len(s) && b.tail != star {
		rest = s[at:]
	} else {
		rest = ""
	}
	return gs1Origin + "/" + b.make(company, reference, rest), true
}

// cutFree parts a reference of free length from what follows it.
func (b *body) cutFree(n int, s string) (reference, rest string, ok bool) {
	most := b.most - n
	if b.tail == free {
		return s, "", isChars(s, isEPCChar, most)
	}
	reference, rest, ok = cutLast(s, ".")
	ok = ok && isChars(reference, isPartChar, most)
	if b.tail == partStar {
		return reference, rest, ok && rest == "*"
	}
	return reference, rest, ok && rest != "" && len(rest) <= 12 && digitsAt(rest) == len(rest)
}

func (t tail) fits(s string, most int) bool {
	switch t {
	case nothing:
		return s == ""
	case bare:
		return isChars(s, isEPCChar, most)
	case star:
		return s == ".*"
	case serial:
		return strings.HasPrefix(s, ".") && isChars(s[1:], isEPCChar, most)
	case numeral:
		return len(s) > 1 && len(s) <= 1+most && s[0] == '.' && digitsAt(s[1:]) == len(s)-1
	case pieces:
		return hasPieces(s) && serial.fits(s[6:], most)
	case piecesStar:
		return hasPieces(s) && s[6:] == ".*"
	default:
		return false
	}
}

// hasPieces reports whether s begins as .01.02 does.
func hasPieces(s string) bool {
	return len(s) >= 6 && s[0] == '.' && digitsAt(s[1:3]) == 2 && s[3] == '.' && digitsAt(s[4:6]) == 2
}

// isChars reports whether s has 1 to most characters, %XX being one.
func isChars(s string, char func(string) int, most int) bool {
	count := 0
	for ; s != ""; count++ {
		n := char(s)
		if n == 0 || count == most {
			return false
		}
		s = s[n:]
	}
	return count > 0
}

// isEPCChar returns how many bytes the first character of s takes in a serial,
// 0 if it is not allowed there.
func isEPCChar(s string) int {
	if s[0] != '%' {
		if strings.IndexByte(alphanumeric+"!')(*+,.:;=_-", s[0]) >= 0 {
			return 1
		}
		return 0
	}
	const hex = "0123456789ABCDEFabcdef"
	return escaped(s, []string{"", "", "1256789ABCDEFabcdef", hex, hex[1:], "0123456789AaFf", hex[1:], "0123456789Aa"})
}

// isPartChar is the same in a part number.
func isPartChar(s string) int {
	if s[0] != '%' {
		if c := s[0]; '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || c == '-' {
			return 1
		}
		return 0
	}
	return escaped(s, []string{"", "", "3dfDF", "0123456789", "123456789ABCDEFabcdef", "0123456789Aa"})
}

// escaped returns 3 if s begins with a %XX whose second digit is one of those
// that the first allows.
func escaped(s string, second []string) int {
	if len(s) < 3 || s[1] < '0' || int(s[1]-'0') >= len(second) || strings.IndexByte(second[s[1]-'0'], s[2]) < 0 {
		return 0
	}
	return 3
}

// percent encodes the characters of an EPC that a path does not take (table 7-1
// of the GS1 Digital Link Standard). What is encoded already stays.
var percentEncoder = strings.NewReplacer("!", "%21", "(", "%28", ")", "%29", "*", "%2A", "+", "%2B", ",", "%2C", ":", "%3A")

func percent(s string) string { return percentEncoder.Replace(s) }

// gtin makes a GTIN: its first digit is that of the reference.
func gtin(company, reference string) string {
	return withCheckDigit(reference[:1] + company + reference[1:])
}

func trade(qualifier string) func(company, reference, rest string) string {
	return func(company, reference, rest string) string {
		if qualifier == "" {
			return "01/" + gtin(company, reference)
		}
		return "01/" + gtin(company, reference) + qualifier + percent(rest)
	}
}

func asset(key, first string) func(company, reference, rest string) string {
	return func(company, reference, rest string) string {
		return key + withCheckDigit(first+company+reference) + percent(rest)
	}
}

func joined(key string) func(company, reference, rest string) string {
	return func(company, reference, _ string) string { return key + company + percent(reference) }
}
