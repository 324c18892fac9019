package evidence

import (
	"strings"
	"unicode/utf8"
)

// Check refuses an anchor that cannot be, whoever files it and when.
func (a *Anchor) Check() error {
	switch {
	case a.Member == "":
		return codeMalformed.Refuse("no member")
	case a.Kind == 0 || int(a.Kind) >= len(kindNames):
		return codeMalformed.Refuse("kind %d", a.Kind)
	case a.Retention == 0 || int(a.Retention) >= len(retentionNames):
		return codeMalformed.Refuse("retention %d", a.Retention)
	case a.Leaves == 0 || a.Leaves > MaxLeaves:
		return codeTree.Refuse("%d leaves, 1 to %d can be", a.Leaves, uint64(MaxLeaves))
	case a.From.UnixNano() <= 0:
		return codePeriod.Refuse("from %d ns: after 1970", a.From.UnixNano())
	case a.To.Before(a.From):
		return codePeriod.Refuse("from %v to %v", a.From, a.To)
	case !clean(a.Method, 0, MaxMethod):
		return codeMalformed.Refuse("the method has %d bytes, at most %d, of UTF-8 without control characters", len(a.Method), MaxMethod)
	}
	return a.Subject.Check()
}

const (
	upper = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lower = "abcdefghijklmnopqrstuvwxyz"
)

// consists reports whether s has 1 to most bytes, all of them among the set.
func consists(s string, most int, set string) bool {
	return s != "" && len(s) <= most && strings.Trim(s, set) == ""
}

// scheme reports whether s is an item code: a letter from A to C, and one to three
// pairs of digits, the first not 00.
func scheme(s string) bool {
	if len(s) < 3 || len(s) > 7 || len(s)%2 == 0 || s[0] < 'A' || s[0] > 'C' || s[1:3] == "00" {
		return false
	}
	return strings.Trim(s[1:], "0123456789") == ""
}

// clean reports whether s has least to most bytes of UTF-8 and no character that
// would mislead who reads it: control characters, line and paragraph separators,
// and those that turn the direction of writing.
func clean(s string, least, most int) bool {
	if len(s) < least || len(s) > most || !utf8.ValidString(s) {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		switch {
		case r < 0x20, r >= 0x7f && r <= 0x9f, r == 0x61c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return true
		}
		return false
	})
}
