package gs1

import (
	"fmt"
	"slices"
	"strings"
)

// Element is an application identifier with its value, percent-encoding undone.
type Element struct{ AI, Value string }

// Link is what a GS1 Digital Link URI, or an EPC URN, says: a key and what
// follows it in the standard's order. Only this package makes valid ones.
type Link struct {
	Key        Element
	Qualifiers []Element
}

// origin is where canonical Digital Links begin.
const origin = "https://id.gs1.org"

// ParseLink reads a GS1 Digital Link URI of any domain: the key is the first
// segment of the path that is an application identifier (or its word, such as
// gtin) before a value of that key's form. A query is dropped, since data
// attributes do not identify. Compressed links are not read.
//
// The error is ErrSyntax or ErrCheckDigit; found is false if the URI is no
// Digital Link at all.
func ParseLink(uri string) (l Link, found bool, err error) {
	scheme, rest, ok := strings.Cut(uri, "://")
	if s := strings.ToLower(scheme); !ok || s != "http" && s != "https" {
		return Link{}, false, nil
	}
	rest, fragment, hasFragment := strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	host, path, _ := strings.Cut(rest, "/")
	segments := strings.Split(strings.TrimSuffix(path, "/"), "/")
	name, _, _ := strings.Cut(strings.ToLower(host), ":")
	if !isHost(name) {
		return Link{}, false, nil
	}
	gs1Host := strings.EqualFold(host, "id.gs1.org")
	for i := range segments {
		id := lookup(segments[i])
		if id == nil || !id.isKey() || i+1 >= len(segments) {
			continue
		}
		if _, err := elementOf(id, segments[i+1]); err != nil && (!gs1Host || i > 0) {
			continue // a path that happens to have such a segment
		}
		if hasFragment {
			return Link{}, true, fmt.Errorf("%w: a Digital Link has no fragment here; leave %q out", ErrSyntax, "#"+fragment)
		}
		l, err := linkOf(id, segments[i+1:])
		return l, true, err
	}
	if gs1Host {
		return Link{}, true, fmt.Errorf("%w: no GS1 key follows the host, such as /01/ and a GTIN", ErrSyntax)
	}
	return Link{}, false, nil
}

// linkOf reads the value of the key id and the qualifiers after it.
func linkOf(id *identifier, segments []string) (Link, error) {
	key, err := elementOf(id, segments[0])
	if err != nil {
		return Link{}, err
	}
	l := Link{Key: key}
	rest := segments[1:]
	if len(rest)%2 != 0 {
		return Link{}, fmt.Errorf("%w: %q has no value", ErrSyntax, rest[len(rest)-1])
	}
	for ; len(rest) > 0; rest = rest[2:] {
		q := lookup(rest[0])
		if q == nil || q.isKey() {
			return Link{}, fmt.Errorf("%w: %q is no qualifier of a key", ErrSyntax, rest[0])
		}
		e, err := elementOf(q, rest[1])
		if err != nil {
			return Link{}, err
		}
		l.Qualifiers = append(l.Qualifiers, e)
	}
	return l, l.valid(id)
}

// elementOf decodes the value of id and checks its form.
func elementOf(id *identifier, encoded string) (Element, error) {
	value, ok := decode(encoded)
	if !ok {
		return Element{}, fmt.Errorf("%w: %q is not percent-encoded as it should be", ErrSyntax, encoded)
	}
	if id.ai == "01" && allDigits(value) && (len(value) == 8 || len(value) == 12 || len(value) == 13) {
		value = strings.Repeat("0", 14-len(value)) + value
	}
	if err := id.form(value); err != nil {
		return Element{}, fmt.Errorf("%w: %q is no value of (%s): %w", ErrSyntax, value, id.ai, err)
	}
	return Element{AI: id.ai, Value: value}, nil
}

// valid checks the check digit of the key and which qualifiers there are.
func (l Link) valid(id *identifier) error {
	if id.check != nil {
		if err := id.check(l.Key.Value); err != nil {
			return err
		}
	}
	return id.allows(l.Qualifiers)
}

func (l Link) has(ai string) bool {
	return slices.ContainsFunc(l.Qualifiers, func(e Element) bool { return e.AI == ai })
}

// Constrained returns l at its finest level alone, as in CBV 2.0, section 8:
// without variant (22), and without lot (10) where there is a serial (21).
func (l Link) Constrained() Link {
	keep := l.Qualifiers[:0:0]
	for _, q := range l.Qualifiers {
		if q.AI == "22" || q.AI == "10" && l.has("21") {
			continue
		}
		keep = append(keep, q)
	}
	return Link{Key: l.Key, Qualifiers: keep}
}

// Path returns the path of the canonical URI: /01/04012345999990/21/7.
func (l Link) Path() string {
	var b strings.Builder
	for _, e := range append([]Element{l.Key}, l.Qualifiers...) {
		b.WriteString("/" + e.AI + "/" + encode(e.Value))
	}
	return b.String()
}

// URI returns the canonical URI of all that l says.
func (l Link) URI() string { return origin + l.Path() }
