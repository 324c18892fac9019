package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkText refuses a text that is empty, longer than most bytes, not UTF-8, or
// has control, format or private characters, line or paragraph separators, or
// spaces at its ends. Bidirectional overrides and zero-width characters are among
// the format characters: with them two texts could look alike and differ, or one
// read as another.
func checkText(name, s string, most int) error {
	switch {
	case s == "":
		return CodeText.Refuse("%s missing", name)
	case len(s) > most:
		return CodeText.Refuse("%s has %d bytes, at most %d", name, len(s), most)
	case !utf8.ValidString(s):
		return CodeText.Refuse("%s is not UTF-8", name)
	case strings.TrimSpace(s) != s:
		return CodeText.Refuse("%s begins or ends with a space", name)
	}
	for _, r := range s {
		if unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) || r == utf8.RuneError {
			return CodeText.Refuse("%s contains %U", name, r)
		}
	}
	return nil
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
	seen := map[string]bool{}
	for _, s := range list {
		if err := checkText(name, s, most); err != nil {
			return err
		}
		if seen[s] {
			return CodeCount.Refuse("%s %q twice", name, s)
		}
		seen[s] = true
	}
	return nil
}
