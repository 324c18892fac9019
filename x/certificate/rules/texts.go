package rules

import (
	"slices"
	"unicode/utf8"
)

// checkText refuses a text that is empty, longer than most bytes, not UTF-8, or
// has a forbidden character, or a space at an end.
func checkText(name, s string, most int) error {
	switch {
	case s == "":
		return CodeText.Refuse("%s missing", name)
	case len(s) > most:
		return CodeText.Refuse("%s has %d bytes, at most %d", name, len(s), most)
	case !utf8.ValidString(s):
		return CodeText.Refuse("%s is not UTF-8", name)
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	if space(first) || space(last) {
		return CodeText.Refuse("%s begins or ends with a space", name)
	}
	for _, r := range s {
		if forbidden(r) {
			return CodeText.Refuse("%s contains %U", name, r)
		}
	}
	return nil
}

// common reports whether r is among the letters, digits and signs that nearly all
// texts consist of, and neither a space nor forbidden: it spares the search.
func common(r rune) bool { return '!' <= r && r <= '~' || 0x3165 <= r && r < 0xd800 }

func space(r rune) bool { return !common(r) && slices.Contains(spaces, r) }

// spaces are those of Unicode that are not forbidden anywhere.
var spaces = []rune{
	' ', 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a,
	0x202f, 0x205f, 0x3000,
}

// forbidden reports whether no text has r: control and format characters, line
// and paragraph separators, private use, what is invisible by default (Unicode
// calls it default ignorable, variation selectors among it), the replacement
// character and what is no character. With invisible ones two texts could look
// alike and differ, with bidirectional ones one read as another; what GB 18030
// once put in private use has had code points of its own since GB 18030-2022.
//
// The ranges stand here and are not those of package unicode, since they must be
// the same on every node and those follow the Go release.
func forbidden(r rune) bool {
	if common(r) {
		return false
	}
	if r&0xfffe == 0xfffe { // noncharacters that end a plane
		return true
	}
	i, found := slices.BinarySearchFunc(forbiddenRanges, r, func(e [2]rune, r rune) int { return int(e[0] - r) })
	if found {
		return true
	}
	return i > 0 && r <= forbiddenRanges[i-1][1]
}

var forbiddenRanges = [][2]rune{
	{0, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad}, {0x34f, 0x34f}, {0x600, 0x605}, {0x61c, 0x61c}, {0x6dd, 0x6dd},
	{0x70f, 0x70f}, {0x890, 0x891}, {0x8e2, 0x8e2}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},
	{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164}, {0xe000, 0xf8ff}, {0xfdd0, 0xfdef},
	{0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0xfffd, 0xfffd}, {0x110bd, 0x110bd},
	{0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
	{0xf0000, 0x10ffff},
}

// checkEither refuses a pair of which no text is there, or one is malformed.
func checkEither(name, chinese, english string, most int) error {
	if chinese == "" && english == "" {
		return CodeText.Refuse("%s missing", name)
	}
	for _, s := range []string{chinese, english} {
		if s != "" {
			if err := checkText(name, s, most); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkList refuses a list of texts that is longer than count, has a malformed
// text or the same one twice.
func checkList(name string, list []string, count, most int) error {
	if len(list) > count {
		return CodeCount.Refuse("%d of %s, at most %d", len(list), name, count)
	}
	const few = 8 // up to which looking at each is cheaper than a set
	var seen map[string]bool
	if len(list) > few {
		seen = make(map[string]bool, len(list))
	}
	for i, s := range list {
		if err := checkText(name, s, most); err != nil {
			return err
		}
		if seen[s] || seen == nil && slices.Contains(list[:i], s) {
			return CodeCount.Refuse("%s %q twice", name, s)
		}
		if seen != nil {
			seen[s] = true
		}
	}
	return nil
}
