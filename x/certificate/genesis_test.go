package certificate

import (
	"encoding/json"
	"strings"
	"testing"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// busy returns a world with some of everything in its state.
func busy(t testing.TB) *world {
	w := newWorld(t, "2017-06-01")
	w.window = 10
	a, b := w.issue(ms, "A-1"), w.issue(ms, "A-2")
	c := w.issue(rules.CCC, "2009010702358369")
	w.ok(cqc, body(cqc), w.message(ms, rules.Extend, a, 0, 0))
	w.ok(samr, head(samr), w.message(ms, rules.Order, a, 0, 0))
	w.ok(local, head(local), w.message(ms, rules.Order, a, 0, 0))
	w.ok(samr, head(samr), w.message(ms, rules.CloseOrder, a, 3, 0))
	w.ok(samr, head(samr), w.message(ms, rules.Flag, a, 0, 0))
	w.ok(cqm, append(body(cqm), body(cqc)...), w.message(ms, rules.Transfer, b, 0, 0))
	m := &certificatev1.Issue{Certificate: w.certificate(ms, "A-3"), Decided: w.day()}
	m.Certificate.Details.Main = &certificatev1.Ref{Issuer: a.Issuer, Number: a.Number}
	w.ok(cqc, body(cqc), m)
	w.ok(cqc, body(cqc), w.past("A-4", valid))
	w.revoke(a, "0101")
	w.suspend(c, "2017-09-01")
	w.members[cqc].Active = false
	w.ok(samr, head(samr), &certificatev1.ReleaseCertificates{Issuer: cqcNumber, Receiver: cqm, Until: days("2017-07-01")})
	w.to("2017-06-12")
	w.endBlock()
	return w
}

func TestGenesis(t *testing.T) {
	w := busy(t)
	g, err := w.m.ExportGenesis(w.state)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(g, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	var again Genesis
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	state := &storetest.Mem{}
	if err := w.m.InitGenesis(state, &again); err != nil {
		t.Fatal(err)
	}
	if state.Root() != w.state.(*storetest.Mem).Root() {
		t.Error("another state")
	}
	for _, prefix := range []string{
		heads.Prefix(), texts.Prefix(), formers.Prefix(), records.Prefix(), numbers.Prefix(), holders.Prefix(), uses.Prefix(), successors.Prefix(),
		bars.Prefix(), barred.Prefix(), supervisions.Prefix(), orders.Prefix(), queue.Prefix(), imports.Prefix(), releases.Prefix(),
	} {
		n := 0
		_ = state.Scan([]byte(prefix), nil, func(_, _ []byte) (bool, error) { n++; return true, nil })
		if n == 0 {
			t.Errorf("the test has nothing under %q", prefix)
		}
	}

	if err := w.m.InitGenesis(&storetest.Mem{}, &Genesis{}); err != nil {
		t.Errorf("an empty genesis: %v", err)
	}
	for _, c := range []struct {
		name, want string
		spoil      func(g *Genesis)
	}{
		{"no record", "no record", func(g *Genesis) { g.Certificates[1].Records = nil }},
		{"a record less", "", func(g *Genesis) { g.Certificates[1].Records = g.Certificates[1].Records[1:] }},
		{"records in another order", "", func(g *Genesis) {
			r := g.Certificates[1].Records
			r[0], r[1] = r[1], r[0]
		}},
		{"another certificate's details", "", func(g *Genesis) { g.Certificates[1].Details = g.Certificates[2].Details }},
		{"no former text", "", func(g *Genesis) { g.Certificates[1].Former = nil }},
		{"details that are no JSON", "", func(g *Genesis) { g.Certificates[1].Details = json.RawMessage(`{"holder":`) }},
		{"former that is no JSON", "former", func(g *Genesis) { g.Certificates[1].Former[0] = json.RawMessage(`7`) }},
		{"a record that is no JSON", "record 1", func(g *Genesis) { g.Certificates[1].Records[0] = json.RawMessage(`{"what":1}`) }},
		{"twice", "twice", func(g *Genesis) { g.Certificates = append(g.Certificates, g.Certificates[1]) }},
		{"an order less", "", func(g *Genesis) { g.Certificates[1].Orders = g.Certificates[1].Orders[1:] }},
		{"an order of another", "", func(g *Genesis) { g.Certificates[1].Orders[0].Member = "x" }},
		{"an order of no record", "", func(g *Genesis) { g.Certificates[1].Orders[1].Record = 99 }},
		{"orders in another order", "", func(g *Genesis) { g.Certificates[1].Orders[1].Record = 1 }},
		{"an order of no date", "order", func(g *Genesis) { g.Certificates[1].Orders[0].Due = "x" }},
		{"an order closed by another act", "", func(g *Genesis) { g.Certificates[1].Orders[0].Closed = 1 }},
		{"an order open again", "", func(g *Genesis) { g.Certificates[1].Orders[0].Closed = 0 }},
		{"no flag", "", func(g *Genesis) { g.Certificates[1].Flags = nil }},
		{"flags out of order", "ascending", func(g *Genesis) { g.Certificates[1].Flags = []string{"b", "a"} }},
		{"imports of nobody", "imports 0", func(g *Genesis) { g.Imports[0].Member = "" }},
		{"release without a date", "release 0", func(g *Genesis) { g.Releases[0].Until = "" }},
		{"release of nobody", "release 0", func(g *Genesis) { g.Releases[0].Issuer = "" }},
		{"release by nothing", "release 0", func(g *Genesis) { g.Releases[0].Tx = "AB" }},
	} {
		var g Genesis
		if err := json.Unmarshal(text, &g); err != nil {
			t.Fatal(err)
		}
		c.spoil(&g)
		if err := w.m.InitGenesis(&storetest.Mem{}, &g); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestInvariantsSee: whichever entry is lost, changed to another of its kind, or
// too many, Check says so. Imports, releases and the regulators' own texts stand
// for themselves.
func TestInvariantsSee(t *testing.T) {
	w := busy(t)
	all := w.state.(*storetest.Mem).All()
	alone := func(key []byte) bool {
		return strings.HasPrefix(string(key), imports.Prefix()) || strings.HasPrefix(string(key), releases.Prefix())
	}
	for _, kv := range all {
		if alone(kv.Key) {
			continue
		}
		b := store.NewBranch(w.state)
		if err := b.Delete(kv.Key); err != nil {
			t.Fatal(err)
		}
		if w.m.Check(b) == nil {
			t.Errorf("key %x is not missed", kv.Key)
		}
		for _, other := range all {
			if other.Key[1] != kv.Key[1] || string(other.Value) == string(kv.Value) {
				continue
			}
			b := store.NewBranch(w.state)
			if err := b.Set(kv.Key, other.Value); err != nil {
				t.Fatal(err)
			}
			if w.m.Check(b) == nil {
				t.Errorf("key %x may have the value of key %x", kv.Key, other.Key)
			}
		}
		b = store.NewBranch(w.state)
		if err := b.Set(kv.Key, append(kv.Value, 0xff)); err != nil {
			t.Fatal(err)
		}
		if w.m.Check(b) == nil {
			t.Errorf("key %x may have another value", kv.Key)
		}
	}
}
