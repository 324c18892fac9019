package sm2

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// TestSecretIsNotPrinted looks for d in every form in what fmt, slog and the
// encoders make of a key, of structs that hold it, and of its errors.
func TestSecretIsNotPrinted(t *testing.T) {
	k := standardKey(t)
	d := k.Bytes()
	secrets := []string{
		string(d[:]), hex.EncodeToString(d[:]), base64.StdEncoding.EncodeToString(d[:]),
		k.key.D.String(), fmt.Sprint(d[:]), fmt.Sprint(k.key.D.Bits()), fmt.Sprintf("%#v", d[:])[8:40],
		hex.EncodeToString(d[:8]), // any part will do
	}
	holders := map[string]any{
		"pointer": k, "value": *k, "signer": Signer(k), "slice": []*PrivateKey{k}, "values": []PrivateKey{*k},
		"map":      map[string]*PrivateKey{"k": k},
		"exported": struct{ Key *PrivateKey }{k}, "exported value": struct{ Key PrivateKey }{*k},
		"unexported": struct{ key *PrivateKey }{k}, "unexported value": struct{ key PrivateKey }{*k},
		"pointer to holder": &struct{ key *PrivateKey }{k}, "embedded": struct{ *PrivateKey }{k},
	}
	check := func(where, out string) {
		t.Helper()
		lower := strings.ToLower(out)
		for _, secret := range secrets {
			if strings.Contains(lower, strings.ToLower(secret)) {
				t.Errorf("%s shows the private key: %s", where, out)
			}
		}
	}
	for name, v := range holders {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%o", "%b", "%p", "%T", "%U", "%c", "%e"} {
			check(name+" "+verb, fmt.Sprintf(verb, v))
		}
		var out bytes.Buffer
		for _, log := range []*slog.Logger{slog.New(slog.NewTextHandler(&out, nil)), slog.New(slog.NewJSONHandler(&out, nil))} {
			log.Info("key", "k", v)
		}
		check(name+" in slog", out.String())

		b, _ := json.Marshal(v)
		check(name+" in JSON", string(b))
		out.Reset()
		_ = gob.NewEncoder(&out).Encode(v)
		check(name+" in gob", out.String())
	}
	if got, want := fmt.Sprintf("%+v", k), "sm2.PrivateKey(4f14 583c 3fbd f19a 56f1 05ad 74e9 8760)"; got != want {
		t.Errorf("a key prints as %q, want %q", got, want)
	}
	if got := fmt.Sprint(PrivateKey{}); got != "sm2.PrivateKey(none)" {
		t.Errorf("the zero value prints as %q", got)
	}
	if _, err := json.Marshal(k); err == nil {
		t.Error("a key is marshalled to JSON without an error")
	}
	_, err := NewPrivateKey(append(d[:], 0))
	check("an error of NewPrivateKey", err.Error())
	_, err = NewPrivateKey(bytes.Repeat([]byte{0xff}, 32))
	if strings.Contains(err.Error(), "ffff") {
		t.Errorf("an error quotes the key: %v", err)
	}
}
