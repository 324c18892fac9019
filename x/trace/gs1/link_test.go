package gs1

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func TestCheckDigit(t *testing.T) {
	for _, key := range []string{"04012345999990", "9506000134352", "614141007349", "95050003", "340123453111111115", "06141411234567890"} {
		if c, ok := CheckDigit(key[:len(key)-1]); !ok || c != key[len(key)-1] {
			t.Errorf("%s: got %c, %v", key, c, ok)
		}
	}
	for _, bad := range []string{"", "12a4", "１２"} {
		if _, ok := CheckDigit(bad); ok {
			t.Errorf("%q has a check digit", bad)
		}
	}
}

// The pairs are those of GS1's own tests of its syntax dictionary.
func TestCheckPair(t *testing.T) {
	for _, model := range []string{
		"22", "!22", "!!22", "1987654Ad4X4bL5ttr2310c2K", "12345678901234567890123NT", "12345_ABCDEFGHIJKLMCP",
		"12345_NOPQRSTUVWXYZDN", "12345_abcdefghijklmN3", "12345_nopqrstuvwxyzP2", "12345_!\"%&'()*+,-./LC",
		"12345_0123456789:;<=>?62", "7907665Bm8v2AB", "149512464PM+GH", "23956qk1&dB!23", "99999zzzzzzzzzzzzzzzzzzT2",
	} {
		n := len(model) - 2
		if pair, ok := checkPair(model[:n]); !ok || pair != model[n:] {
			t.Errorf("%s: got %s, %v", model, pair, ok)
		}
	}
}

// Every single wrong digit is found.
func TestCheckDigitFindsOneWrongDigit(t *testing.T) {
	const uri = "https://id.gs1.org/00/340123453111111115"
	for i := len(uri) - 18; i < len(uri); i++ {
		for d := byte('0'); d <= '9'; d++ {
			wrong := uri[:i] + string(d) + uri[i+1:]
			if _, err := ParseProduct(wrong); (err == nil) != (wrong == uri) {
				t.Errorf("%s: got %v", wrong, err)
			}
		}
	}
}

func TestParseLinkOfPlaces(t *testing.T) {
	for in, want := range map[string]Link{
		"https://id.gs1.de/414/4012345000115":                 {Key: Element{"414", "4012345000115"}},
		"https://example.org/gln/4012345000115/254/a%2Fb?x=1": {Key: Element{"414", "4012345000115"}, Qualifiers: []Element{{"254", "a/b"}}},
		"https://id.gs1.org/8018/385888700111111111/8019/7":   {Key: Element{"8018", "385888700111111111"}, Qualifiers: []Element{{"8019", "7"}}},
		"https://id.gs1.org/417/4012345000115/7040/1ab2":      {Key: Element{"417", "4012345000115"}, Qualifiers: []Element{{"7040", "1ab2"}}},
	} {
		if l, found, err := ParseLink(in); !found || err != nil || !reflect.DeepEqual(l, want) {
			t.Errorf("%s: got %v, %v, %v", in, l, found, err)
		}
	}
	for in, want := range map[string]string{
		"urn:epc:id:sgln:4012345.00011.987":   "https://id.gs1.org/414/4012345000115/254/987",
		"urn:epc:id:sgln:4012345.00011.0":     "https://id.gs1.org/414/4012345000115",
		"urn:epc:id:sgln:012345678901..0":     "https://id.gs1.org/414/0123456789012",
		"urn:epc:id:pgln:4000001.98765":       "https://id.gs1.org/417/4000001987658",
		"urn:epc:id:pgln:012345678901.":       "https://id.gs1.org/417/0123456789012",
		"urn:epc:id:gsrn:0614141.1234567890":  "https://id.gs1.org/8018/061414112345678902",
		"urn:epc:id:gsrnp:0614141.1234567890": "https://id.gs1.org/8017/061414112345678902",
		"urn:epc:id:gsin:0614141.123456789":   "https://id.gs1.org/402/06141411234567890",
		"urn:epc:id:ginc:0614141.xyz3311.cba": "https://id.gs1.org/401/0614141xyz3311.cba",
		"urn:epc:id:sgcn:4012345.67890.04711": "https://id.gs1.org/255/401234567890104711",
		"urn:epc:idpat:gdti:4012345.55555.*":  "https://id.gs1.org/253/4012345555554",
	} {
		if l, found, err := ParseURN(in); !found || err != nil || l.URI() != want {
			t.Errorf("%s: got %v, %v, %v, want %s", in, l.URI(), found, err, want)
		}
	}
}

// A value of any characters of the set survives encoding, and its encoding is
// the one canonical.
func TestEncodingRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	for range 2000 {
		value := make([]byte, 1+rng.IntN(20))
		for i := range value {
			value[i] = alphabet82[rng.IntN(len(alphabet82))]
		}
		uri := Link{Key: Element{"01", "04012345999990"}, Qualifiers: []Element{{"10", string(value)}}}.URI()
		p, err := ParseProduct(uri)
		if err != nil || p.Level() != Lot {
			t.Fatalf("%q: %s: %v", value, uri, err)
		}
		l, _, _ := ParseLink(uri)
		if l.Qualifiers[0].Value != string(value) {
			t.Fatalf("%q became %q", value, l.Qualifiers[0].Value)
		}
		var all strings.Builder // every character encoded is the same name
		for _, c := range value {
			all.WriteString("%" + string(hexDigits[c>>4]) + strings.ToLower(string(hexDigits[c&15])))
		}
		if q, err := NameProduct("https://x.example/01/4012345999990/10/" + all.String()); err != nil || q != p {
			t.Fatalf("%q: got %s, %v, want %s", value, q, err, p)
		}
	}
}

func FuzzNameProduct(f *testing.F) {
	for _, seed := range []string{
		"https://id.gs1.org/01/04012345999990/22/a/10/L%2f7/21/x", "urn:epc:id:sgtin:4012345.011111.98%2F76",
		"https://example.com:8443/a/00/340123453111111115?x#y", "urn:UUID:F81D4FAE", "did:web:a%3A1", "urn:epc:id:giai:4000001.1.1",
		"https://id.gs1.org/8006/040123459999900102/21/5", "hdl:86.1000/%41", "urn:epc:id:sgln:012345678901..0", "http://a/01/95050003",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		p, err := NameProduct(uri)
		if err != nil {
			if p != (Product{}) {
				t.Errorf("%q: an error and %v", uri, p)
			}
			return
		}
		if len(p.String()) > MaxLength || p.Level() < Class || p.Level() > Named {
			t.Errorf("%q: got %q, %v", uri, p, p.Level())
		}
		again, err := ParseProduct(p.String())
		if err != nil || again != p {
			t.Errorf("%q: %q is not canonical: %q, %v", uri, p, again, err)
		}
		if class, ok := p.Class(); ok {
			if c, err := ParseProduct(class.String()); err != nil || c != class {
				t.Errorf("%q: class %q is no name: %v", uri, class, err)
			}
		}
	})
}
