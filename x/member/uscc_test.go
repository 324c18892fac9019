package member

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
)

func TestCheckUSCC(t *testing.T) {
	for _, c := range []struct{ code, fault string }{
		{"91110000802100433B", ""},
		{"91440300708461136T", ""},
		{"914403001922038216", ""},
		{"91371323760038087M", ""},
		{"91371323760038087N", "must be M"},
		{"91371323760038078M", "must be"}, // two swapped
		{"91371323760038O87M", "none of"}, // letter O
		{"91371323760038087m", "none of"}, // lower case
		{"9137132376003808M", "17 characters"},
		{"91371323760038087MM", "19 characters"},
		{"", "0 characters"},
		{"9137132376003808\u00e9", "none of"},
		{"91A71323760038087M", "digits"},
		{"91350211M000100Y43", "must be 6"},
	} {
		err := CheckUSCC(c.code)
		if c.fault == "" && err != nil || c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)) {
			t.Errorf("%q: %v, want %q", c.code, err, c.fault)
		}
	}
}

// Any one character changed and any two neighbours swapped are found out.
func TestUSCCErrorsAreFound(t *testing.T) {
	const code = "91371323760038087M"
	for i := range code {
		for _, other := range usccAlphabet {
			if bad := code[:i] + string(other) + code[i+1:]; bad != code && CheckUSCC(bad) == nil {
				t.Errorf("%s passes", bad)
			}
		}
		if i > 0 {
			if bad := code[:i-1] + code[i:i+1] + code[i-1:i] + code[i+1:]; bad != code && CheckUSCC(bad) == nil {
				t.Errorf("%s passes", bad)
			}
		}
	}
}

func TestUSCCVectors(t *testing.T) {
	const path = "../../../shared/data/cnca/uscc_vectors.json"
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the vectors of GB 32100 are not at %s", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Alphabet       string
		Weights        []int
		Valid, Invalid []struct{ Code, Why string }
	}
	if err := json.Unmarshal(b, &vectors); err != nil {
		t.Fatal(err)
	}
	if vectors.Alphabet != usccAlphabet || len(vectors.Valid) == 0 || len(vectors.Invalid) == 0 {
		t.Error("another alphabet, or no vectors")
	}
	weight := 1
	for i, w := range vectors.Weights {
		if w != weight {
			t.Errorf("weight %d is %d, not %d", i+1, w, weight)
		}
		weight = weight * 3 % 31
	}
	for _, v := range vectors.Valid {
		if err := CheckUSCC(v.Code); err != nil {
			t.Errorf("%s: %v", v.Code, err)
		}
	}
	for _, v := range vectors.Invalid {
		if CheckUSCC(v.Code) == nil {
			t.Errorf("%s passes, but %s", v.Code, v.Why)
		}
	}
}
