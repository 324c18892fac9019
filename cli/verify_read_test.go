package cli

import (
	"errors"
	"testing"

	"github.com/hallmark-ledger/hallmark/light/qr"
)

// TestInputs reads what people hand to verify: bundles, and texts as editors save them.
func TestInputs(t *testing.T) {
	bundle := "\x08\x01 a bundle, as far as its first byte tells"
	text := qr.Encode([]byte(bundle))
	for name, c := range map[string]struct {
		given string
		code  bool
	}{
		"a bundle":                    {bundle, false},
		"a text":                      {text, true},
		"an address":                  {"HTTPS://EXAMPLE.ORG/V#" + text + "\r\n", true},
		"a text with a mark of UTF-8": {"\ufeff" + text + "\r\n", true},
		"an address with such a mark": {"\ufeffHTTPS://EXAMPLE.ORG/V#" + text, true},
		"a text after an empty line":  {"\n\n " + text, true},
	} {
		in, err := parseInput([]byte(c.given))
		if err != nil || in.code != c.code || string(in.bundle) != bundle {
			t.Errorf("%s: %+v, %v", name, in, err)
		}
	}
	for name, c := range map[string]struct {
		given string
		code  int
	}{
		"nothing": {"", exitUsage}, "white space": {" \n", exitUsage}, "a mark alone": {"\ufeff", exitUsage}, "an SVG": {"<svg/>", exitUsage},
		"a text that is cut off": {text[:20], exitUnknown}, "an image that is none": {"\x89PNG", exitUsage},
	} {
		_, err := parseInput([]byte(c.given))
		if f := new(failure); !errors.As(err, &f) || f.code != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}
