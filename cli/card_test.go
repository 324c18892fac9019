package cli

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/store"
)

// chainOfSets is a chain as far as cards see it: an empty state that is sealed by
// set i at heights 100·i to 100·i + 99.
type chainOfSets struct {
	t    *testing.T
	keys map[[33]byte]*sm2.PrivateKey
	sets []seal.Set
}

func newChainOfSets(t *testing.T, n int) *chainOfSets {
	c := &chainOfSets{t: t, keys: map[[33]byte]*sm2.PrivateKey{}}
	names := []string{"a", "b", "c", "d"}
	for i := range n {
		names[i%4] += "'" // one key is another in each set
		var entries []seal.Entry
		for _, name := range names {
			k := apptest.Key("seal/" + name)
			c.keys[k.Public().Bytes()] = k
			entries = append(entries, seal.Entry{Key: k.Public().Bytes(), Power: 1})
		}
		set, err := seal.NewSet(entries)
		if err != nil {
			t.Fatal(err)
		}
		c.sets = append(c.sets, set)
	}
	return c
}

// sealed seals a height, whose statement names the next set.
func (c *chainOfSets) sealed(height int) (*seal.Statement, seal.Seal) {
	i := height / 100
	st := &seal.Statement{
		Chain: sm3.Sum([]byte(apptest.Chain)), Genesis: sm3.Sum([]byte("genesis")), AppVersion: 1, Height: uint64(height),
		Time: time.Now().UnixNano(), Block: sm3.Sum([]byte{byte(height)}), Set: c.sets[i].Hash(),
	}
	if i+1 < len(c.sets) {
		st.Next, st.NextHeight = c.sets[i+1].Hash(), uint64(100*(i+1))
	}
	var places []int
	var signatures []sm2.Signature
	for place, e := range c.sets[i].Entries() {
		signature, err := c.keys[e.Key].Sign(context.Background(), st.Append(nil))
		if err != nil {
			c.t.Fatal(err)
		}
		places, signatures = append(places, place), append(signatures, signature)
	}
	return st, seal.New(4, places, signatures)
}

// bundle is one of a height with the handovers from a set on.
func (c *chainOfSets) bundle(height, from int) []byte {
	st, s := c.sealed(height)
	src := light.Source{State: empty{}, Statement: *st, Seal: s}
	for i := from; i < height/100; i++ {
		st, s := c.sealed(100*i + 99)
		src.Handovers = append(src.Handovers, light.Handover{Statement: *st, Seal: s, Next: c.sets[i+1]})
	}
	b, err := light.Build(src, light.Claim{Kind: light.Absent, Number: "0"}, false)
	if err != nil {
		c.t.Fatal(err)
	}
	return b
}

