package difftest

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

var update = flag.Bool("update", false, "write testdata/verdicts.json and traces.json anew")

const (
	verdictsPath = "testdata/verdicts.json"
	tracesPath   = "testdata/traces.json" // of the claim traced
	// foundPath has mutants on which the verifiers once disagreed; -update writes
	// the verdicts of those anew.
	foundPath = "testdata/found.json"
)

// vector is a mutant with the verdict on it, which both verifiers must give:
// docs/formats.md, section 18.
type vector struct {
	Name   string          `json:"name"`
	Card   string          `json:"card"`
	Bundle string          `json:"bundle"`
	Claim  light.Claim     `json:"claim"`
	Limits limits          `json:"limits"`
	Now    string          `json:"now"` // Unix nanoseconds
	Want   json.RawMessage `json:"want"`
}

func (v *vector) question(t *testing.T) *question {
	now, err := strconv.ParseInt(v.Now, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return &question{Card: unhex(t, v.Card), Bundle: unhex(t, v.Bundle), Claim: v.Claim, Limits: v.Limits, Now: now}
}

// TestVerdicts: this verifier gives the verdicts of the vectors; `npm test` has the
// other give them.
func TestVerdicts(t *testing.T) {
	if *update {
		writeVerdicts(t)
	}
	seen := map[string]bool{}
	for _, v := range slices.Concat(readVectors(t, verdictsPath), readVectors(t, tracesPath), readVectors(t, foundPath)) {
		q := v.question(t)
		got := verdictOf(t, q)
		if a, b := plain(t, got), plain(t, v.Want); difference(a, b, "") != difference(b, b, "") {
			t.Errorf("%s: %s (Go, then the file)", v.Name, difference(a, b, ""))
		}
		for code := range strings.SplitSeq(v.Name, " ") {
			seen[code] = true
		}
	}
	for _, code := range []string{"unreadable-record", "no-card", "bad-claim", "unproven", "bad-seal", "issuer-approved", "complete-history", "seal-before-date-ended",
		"anchored", "content-anchored", "unknown-anchor", "traced", "unknown-product", "recalled", "not-valid-at-event", "trace-too-large", "flags-then-unproven",
		"not-valid-now", "no-certificates", "reported-late", "no-certificates-at-event", "holder-changed", "unknown-origin", "unconfirmed-link"} {
		if !seen[code] {
			t.Errorf("no vector meets %s", code)
		}
	}
}

func readVectors(t *testing.T, path string) (vectors []vector) {
	readJSON(t, path, &vectors)
	return vectors
}

func readJSON(t *testing.T, path string, to any) {
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, to); err != nil {
		t.Fatal(err)
	}
}

func writeVectors(t *testing.T, path string, vectors []vector) {
	b, err := json.MarshalIndent(vectors, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(b, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

func verdictOf(t *testing.T, q *question) []byte {
	card, err := light.ParseCard(q.Card)
	if err != nil {
		card = nil
	}
	v := light.Verify(q.Bundle, card, q.Claim, q.Limits.of(), time.Unix(0, q.Now))
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// writeVerdicts keeps, of many mutants, the smallest for each combination of a kind
// of claim, codes and status.
func writeVerdicts(t *testing.T) {
	kept, traces := map[string]vector{}, map[string]vector{}
	*share = 0
	keepSmallest(t, rand.New(rand.NewPCG(7, 7)), 16, 30, kept)
	*share = 100
	keepSmallest(t, rand.New(rand.NewPCG(7, 8)), 30, 15, traces)
	maps.DeleteFunc(traces, func(_ string, v vector) bool { return v.Claim.Kind != light.Traced })
	writeKept(t, verdictsPath, kept)
	writeKept(t, tracesPath, traces)
	found := readVectors(t, foundPath)
	for i := range found {
		found[i].Want = verdictOf(t, found[i].question(t))
	}
	writeVectors(t, foundPath, found)
}

// keepSmallest asks about worlds of so many certificates.
func keepSmallest(t *testing.T, r *rand.Rand, worlds, certificates int, kept map[string]vector) {
	keys := newPool(t, r)
	for range worlds {
		w := newWorld(t, r, keys, certificates)
		cards := make([]int, len(w.cards))
		for i := range cards {
			cards[i] = i
		}
		w.questions(cards, 1<<20, func(q *question) {
			verdict := verdictOf(t, q)
			v := vector{
				Name: codesOf(t, verdict), Card: hex.EncodeToString(q.Card), Bundle: hex.EncodeToString(q.Bundle),
				Claim: q.Claim, Limits: q.Limits, Now: strconv.FormatInt(q.Now, 10), Want: verdict,
			}
			if old, ok := kept[v.Name]; !ok || len(v.Bundle) < len(old.Bundle) {
				kept[v.Name] = v
			}
		})
	}
}

func writeKept(t *testing.T, path string, kept map[string]vector) {
	var all []vector
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		all = append(all, kept[name])
	}
	for i := range all {
		all[i].Name = fmt.Sprintf("%03d %s", i, all[i].Name)
	}
	writeVectors(t, path, all)
}

// codesOf is the kind of the claim and all codes of a verdict but limits.
func codesOf(t *testing.T, verdict []byte) string {
	var v struct {
		Claim struct{ Kind string }
		Reasons, Unproven,
		Notes []struct{ Code string }
		Certificate *struct{ Effective struct{ Status string } }
	}
	if err := json.Unmarshal(verdict, &v); err != nil {
		t.Fatal(err)
	}
	codes := []string{v.Claim.Kind}
	limit := []string{"stale", "future", "clock-behind", "card-ended"}
	for i, c := range v.Reasons { // one limit is enough
		if !slices.Contains(limit, c.Code) || i == len(v.Reasons)-1 {
			codes = append(codes, c.Code)
		}
	}
	for _, c := range append(v.Unproven, v.Notes...) {
		if v.Claim.Kind == "traced" && c.Code != "card-unsigned" || c.Code == "recorded-later" || c.Code == "components-unproven" {
			codes = append(codes, c.Code)
		}
	}
	if v.Certificate != nil && v.Claim.Kind == "valid" {
		codes = append(codes, v.Certificate.Effective.Status)
	}
	return strings.Join(codes, " ")
}

// TestCountries holds the list of docs/formats.md, appendix B, against the one that
// the ledger has.
func TestCountries(t *testing.T) {
	raw, err := os.ReadFile("../../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(raw), "<!-- countries -->\n```\n")
	list, _, ok := strings.Cut(list, "```")
	var want []string
	for i := range 1000 {
		if c := fmt.Sprintf("%03d", i); known(c) {
			want = append(want, c)
		}
	}
	if got := strings.Fields(list); !ok || !slices.Equal(got, want) {
		t.Errorf("docs/formats.md has %d countries, the ledger %d", len(got), len(want))
	}
}

func known(code string) bool {
	_, ok := rules.CountryOf(code)
	return ok
}
