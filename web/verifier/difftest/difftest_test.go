package difftest

import (
	"flag"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

var (
	mutants = flag.Int("mutants", 20000, "how many mutants both verifiers judge")
	seed    = flag.Uint64("seed", 0, "of the mutants; 0: of the clock")
	share   = flag.Int("traces", 25, "how many percent of the mutants are about traces; of the rest some are about evidence")
)

// maxFindings is after how many disagreements a run stops.
const maxFindings = 20

// question is one mutant: what both verifiers are asked.
type question struct {
	Card   []byte
	Bundle []byte
	Claim  light.Claim
	Limits limits
	Now    int64 // Unix nanoseconds
	card   int   // its place at the worker
	fresh  bool
}

// TestDifferential holds the two verifiers against each other on mutants.
func TestDifferential(t *testing.T) {
	n, s := *mutants, *seed
	if testing.Short() {
		n = min(n, 2000)
	}
	if s == 0 {
		s = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d, %d mutants", s, n)
	j := newJudge(t)
	defer j.report()
	r := rand.New(rand.NewPCG(s, 0))
	keys := newPool(t, r)
	for j.asked < n && len(j.findings) < maxFindings {
		w := newWorld(t, r, keys, 40+r.IntN(160))
		w.ask(j, n)
		j.settle()
	}
}

// ask puts questions about all certificates of the world.
func (w *world) ask(j *judge, most int) { w.questions(j.cards(w.cards), most-j.asked, j.ask) }

// questions makes at most so many questions; cards are the places of the cards.
func (w *world) questions(cards []int, most int, visit func(*question)) {
	for _, g := range w.groups {
		for range 3 {
			claim := w.claim(g)
			b := w.bundle(g, claim)
			if chance(w.r, *share) {
				b, claim = w.traced()
			} else if chance(w.r, 12+*share/2) {
				with, about := w.evidence(b)
				if b = with; chance(w.r, 80) {
					claim = about
				}
			}
			for i := range 7 {
				if most--; most < 0 {
					return
				}
				q := &question{Bundle: b, Claim: claim, Now: w.now(g), Limits: w.limits(), fresh: chance(w.r, 1)}
				if i > 2 {
					q.Bundle = w.mutateBundle(b)
				}
				if chance(w.r, 10) {
					q.Claim = w.claim(pick(w.r, g, pick(w.r, w.groups...)))
				}
				if q.Claim.Kind == light.Traced && chance(w.r, 90) {
					q.Limits.MaxSize = 0 // few bundles of traces are that small
				}
				c := 0
				if chance(w.r, 8) {
					c = w.r.IntN(len(cards))
				}
				q.Card, q.card = w.cards[c], cards[c]
				visit(q)
			}
		}
	}
}

func (w *world) claim(g *group) light.Claim {
	r := w.r
	c := light.Claim{Kind: pick(r, light.Valid, light.Valid, light.OnDate, light.OnDate, light.History, light.Absent, light.Approved), Issuer: g.ref.Issuer, Number: g.ref.Number}
	if c.Kind == light.OnDate {
		c.Date = max(1, pick(r, g.days...)+civil.Date(r.IntN(3)-1))
	}
	if c.Kind == light.Absent {
		c.Issuer = ""
	}
	if chance(r, 5) { // other certificates, and none
		switch r.IntN(6) {
		case 0:
			c.Number += "X"
		case 1:
			c.Issuer = pick(r, "", "x", "CNCA-R-2002-009", strings.Repeat("A", 25))
		case 2:
			c.Number = pick(r, "", "é", "q", strings.Repeat("0", 61), "A B", c.Number+"\n", "\u2028", c.Number+"\x00", "__proto__", "\uff21", "\ufeff"+c.Number)
		case 3:
			c.Date = pick[civil.Date](r, 0, 1, 20600, 2932896)
		case 4:
			c.Kind = pick(r, light.Valid, light.Absent, light.OnDate)
		default:
			c.Number = "NOBODY"
		}
	}
	return c
}

// now is an instant near one at which something changes.
func (w *world) now(g *group) int64 {
	r := w.r
	at := time.Unix(0, w.source.Statement.Time)
	switch r.IntN(12) {
	case 0:
		at = pick(r, g.days...).End()
	case 1:
		at = w.made.Truncate(time.Second).Add(-10 * time.Minute)
	case 2:
		at = w.ends.Truncate(time.Second).Add(time.Second)
	case 3:
		at = at.Add(-10 * time.Minute)
	case 4:
		at = at.Add(24 * time.Hour)
	case 5:
		at = at.Add(time.Duration(r.Int64N(int64(3000*24*time.Hour))) - 1000*24*time.Hour)
	default:
		at = at.Add(time.Duration(r.Int64N(int64(40 * time.Hour))))
	}
	if chance(r, 2) { // clocks that are wrong by lifetimes
		return pick(r, -1, 0, -57600e9, -57600e9-1, 1, math.MaxInt64, math.MaxInt64-1, math.MinInt64/2, -(r.Int64N(1 << 62)))
	}
	return max(0, at.UnixNano()+pick[int64](r, 0, 0, 1, -1, 1e9, -1e9, 499999999, 500000000))
}

func (w *world) limits() limits {
	r := w.r
	return limits{
		MaxAgeSeconds: pick(r, 0, 0, 0, 1e9, 1e9, 1e9, 60, 86400, 3600.5, 0.001),
		MaxSize:       pick(r, 0, 0, 0, 0, 0, 0, 0, 2000, 1),
		HeadSuffices:  chance(r, 50),
	}
}

// TestLegalWorlds: most certificates that are not altered are as the ledger writes
// them; otherwise mutants would reach no deep rule.
func TestLegalWorlds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	legal := 0
	const n = 300
	for i := range n {
		g := newGroup(r, i, nil)
		if h, err := rules.DecodeHead(g.entries[string(keyOf(5, 'h', g.ref.Issuer, g.ref.Number))]); err == nil && h.Ref == g.ref {
			legal++
		} else if testing.Verbose() {
			t.Log(err)
		}
	}
	if legal < n*9/10 {
		t.Errorf("of %d certificates %d are legal", n, legal)
	}
}
