package proof_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

func TestAppend(t *testing.T) {
	for _, v := range loadVectors(t).Vectors {
		p, err := proof.Parse(v.Proof)
		if err != nil {
			continue
		}
		if again := encode(p); !slices.Equal(again, v.Proof) {
			t.Errorf("%s: is also written %x", v.Name, again)
		}
	}
	dst := proof.Append([]byte("before"), proof.AbsenceEmpty, nil, nil, nil)
	if string(dst) != "before\x03" {
		t.Errorf("appended: %x", dst)
	}
}

func TestAppendRefusesMisuse(t *testing.T) {
	one, two := make([]sm3.Hash, 1), make([]sm3.Hash, 2)
	other := &proof.OtherLeaf{}
	for name, misuse := range map[string]func(){
		"no kind":                 func() { proof.Append(nil, 0, nil, nil, nil) },
		"unknown kind":            func() { proof.Append(nil, 4, nil, nil, nil) },
		"siblings missing":        func() { proof.Append(nil, proof.Inclusion, []uint8{2, 1}, nil, one) },
		"depths missing":          func() { proof.Append(nil, proof.Inclusion, nil, nil, one) },
		"topmost first":           func() { proof.Append(nil, proof.Inclusion, []uint8{1, 2}, nil, two) },
		"a depth twice":           func() { proof.Append(nil, proof.Inclusion, []uint8{2, 2}, nil, two) },
		"other leaf missing":      func() { proof.Append(nil, proof.AbsenceByLeaf, nil, nil, nil) },
		"other leaf of inclusion": func() { proof.Append(nil, proof.Inclusion, nil, other, nil) },
		"other leaf of nothing":   func() { proof.Append(nil, proof.AbsenceEmpty, nil, other, nil) },
		"forks of nothing":        func() { proof.Append(nil, proof.AbsenceEmpty, []uint8{1}, nil, one) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			misuse()
		}()
	}
}

// The verifier runs in browsers and depends on SM3 alone.
func TestBuildsForWasm(t *testing.T) {
	run := func(args ...string) string {
		cmd := exec.Command("go", args...)
		cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	run("build", "-o", os.DevNull, ".")
	for _, path := range strings.Fields(run("list", "-f", "{{range .Imports}}{{.}}\n{{end}}", ".")) {
		if strings.Contains(path, ".") && path != "github.com/hallmark-ledger/hallmark/crypto/sm3" {
			t.Errorf("imports %s", path)
		}
	}
}
