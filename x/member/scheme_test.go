package member

import (
	"regexp"
	"strings"
	"testing"
)

// TestIsScheme holds isScheme against the expression that says the same, over
// every string of a few characters.
func TestIsScheme(t *testing.T) {
	form := regexp.MustCompile(`^([A-Z]{1,3}([0-9]{2}){0,3}|([0-9]{2}){1,3})$`)
	var check func(s string, more int)
	check = func(s string, more int) {
		if got, want := isScheme(s), form.MatchString(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
		if more > 0 {
			for _, c := range []string{"A", "0", "a", "\n"} {
				check(s+c, more-1)
			}
		}
	}
	check("", 6)
	for letters := range 5 {
		for digits := range 9 {
			check(strings.Repeat("Z", letters)+strings.Repeat("9", digits), 1)
		}
	}
	for c := range 256 {
		check(string([]byte{byte(c)}), 0)
		check(string([]byte{'A', '0', byte(c)}), 0)
	}
}
