package qr

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

func random(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// TestVectors fixes the text: another program has to write the same.
func TestVectors(t *testing.T) {
	for _, c := range []struct{ bundle, text string }{
		{"", "S24BK4"},
		{"\x00", "410IQQE0"},
		{"\xff\xff", "H:/Q1ZC4Z"},
		{"hallmark", "U+F:KG.QGHHH7-IL/I"},
	} {
		if got := Encode([]byte(c.bundle)); got != c.text {
			t.Errorf("%q: %q, want %q", c.bundle, got, c.text)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	for n := range 400 {
		bundle := random(uint64(n), n)
		text := Encode(bundle)
		if len(text) != TextLen(n) {
			t.Errorf("%d bytes: %d characters, not %d", n, len(text), TextLen(n))
		}
		if strings.HasSuffix(text, ".") || strings.HasSuffix(text, ":") {
			t.Errorf("%d bytes: the text ends with %q", n, text[len(text)-1:])
		}
		got, err := Decode(text)
		if err != nil || !bytes.Equal(got, bundle) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

// TestWhiteSpace: what is taken off the ends is listed, since languages differ.
func TestWhiteSpace(t *testing.T) {
	for _, c := range "\t\n\v\f\r " {
		if _, err := Parse(string(c) + "S24BK4" + string(c)); err != nil {
			t.Errorf("%q is refused: %v", c, err)
		}
	}
	for _, c := range "\x00\x1c\u0085\u00a0\u1680\u2003\u200b\u2028\u2029\u3000\ufeff" {
		if _, err := Parse("S24BK4" + string(c)); !errors.Is(err, ErrText) {
			t.Errorf("%q is taken off: %v", c, err)
		}
	}
}

// TestMangled changes, leaves out, adds and swaps every character.
func TestMangled(t *testing.T) {
	text := Encode(random(7, 61))
	refuse := func(what, s string) {
		t.Helper()
		if b, err := Decode(s); !errors.Is(err, ErrText) || b != nil {
			t.Errorf("%s: %q is accepted: %v", what, s, err)
		}
	}
	for i := range len(text) {
		for c := range 256 {
			if byte(c) != text[i] {
				refuse("changed", text[:i]+string([]byte{byte(c)})+text[i+1:])
			}
		}
		refuse("left out", text[:i]+text[i+1:])
		refuse("cut off", text[:i])
		for _, c := range alphabet {
			refuse("added", text[:i]+string(c)+text[i:])
		}
		if i > 0 && text[i] != text[i-1] {
			refuse("swapped", text[:i-1]+text[i:i+1]+text[i-1:i]+text[i+1:])
		}
	}
	refuse("small letters", strings.ToLower(text))
	refuse("spaces", text[:30]+" "+text[30:])
	refuse("twice", text+text)
}

func FuzzDecode(f *testing.F) {
	f.Add(Encode([]byte("x")))
	f.Add("::::::")
	f.Fuzz(func(t *testing.T, text string) {
		if b, err := Decode(text); err == nil && Encode(b) != text {
			t.Errorf("%q is a second text of %x", text, b)
		}
	})
}

func TestAddress(t *testing.T) {
	bundle := random(1, 20)
	text := Encode(bundle)
	for page, want := range map[string]string{
		"https://example.org":            "HTTPS://EXAMPLE.ORG/V#" + text,
		"https://example.org/":           "HTTPS://EXAMPLE.ORG/V#" + text,
		"http://127.0.0.1:8480":          "HTTP://127.0.0.1:8480/V#" + text,
		"https://Example.org/CHECK/HERE": "HTTPS://EXAMPLE.ORG/CHECK/HERE#" + text,
	} {
		got, err := Address(page, bundle)
		if err != nil || got != want {
			t.Errorf("%s: %q, %v", page, got, err)
		}
		if b, err := Parse(" " + got + "\n"); err != nil || !bytes.Equal(b, bundle) {
			t.Errorf("%s: %v", page, err)
		}
		// What a browser shows.
		if b, err := Parse(strings.ToLower(page) + "#" + text); err != nil || !bytes.Equal(b, bundle) {
			t.Errorf("%s: %v", page, err)
		}
	}
	if b, err := Parse(text); err != nil || !bytes.Equal(b, bundle) {
		t.Error(err)
	}
	for _, page := range []string{"", "example.org", "ftp://example.org", "https://", "https://example.org/verify", "https://例.cn", "https://example.org/A%20B", "https://example.org/?A=B", "https://example.org#X", "https://a@example.org", "https://[::1]:80", "https://example.org/A_B"} {
		if got, err := Address(page, bundle); !errors.Is(err, ErrPage) {
			t.Errorf("%q: %q, %v", page, got, err)
		}
	}
}
