package keystore

import (
	"bytes"
	"testing"
)

// FuzzParse: no file makes Parse panic or return an undocumented error, and what
// is inside the encryption has one form.
func FuzzParse(f *testing.F) {
	file := cheapFile(f)
	info, err := marshalKey(testKey(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add(fromPEM(f, file))
	f.Add(info)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, file := range [][]byte{data, toPEM(data)} {
			if _, err := parseCheap(file); err != nil && !isOurs(err) {
				t.Errorf("undocumented error: %v", err)
			}
		}
		key, err := parseKey(data)
		if err != nil {
			return
		}
		again, err := marshalKey(key)
		if err != nil || len(again) == len(data) && !bytes.Equal(again, data) {
			t.Errorf("a key with two encodings of one length: %v", err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	file, err := Encode(nil, testKey(b), passphrase, DefaultIterations)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Parse(file, passphrase); err != nil {
			b.Fatal(err)
		}
	}
}
