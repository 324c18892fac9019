package difftest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/light"
)

// judge asks both verifiers and compares.
type judge struct {
	t        *testing.T
	w        *worker
	nextCard int
	parsed   map[int]*light.Verifier // by place
	cardOf   map[int]*light.Card
	waiting  []*question
	asked    int
	told     int            // how often it was said how many
	codes    map[string]int // outcomes, and what was said → how often
	findings []finding
	started  time.Time
}

// finding is a question on which the verifiers disagree.
type finding struct {
	Name   string          `json:"name"`
	Card   string          `json:"card"`
	Bundle string          `json:"bundle"`
	Claim  light.Claim     `json:"claim"`
	Limits limits          `json:"limits"`
	Now    string          `json:"now"`
	Go     json.RawMessage `json:"go,omitempty"`
	Other  json.RawMessage `json:"other,omitempty"`
}

func newJudge(t *testing.T) *judge {
	return &judge{
		t: t, w: newWorker(t), parsed: map[int]*light.Verifier{}, cardOf: map[int]*light.Card{}, codes: map[string]int{}, started: time.Now(),
	}
}

// cards gives cards to both and returns their places.
func (j *judge) cards(list [][]byte) (places []int) {
	for _, b := range list {
		card, err := light.ParseCard(b)
		if err != nil {
			card = nil
		}
		// The worker forgets a card when another takes its place.
		place := j.nextCard % 64
		j.nextCard++
		j.parsed[place], j.cardOf[place] = light.NewVerifier(card), card
		if err := j.w.send(header{Card: place, Set: true}, b); err != nil {
			j.t.Fatal(err)
		}
		j.waiting = append(j.waiting, nil)
		places = append(places, place)
	}
	return places
}

func (j *judge) ask(q *question) {
	h := header{Card: q.card, Claim: &q.Claim, Limits: &q.Limits, Now: strconv.FormatInt(q.Now, 10), Fresh: q.fresh}
	if err := j.w.send(h, q.Bundle); err != nil {
		j.t.Fatal(err)
	}
	j.waiting = append(j.waiting, q)
	j.asked++
}

// settle compares the answers to all questions that were asked.
func (j *judge) settle() {
	if err := j.w.in.Flush(); err != nil {
		j.t.Fatal(err)
	}
	for _, q := range j.waiting {
		var mine []byte
		if q != nil {
			mine = j.verdict(q)
		}
		other, ok := <-j.w.answers
		if !ok {
			j.t.Fatal("the second verifier ended: ", j.w.err)
		}
		if q != nil {
			j.compare(q, mine, other)
		}
	}
	j.waiting = j.waiting[:0]
	if each := 50000; j.asked/each > j.told {
		j.told = j.asked / each
		fmt.Fprintf(os.Stderr, "%d mutants in %v\n", j.asked, time.Since(j.started).Round(time.Second))
	}
}

func (j *judge) verdict(q *question) []byte {
	limits := q.Limits.of()
	var v *light.Verdict
	if now := time.Unix(0, q.Now); q.fresh {
		v = light.Verify(q.Bundle, j.cardOf[q.card], q.Claim, limits, now)
	} else {
		v = j.parsed[q.card].Verify(q.Bundle, q.Claim, limits, now)
	}
	b, err := json.Marshal(v)
	if err != nil {
		j.t.Fatal(err)
	}
	j.codes["outcome "+v.Outcome.String()]++
	for _, list := range [][]light.Reason{v.Reasons, v.Unproven, v.Notes} {
		for _, r := range list {
			j.codes[r.Code]++
		}
	}
	return b
}

func (j *judge) compare(q *question, mine, other []byte) {
	if bytes.Equal(mine, other) {
		return // as most are; the order of members is the same too
	}
	a, b := plain(j.t, mine), plain(j.t, other)
	if reflect.DeepEqual(a, b) {
		return
	}
	if len(j.findings) < maxFindings {
		j.findings = append(j.findings, finding{
			Name: fmt.Sprintf("finding %d", len(j.findings)+1), Card: hex.EncodeToString(q.Card), Bundle: hex.EncodeToString(q.Bundle),
			Claim: q.Claim, Limits: q.Limits, Now: strconv.FormatInt(q.Now, 10), Go: mine, Other: other,
		})
	}
	j.t.Errorf("the verifiers disagree on %v: %s", q.Claim, difference(a, b, ""))
}

// ownWords are the reasons whose details each implementation writes as it likes:
// docs/formats.md, section 18.
var ownWords = []string{"bad-claim", "bad-bundle", "bad-seal", "bad-proof", "unproven", "unreadable-record", "trace-too-large"}

// plain is a verdict without what is free.
func plain(t *testing.T, verdict []byte) any {
	var v map[string]any
	if err := json.Unmarshal(verdict, &v); err != nil {
		t.Fatalf("a verdict that is no JSON: %v: %.200s", err, verdict)
	}
	reasons, _ := v["reasons"].([]any)
	for _, r := range reasons {
		r, _ := r.(map[string]any)
		detail, _ := r["detail"].(string)
		switch code, _ := r["code"].(string); {
		case code == "unproven": // the words are free, the key is not
			r["detail"] = detail[strings.LastIndexByte(detail, ' ')+1:]
		case slices.Contains(ownWords, code) && detail != "":
			r["detail"] = place(detail)
		}
	}
	return v
}

// place is the part of the bundle that a detail begins with, as "entry 3".
func place(detail string) string {
	where, _, ok := strings.Cut(detail, ":")
	if ok && (strings.HasPrefix(where, "entry ") || strings.HasPrefix(where, "handover ") || strings.HasPrefix(where, "leaf ")) {
		return where
	}
	return "somewhere"
}

// difference says where a and b differ first.
func difference(a, b any, path string) string {
	if x, ok := a.(map[string]any); ok {
		if y, ok := b.(map[string]any); ok {
			both := maps.Clone(x)
			maps.Copy(both, y)
			for _, k := range slices.Sorted(maps.Keys(both)) {
				if !reflect.DeepEqual(x[k], y[k]) {
					return difference(x[k], y[k], path+"."+k)
				}
			}
		}
	}
	if x, ok := a.([]any); ok {
		if y, ok := b.([]any); ok && len(x) == len(y) {
			for i := range x {
				if !reflect.DeepEqual(x[i], y[i]) {
					return difference(x[i], y[i], fmt.Sprintf("%s[%d]", path, i))
				}
			}
		}
	}
	text := func(v any) string {
		s, err := json.Marshal(v)
		if err != nil {
			return err.Error()
		}
		return string(s)
	}
	return fmt.Sprintf("%s: Go %.300s, TypeScript %.300s", path, text(a), text(b))
}

// report says what was asked and keeps what was found.
func (j *judge) report() {
	took := time.Since(j.started)
	j.t.Logf("%d mutants in %v, %.0f a second", j.asked, took.Round(time.Second), float64(j.asked)/took.Seconds())
	for _, code := range slices.Sorted(maps.Keys(j.codes)) {
		j.t.Logf("%8d  %s", j.codes[code], code)
	}
	if len(j.findings) == 0 {
		return
	}
	b, err := json.MarshalIndent(j.findings, "", " ")
	if err != nil {
		j.t.Fatal(err)
	}
	dir := filepath.Join("..", "..", "..", "build", "difftest")
	name := filepath.Join(dir, fmt.Sprintf("%x.json", sha256.Sum256(b))[:24]+".json")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		j.t.Fatal(err)
	}
	if err := os.WriteFile(name, b, 0o644); err != nil {
		j.t.Fatal(err)
	}
	j.t.Logf("findings are in %s", name)
}
