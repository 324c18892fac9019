package epcis

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// seeds are our own documents, and GS1's where they are at hand.
func seeds(t testing.TB) (documents []string) {
	t.Helper()
	b, err := os.ReadFile("testdata/hash_cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Document json.RawMessage }
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		documents = append(documents, string(c.Document))
	}
	return documents
}

// shuffled writes JSON with its keys in another order, other white space and
// other escapes.
func shuffled(rng *rand.Rand, v *value, out *bytes.Buffer) {
	space := func() { out.WriteString([]string{"", " ", "\n", "\t\r\n "}[rng.IntN(4)]) }
	quote := func(s string) {
		out.WriteByte('"')
		for _, r := range s {
			switch {
			case r < ' ' || r == '"' || r == '\\' || r < 0x10000 && rng.IntN(8) == 0:
				out.WriteString(`\u`)
				for shift := 12; shift >= 0; shift -= 4 {
					out.WriteByte("0123456789aBcDeF"[r>>shift&15])
				}
			default:
				out.WriteRune(r)
			}
		}
		out.WriteByte('"')
	}
	space()
	switch v.kind {
	case object:
		out.WriteByte('{')
		for i, at := range rng.Perm(len(v.keys)) {
			if i > 0 {
				out.WriteByte(',')
			}
			space()
			quote(v.keys[at])
			space()
			out.WriteByte(':')
			shuffled(rng, &v.items[at], out)
		}
		out.WriteByte('}')
	case array:
		out.WriteByte('[')
		for i := range v.items {
			if i > 0 {
				out.WriteByte(',')
			}
			shuffled(rng, &v.items[i], out)
		}
		out.WriteByte(']')
	case str:
		quote(v.text)
	case null:
		out.WriteString("null")
	case boolean, number:
		out.WriteString(v.text)
	}
	space()
}

// sameInAnyOrder checks that a document has the same hashes and faults with its
// keys in another order.
func sameInAnyOrder(t *testing.T, rng *rand.Rand, document string) {
	t.Helper()
	limits := Limits{Bytes: 1 << 20, Event: 1 << 20, Held: 1 << 20, Events: 1000, Depth: 40}
	read := func(s string) (hashes []string, valid bool, err error) {
		valid = true
		d, err := Read(strings.NewReader(s), limits, func(_ int, e *Event) error {
			hashes = append(hashes, e.Prehash(), e.Hash().URI())
			valid = valid && len(e.Faults()) == 0
			return nil
		})
		return hashes, valid && err == nil && len(d.Faults) == 0, err
	}
	hashes, valid, err := read(document)
	if err != nil {
		return
	}
	r := newReader(strings.NewReader(document), limits)
	v, err := r.value(0)
	if err != nil {
		return // a document may be deeper where it is read piece by piece
	}
	var b bytes.Buffer
	shuffled(rng, &v, &b)
	again, validAgain, err := read(b.String())
	if err != nil {
		t.Fatalf("%v: %s", err, b.String())
	}
	if strings.Join(hashes, "\n") != strings.Join(again, "\n") || valid != validAgain {
		t.Errorf("the order of keys counts:\n%s\n%v\n%s\n%v", document, hashes, b.String(), again)
	}
}

func TestOrderOfKeysDoesNotCount(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	documents := seeds(t)
	for _, name := range append(sharedFiles(t, "gs1/examples/*.jsonld"), sharedFiles(t, "event-hash/*.jsonld")...) {
		documents = append(documents, readShared(t, name))
	}
	for _, d := range documents {
		for range 5 {
			sameInAnyOrder(t, rng, d)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Add("[" + plainEvent + "]")
	f.Fuzz(func(t *testing.T, document string) {
		sameInAnyOrder(t, rand.New(rand.NewPCG(3, uint64(len(document)))), document)
	})
}

// FuzzText: the canonical form of a text is its own canonical form.
func FuzzText(f *testing.F) {
	for _, s := range []string{
		"007", "1_0.5e+07", "１２", "urn:epc:id:sgtin:4012345.011111.98%2F7(", "https://a.b/x/gtin/4012345999990/cpv/2A/lot/L/ser/S?q#f",
		"https://id.gs1.org/8010/0614141ABC/8011/12", "urn:epc:id:grai:401234567890...987", "2026-03-04T11:00:30.1245009+08:00", "urn:epcglobal:cbv:disp:x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if once := canonicalNumber(s); canonicalNumber(once) != once {
			t.Errorf("%q: %q, then %q", s, once, canonicalNumber(once))
		}
		if once := canonicalTime(s); canonicalTime(once) != once {
			t.Errorf("%q: %q, then %q", s, once, canonicalTime(once))
		}
		if link, ok := constrainedLink(s); ok {
			if !strings.HasPrefix(link, "https://id") {
				t.Errorf("%q: %q", s, link)
			}
		}
	})
}
