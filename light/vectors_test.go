package light

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"slices"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write testdata/vectors anew")

const vectorsFile = "testdata/vectors/vectors.json"

// vectors is the file of vectors; docs/formats.md, section 18, describes it.
type vectors struct {
	Cards       map[string]string `json:"cards"`
	CardVectors []cardVector      `json:"card_vectors"`
	Vectors     []vector          `json:"vectors"`
}

type cardVector struct {
	Name string `json:"name"`
	Card string `json:"card"`
	Want string `json:"want"` // ok, or ErrCard
}

type vector struct {
	Name   string       `json:"name"`
	Card   string       `json:"card"`
	Claim  Claim        `json:"claim"`
	Limits vectorLimits `json:"limits"`
	Now    time.Time    `json:"now"`
	Bundle string       `json:"bundle"`
	Want   vectorWant   `json:"want"`
}

type vectorLimits struct {
	MaxAge       int64 `json:"max_age_seconds"`
	MaxSize      int   `json:"max_size"`
	HeadSuffices bool  `json:"head_suffices"`
}

type vectorWant struct {
	Outcome   string   `json:"outcome"`
	Reasons   []string `json:"reasons"`
	Unproven  []string `json:"unproven,omitempty"`
	Notes     []string `json:"notes,omitempty"`
	Height    uint64   `json:"height,omitempty"`
	Handovers int      `json:"handovers,omitempty"`
	Status    uint8    `json:"status,omitempty"`
	Reason    string   `json:"status_reason,omitempty"`
	Since     string   `json:"since,omitempty"`
	Flags     uint32   `json:"flags,omitempty"`
	Records   []uint32 `json:"records,omitempty"`
	Issuers   []string `json:"issuers,omitempty"`
	Details   bool     `json:"details,omitempty"`

	// Of the claim anchored: id of the anchor shown, index of the leaf plus one.
	Anchor string `json:"anchor,omitempty"`
	Leaf   uint64 `json:"leaf,omitempty"`

	Traced *tracedWant `json:"traced,omitempty"`
}

func (l vectorLimits) limits() Limits {
	return Limits{MaxAge: time.Duration(l.MaxAge) * time.Second, MaxSize: l.MaxSize, HeadSuffices: l.HeadSuffices}
}

// wantOf is what a vector says of a verdict.
func wantOf(v *Verdict) vectorWant {
	w := vectorWant{Outcome: v.Outcome.String(), Reasons: codes(v.Reasons), Height: v.Height, Handovers: v.Handovers, Issuers: v.Issuers, Details: v.Details != nil}
	if len(v.Unproven) > 0 {
		w.Unproven = codes(v.Unproven)
	}
	if len(v.Notes) > 0 {
		w.Notes = codes(v.Notes)
	}
	if v.Status != nil {
		w.Status, w.Reason, w.Since, w.Flags = uint8(v.Status.Status), v.Status.Reason, dateText(v.Status.Since), uint32(v.Status.Flags)
	}
	for _, r := range v.Records {
		w.Records = append(w.Records, r.N)
	}
	if v.Evidence != nil {
		w.Anchor = v.Anchor.String()
	}
	if v.Leaf != nil {
		w.Leaf = v.Leaf.Index + 1
	}
	if v.Trace != nil {
		w.Traced = tracedWantOf(v.Trace)
	}
	return w
}

// TestVectors holds this verifier against the file.
func TestVectors(t *testing.T) {
	file, adversarial := holdVectors(t, vectorsFile)
	if adversarial < 60 {
		t.Errorf("%d vectors of what is not established, want 60 at least", adversarial)
	}
	haveCodes(t, file, reasons, reasonNoCard, reasonUnreadable)
}

// haveCodes wants each reason in some vector, but for a few.
func haveCodes(t *testing.T, file vectors, want []Reason, except ...Reason) {
	t.Helper()
	for _, reason := range want {
		if !slices.ContainsFunc(file.Vectors, func(v vector) bool {
			return slices.Contains(slices.Concat(v.Want.Reasons, v.Want.Unproven, v.Want.Notes), reason.Code)
		}) && !slices.Contains(except, reason) {
			t.Errorf("no vector has the code %s", reason.Code)
		}
	}
}

// holdVectors holds this verifier against a file, and returns how many of its
// vectors are of what is not established.
func holdVectors(t *testing.T, path string) (file vectors, adversarial int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.CardVectors {
		if _, err := ParseCard(unhex(t, c.Card)); (err == nil) != (c.Want == "ok") || err != nil && !errors.Is(err, ErrCard) {
			t.Errorf("card %s: %v, want %s", c.Name, err, c.Want)
		}
	}
	cards, known := map[string]*Card{}, map[string]*Verifier{}
	for name, raw := range file.Cards {
		if cards[name], err = ParseCard(unhex(t, raw)); err != nil {
			t.Fatalf("card %s: %v", name, err)
		}
		known[name] = NewVerifier(cards[name])
	}
	for _, v := range file.Vectors {
		bundle := unhex(t, v.Bundle)
		got := Verify(bundle, cards[v.Card], v.Claim, v.Limits.limits(), v.Now)
		readable(t, got)
		want, _ := json.Marshal(v.Want)
		for _, verdict := range []*Verdict{got, known[v.Card].Verify(bundle, v.Claim, v.Limits.limits(), v.Now)} {
			if w, _ := json.Marshal(wantOf(verdict)); !bytes.Equal(w, want) {
				t.Errorf("%s: %s\nwant %s\n%v", v.Name, w, want, verdict.Reasons)
			}
		}
		if v.Want.Outcome == NotEstablished.String() {
			adversarial++
		}
	}
	names := map[string]bool{}
	for _, v := range file.Vectors {
		if names[v.Name] {
			t.Errorf("%s: there twice", v.Name)
		}
		names[v.Name] = true
	}
	return file, adversarial
}

// TestVectorsAreCurrent makes the vectors again: they come from real states.
func TestVectorsAreCurrent(t *testing.T) {
	currentVectors(t, vectorsFile, makeVectors(t))
}

// currentVectors holds a file against the vectors that it should have, or writes it.
func currentVectors(t *testing.T, path string, file *vectors) {
	t.Helper()
	b, err := json.MarshalIndent(file, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	b = append(b, '\n')
	if *update {
		if err := errors.Join(os.MkdirAll("testdata/vectors", 0o755), os.WriteFile(path, b, 0o644)); err != nil {
			t.Fatal(err)
		}
		return
	}
	if old, err := os.ReadFile(path); err != nil || !bytes.Equal(old, b) {
		t.Errorf("the vectors are not those that the program makes: go test ./light -run Vectors -update (%v)", err)
	}
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
