package proof_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

var update = flag.Bool("update", false, "write testdata/vectors.json and the example in docs/formats.md anew")

const vectorsPath = "testdata/vectors.json"

// vectorFile is testdata/vectors.json, which docs/formats.md describes.
type vectorFile struct {
	States  []state  `json:"states"`
	Vectors []vector `json:"vectors"`
}

// state is a set of entries and its root.
type state struct {
	Name    string   `json:"name"`
	Root    hexBytes `json:"root"`
	Entries []entry  `json:"entries"`
}

type entry struct {
	Key   hexBytes `json:"key"`
	Value hexBytes `json:"value"`
}

// vector is a proof and what a verifier makes of it.
type vector struct {
	Name  string    `json:"name"`
	Claim string    `json:"claim"` // "inclusion" or "absence"
	Root  hexBytes  `json:"root"`
	Key   hexBytes  `json:"key"`
	Value *hexBytes `json:"value,omitempty"` // inclusion only
	Proof hexBytes  `json:"proof"`
	Want  string    `json:"want"` // "ok", or the name of the error
}

// hexBytes is written as hexadecimal digits.
type hexBytes []byte

func (b hexBytes) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(b)), nil }
func (b *hexBytes) UnmarshalText(text []byte) (err error) {
	*b, err = hex.DecodeString(string(text))
	return err
}

// verdicts are the names of the errors.
var verdicts = map[string]error{
	"ok":             nil,
	"ErrTruncated":   proof.ErrTruncated,
	"ErrTrailing":    proof.ErrTrailing,
	"ErrUnknownKind": proof.ErrUnknownKind,
	"ErrBitmapSize":  proof.ErrBitmapSize,
	"ErrBitmapZero":  proof.ErrBitmapZero,
	"ErrWrongKind":   proof.ErrWrongKind,
	"ErrSamePath":    proof.ErrSamePath,
	"ErrOffPath":     proof.ErrOffPath,
	"ErrRoot":        proof.ErrRoot,
}

func loadVectors(t testing.TB) vectorFile {
	b, err := os.ReadFile(vectorsPath)
	if err != nil {
		t.Fatal(err)
	}
	var f vectorFile
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		t.Fatal(err)
	}
	return f
}

func (v *vector) verify() error {
	if v.Claim == "inclusion" {
		return proof.VerifyInclusion(sm3.Hash(v.Root), v.Key, *v.Value, v.Proof)
	}
	return proof.VerifyAbsence(sm3.Hash(v.Root), v.Key, v.Proof)
}

func TestVectors(t *testing.T) {
	f := loadVectors(t)
	for _, s := range f.States {
		kvs := make([]storetest.KV, len(s.Entries))
		for i, e := range s.Entries {
			kvs[i] = storetest.KV{Key: e.Key, Value: e.Value}
		}
		if root := storetest.Root(kvs); root != sm3.Hash(s.Root) {
			t.Errorf("state %s has the root %v", s.Name, root)
		}
	}

	counts := map[string]int{}
	for _, v := range f.Vectors {
		want, known := verdicts[v.Want]
		if !known {
			t.Errorf("%s: unknown verdict %q", v.Name, v.Want)
		}
		counts[v.Want]++
		if got := v.verify(); got != want {
			t.Errorf("%s: %v, want %s", v.Name, got, v.Want)
		}
		if got := plainVerify(&v); got != (want == nil) {
			t.Errorf("%s: the plain verifier says %v", v.Name, got)
		}
		if _, err := proof.Parse(v.Proof); errors.Is(err, proof.ErrMalformed) != (err != nil) || (err != nil && err != want) {
			t.Errorf("%s: Parse: %v", v.Name, err)
		}
	}
	for name := range verdicts {
		if counts[name] == 0 {
			t.Errorf("no vector wants %s", name)
		}
	}
	if refused := len(f.Vectors) - counts["ok"]; refused < 40 || counts["ok"] < 40 {
		t.Errorf("%d vectors are refused and %d accepted", refused, counts["ok"])
	}
}

// TestVectorsUpToDate makes the vectors anew and compares.
func TestVectorsUpToDate(t *testing.T) {
	want, err := json.MarshalIndent(makeVectors(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(vectorsPath, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(vectorsPath)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error(vectorsPath + " is not what the generator makes; run with -update if the format was meant to change")
	}
}
