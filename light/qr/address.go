package qr

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// ErrPage: the address of the page cannot stand in a symbol.
var ErrPage = errors.New("qr: not the address of a page for symbols")

// path is where a page lies below the address of a node.
const path = "/V"

// Address returns the address of a page with a bundle in its fragment. page is
// where the page lies, as https://example.org or https://example.org/CHECK: "/V"
// is added if it has no path. What of an address may be written in capitals, is;
// a path is not, so it must consist of them already. Errors wrap ErrPage.
func Address(page string, bundle []byte) (string, error) {
	u, err := url.Parse(page)
	switch {
	case err != nil:
		return "", fmt.Errorf("%w: %w", ErrPage, err)
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("%w: %q; it is like https://example.org", ErrPage, page)
	case u.Path == "" || u.Path == "/":
		u.Path = path
	}
	address := strings.ToUpper(u.Scheme+"://"+u.Host) + u.EscapedPath()
	for _, c := range address {
		if c > 'Z' || places[c] < 0 {
			return "", fmt.Errorf("%w: %q cannot stand in it; the path has capital letters and digits", ErrPage, c)
		}
	}
	return address + "#" + Encode(bundle), nil
}

// Parse returns the bundle that an address, or the text alone, carries. Its
// errors wrap ErrText.
func Parse(text string) ([]byte, error) {
	text = strings.Trim(text, "\t\n\v\f\r ") // as every program does: docs/formats.md, section 17
	if _, fragment, ok := strings.Cut(text, "#"); ok {
		text = fragment
	}
	return Decode(text)
}