// card is that of set i, signed by a regulator.
func (c *chainOfSets) card(i int, made, notAfter time.Time) *light.Card {
	card, err := light.NewCard(light.Card{
		ChainID: apptest.Chain, Genesis: sm3.Sum([]byte("genesis")), Height: uint64(max(1, 100*i)), Set: c.sets[i], Made: made, NotAfter: notAfter,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	if err := card.Sign(context.Background(), "cnca", apptest.Key("cnca/approver")); err != nil {
		c.t.Fatal(err)
	}
	return card
}

// empty is a state without entries.
type empty struct{}

func (empty) Get([]byte) ([]byte, bool, error)           { return nil, false, nil }
func (empty) Scan(_, _ []byte, _ store.Visit) error      { return nil }
func (empty) Prove([]byte) ([]byte, bool, []byte, error) { return nil, false, []byte{3}, nil }

// person runs hallmark in a home of its own.
type person struct {
	*testing.T
	home string
}

func newPerson(t *testing.T) *person {
	p := &person{t, t.TempDir()}
	t.Setenv("HOME", p.home)
	return p
}

// write puts a file into the home.
func (p *person) write(name string, b []byte) string {
	p.Helper()
	path := filepath.Join(p.home, name)
	if err := os.WriteFile(path, b, 0o644); err != nil {
		p.Fatal(err)
	}
	return path
}

// run runs a command that must end with a code, and returns what it printed.
func (p *person) run(want int, args ...string) string {
	p.Helper()
	in, err := os.Open(os.DevNull)
	if err != nil {
		p.Fatal(err)
	}
	defer in.Close()
	var out bytes.Buffer
	getenv := func(name string) string {
		return map[string]string{"LANG": "en_US.UTF-8", envNodes: "http://127.0.0.1:1"}[name]
	}
	if got := Run(p.Context(), args, in, &out, &out, getenv); got != want {
		p.Errorf("%s: exit code %d, want %d\n%s", strings.Join(args, " "), got, want, out.String())
	}
	return out.String()
}

func (p *person) pinned() *light.Card {
	p.Helper()
	b, err := os.ReadFile(filepath.Join(p.home, ".hallmark", pinName))
	if err != nil {
		p.Fatal(err)
	}
	card, err := light.ParseCard(b)
	if err != nil {
		p.Fatal(err)
	}
	return card
}

// TestCardUpdate moves a pin through three changes of sets, and never back.
func TestCardUpdate(t *testing.T) {
	c, p := newChainOfSets(t, 5), newPerson(t)
	now := time.Now().Truncate(time.Second)
	end := now.Add(90 * 24 * time.Hour)
	first := c.card(0, now.Add(-time.Hour), end)
	p.run(exitUsage, "card", "update", "x.hmb")
	p.run(exitDone, "card", "pin", p.write("first.hmcard", first.Bytes()), "--yes")

	// Bundles that the pin does not vouch for change nothing.
	short := c.bundle(350, 0)
	for name, b := range map[string][]byte{
		"none.hmb": c.bundle(350, 3), "gap.hmb": c.bundle(350, 1), "cut.hmb": short[:len(short)-1], "bad.hmb": append(slices.Clone(short), 0),
	} {
		p.run(exitUnknown, "card", "update", p.write(name, b))
	}
	if got := p.pinned(); got.Fingerprint() != first.Fingerprint() {
		t.Fatalf("the pin is %s", got.FingerprintText())
	}
	p.run(exitDone, "card", "update", p.write("same.hmb", c.bundle(50, 0)))
	if got := p.pinned(); got.Fingerprint() != first.Fingerprint() {
		t.Fatalf("the pin is %s", got.FingerprintText())
	}

	p.run(exitDone, "card", "update", p.write("b350.hmb", short))
	moved := p.pinned()
	if moved.Height != 300 || !moved.Set.Equal(c.sets[3]) || !moved.NotAfter.Equal(first.NotAfter) || moved.Genesis != first.Genesis || len(moved.Signatures) != 0 {
		t.Errorf("the pin is of height %d, until %s", moved.Height, moved.NotAfter)
	}
	out := p.run(exitDone, "card", "show")
	if !strings.Contains(out, "moved forward by handovers") || !strings.Contains(out, "signed by cnca") {
		t.Error(out)
	}
	// What an old set seals is now worth nothing, and the card does not go back.
	p.run(exitUnknown, "verify", p.write("b250.hmb", c.bundle(250, 2)), "--claim", "absent")
	p.run(exitUnknown, "card", "update", p.write("b250.hmb", c.bundle(250, 2)))
	p.run(exitUnknown, "card", "update", p.write("b250.hmb", c.bundle(250, 0)))
	p.run(exitUsage, "card", "pin", p.write("first.hmcard", first.Bytes()), "--yes")
	if got := p.pinned(); got.Fingerprint() != moved.Fingerprint() {
		t.Fatalf("the pin is %s", got.FingerprintText())
	}
	out = p.run(exitDone, "verify", p.write("b360.hmb", c.bundle(360, 3)), "--claim", "absent")
	if !strings.Contains(out, "moved forward by handovers from one that these have signed: cnca.") {
		t.Error(out)
	}
	p.run(exitDone, "card", "update", p.write("b450.hmb", c.bundle(450, 3)))
	if got := p.pinned(); got.Height != 400 {
		t.Errorf("the pin is of height %d", got.Height)
	}
	if out := p.run(exitDone, "card", "show"); !strings.Contains(out, "signed by cnca") {
		t.Error("the published card is lost: " + out)
	}
	p.run(exitDone, "card", "pin", p.write("first.hmcard", first.Bytes()), "--yes", "--replace")
	if out := p.run(exitDone, "card", "show"); strings.Contains(out, "moved forward") {
		t.Error(out)
	}
}

// TestCardPin refuses what nobody should pin without a thought.
func TestCardPin(t *testing.T) {
	c, p := newChainOfSets(t, 3), newPerson(t)
	now := time.Now().Truncate(time.Second)
	later := now.Add(time.Hour)
	card := func(name string, i int, made, end time.Time) string {
		return p.write(name, c.card(i, made, end).Bytes())
	}
	p.run(exitUsage, "card", "show")
	p.run(exitUsage, "card", "pin", card("ended.hmcard", 1, now.Add(-2*time.Hour), now.Add(-time.Hour)), "--yes")
	p.run(exitUsage, "card", "pin", card("asks.hmcard", 1, now, later))
	p.run(exitDone, "card", "pin", card("one.hmcard", 1, now, later), "--yes")
	p.run(exitDone, "card", "pin", card("two.hmcard", 2, now, later), "--yes")
	p.run(exitUsage, "card", "pin", card("one.hmcard", 1, now, later), "--yes")
	other, err := light.NewCard(light.Card{ChainID: "other", Genesis: sm3.Sum(nil), Height: 1000, Set: c.sets[0], Made: now, NotAfter: later})
	if err != nil {
		t.Fatal(err)
	}
	p.run(exitUsage, "card", "pin", p.write("other.hmcard", other.Bytes()), "--yes")
	p.run(exitDone, "card", "pin", p.write("other.hmcard", other.Bytes()), "--yes", "--replace")
	forged := c.card(2, now, later).Bytes()
	forged[len(forged)-1] ^= 1
	p.run(exitUsage, "card", "pin", p.write("forged.hmcard", forged), "--yes")
	if p.pinned().ChainID != "other" {
		t.Error("a card with a wrong signature is pinned")
	}
}

// TestVerifyEnded: a card that has ended establishes nothing, and is not moved on.
func TestVerifyEnded(t *testing.T) {
	c, p := newChainOfSets(t, 2), newPerson(t)
	now := time.Now().Truncate(time.Second)
	ended := p.write("ended.hmcard", c.card(0, now.Add(-2*time.Hour), now.Add(-time.Hour)).Bytes())
	out := p.run(exitUnknown, "verify", p.write("b.hmb", c.bundle(50, 0)), "--claim", "absent", "--card", ended)
	if !strings.Contains(out, "card has ended") {
		t.Error(out)
	}
	if err := os.MkdirAll(filepath.Join(p.home, ".hallmark"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.write(filepath.Join(".hallmark", pinName), c.card(0, now.Add(-2*time.Hour), now.Add(-time.Hour)).Bytes())
	p.run(exitUnknown, "card", "update", p.write("b150.hmb", c.bundle(150, 0)))
}

// TestCardTooOld: a node without handovers is told apart from a wrong question.
func TestCardTooOld(t *testing.T) {
	c, p := newChainOfSets(t, 2), newPerson(t)
	now := time.Now().Truncate(time.Second)
	node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/status" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"chain_id":"` + apptest.Chain + `","height":150}`))
			return
		}
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusGone)
		_, _ = w.Write([]byte(`{"title":"Gone","status":410}`))
	}))
	defer node.Close()
	p.run(exitDone, "card", "pin", p.write("card.hmcard", c.card(0, now, now.Add(time.Hour)).Bytes()), "--yes")
	for _, args := range [][]string{{"card", "update"}, {"prove", "X", "--claim", "absent", "--out", filepath.Join(p.home, "x.hmb")}} {
		if out := p.run(exitUnknown, append(args, "--node", node.URL)...); !strings.Contains(out, "newer card") {
			t.Error(out)
		}
	}
}
