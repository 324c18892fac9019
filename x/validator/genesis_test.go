package validator

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// lived returns a chain in whose state everything occurs.
func lived(t testing.TB) *world {
	w := newWorld(t, 10, 10, 10, 10)
	for _, err := range []error{
		w.set(false, adding(t, 4, 4, 10)), w.set(false, removing(1), consensusing(0, 20)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w.runTo(41)
	if err := w.rotate(2, 30); err != nil {
		t.Fatal(err)
	}
	for _, o := range []Offence{
		{consensusKeyOf(0).Address(), 5, DuplicateVote}, {consensusKeyOf(0).Address(), 6, DuplicateVote},
		{consensusKeyOf(1).Address(), 6, LightClientAttack}, {Address{}, 6, 7},
	} {
		if err := w.offend(o); err != nil {
			t.Fatal(err)
		}
	}
	for i, height := range []uint64{4, 7, 7} {
		if err := w.report(conflictOf(t, i/2, height), operator(3)); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *world) offend(o Offence) error {
	return w.do(func(c *exec.Context) error {
		return w.m.RecordMisbehaviour(c, o, Misbehaviour{Time: time.Unix(1, 5).UTC(), Power: 10, TotalPower: 40})
	})
}

func TestMisbehaviour(t *testing.T) {
	w := lived(t)
	root := w.state.Root()
	if err := w.offend(Offence{consensusKeyOf(0).Address(), 5, DuplicateVote}); err != nil || w.state.Root() != root {
		t.Errorf("the same once more: %v", err)
	}
	if n, err := w.m.Offences(w.state, consensusKeyOf(0).Address()); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	var got []string
	err := w.m.Misbehaviours(w.state, Offence{}, func(o Offence, v Misbehaviour) (bool, error) {
		if v.Reported != 41 || v.TotalPower != 40 || !v.Time.Equal(time.Unix(1, 5)) {
			t.Errorf("%+v", v)
		}
		got = append(got, o.Kind.String()+" "+v.Validator)
		return true, nil
	})
	if s := strings.Join(got, ", "); err != nil || len(got) != 4 || got[0] != "unknown " || !strings.Contains(s, "light_client_attack val-01") {
		t.Errorf("%s, %v", s, err)
	}
	if k, ok, err := w.m.ByAddress(w.state, consensusKeyOf(20).Address()); !ok || err != nil || k != consensusKeyOf(20) {
		t.Errorf("%s, %v", k, err)
	}
}

func TestGenesisRoundTrip(t *testing.T) {
	w := lived(t)
	g, err := w.m.ExportGenesis(w.state)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	read := &Genesis{}
	if err := json.Unmarshal(text, read); err != nil || !reflect.DeepEqual(g, read) {
		t.Fatal(err)
	}
	if err := read.CheckProofs(chain); err != nil {
		t.Error(err)
	}
	if err := read.CheckProofs("another"); err == nil {
		t.Error("proofs hold for another chain")
	}
	again := &storetest.Mem{}
	if err := w.m.InitGenesis(again, read); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again.All(), w.state.All()) {
		t.Error("the state differs after export and import")
	}
}

func TestGenesisRefuses(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(*Genesis)
		want   string
	}{
		{"no set", func(g *Genesis) { *g = Genesis{} }, "no set"},
		{"empty set", func(g *Genesis) { g.Sets[0].Validators = nil }, "no validator"},
		{"not sorted", func(g *Genesis) { v := g.Sets[0].Validators; v[0], v[1] = v[1], v[0] }, "ascending"},
		{"no power", func(g *Genesis) { g.Sets[0].Validators[1].Power = 0 }, "no power"},
		{"too much", func(g *Genesis) { g.Sets[0].Validators[1].Power = MaxTotal }, "more than"},
		{"bad member", func(g *Genesis) { g.Sets[0].Validators[1].Member = "M" }, "id of a member"},
		{"bad name", func(g *Genesis) { g.Sets[0].Validators[1].Name = "v" }, "name for a validator"},
		{"one key for two", func(g *Genesis) { g.Sets[0].Validators[1].ConsensusKey = g.Sets[0].Validators[0].ConsensusKey }, "consensus address"},
		{"one seal key for two", func(g *Genesis) { g.Sets[0].Validators[1].SealKey = g.Sets[0].Validators[0].SealKey }, "twice"},
		{"capital digits", func(g *Genesis) { k := &g.Sets[0].Validators[1].SealKey; *k = strings.ToUpper(*k) }, "lower-case"},
		{"bad consensus key", func(g *Genesis) { g.ConsensusKeys[0].Key = strings.Repeat("0", 64) }, "small order"},
		{"short consensus key", func(g *Genesis) { g.ConsensusKeys[0].Key = "00" }, "64 lower-case"},
		{"short proof", func(g *Genesis) { g.SealKeys[0].Proof = "00" }, "128 lower-case"},
		{"consensus key missing", func(g *Genesis) { g.ConsensusKeys = g.ConsensusKeys[1:] }, "its record"},
		{"seal key missing", func(g *Genesis) { g.SealKeys = g.SealKeys[1:] }, "its record"},
		{"consensus key twice", func(g *Genesis) { g.ConsensusKeys = append(g.ConsensusKeys, g.ConsensusKeys[0]) }, "twice"},
		{"seal key twice", func(g *Genesis) { g.SealKeys = append(g.SealKeys, g.SealKeys[0]) }, "twice"},
		{"another's key", func(g *Genesis) { g.SealKeys[0].Member = member(1) }, "its record"},
		{"unused key", func(g *Genesis) {
			g.ConsensusKeys = append(g.ConsensusKeys, GenesisConsensusKey{Key: consensusKeyOf(40).String(), Validator: name(0), Member: member(0)})
		}, "in no set"},
		{"registered later", func(g *Genesis) { g.SealKeys[0].Registered = 1 }, "its record"},
		{"decided later", func(g *Genesis) { g.Sets[0].Decided = 2 }, "before its decision"},
		{"the same set twice", func(g *Genesis) { g.Sets = append(g.Sets, g.Sets[0]) }, "does not begin after"},
		{"a second set too soon", func(g *Genesis) { g.Sets = append(g.Sets, g.Sets[0]); g.Sets[1].Begin = 20 }, "too soon"},
		{"offence twice", func(g *Genesis) {
			o := GenesisMisbehaviour{Address: strings.Repeat("0", 40)}
			g.Misbehaviours = []GenesisMisbehaviour{o, o}
		}, "twice"},
		{"conflict twice", func(g *Genesis) { c := conflictIn(t, 0); g.Conflicts = []GenesisConflict{c, c} }, "twice"},
		{"no conflict", func(g *Genesis) {
			c := conflictIn(t, 0)
			c.Second, c.SecondSignature = c.First, c.FirstSignature
			g.Conflicts = []GenesisConflict{c}
		}, "is none"},
		{"conflict out of order", func(g *Genesis) {
			c := conflictIn(t, 0)
			c.First, c.FirstSignature, c.Second, c.SecondSignature = c.Second, c.SecondSignature, c.First, c.FirstSignature
			g.Conflicts = []GenesisConflict{c}
		}, "another order"},
		{"conflict of no seal key", func(g *Genesis) { g.Conflicts = []GenesisConflict{conflictIn(t, 9)} }, "the key is not"},
		{"conflict of another", func(g *Genesis) {
			c := conflictIn(t, 0)
			c.Member = member(1)
			g.Conflicts = []GenesisConflict{c}
		}, "the key is not"},
		{"short statement", func(g *Genesis) { c := conflictIn(t, 0); c.First = "00"; g.Conflicts = []GenesisConflict{c} }, "576 lower-case"},
		{"bad address", func(g *Genesis) { g.Misbehaviours = []GenesisMisbehaviour{{Address: "0"}} }, "40 lower-case"},
	} {
		g := genesisOf(t, 10, 10)
		c.change(g)
		m := New(&members{}, new(blocks), nil)
		if err := m.InitGenesis(&storetest.Mem{}, g); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
	g := genesisOf(t, 10)
	g.SealKeys[0].Proof = "zz"
	if err := g.CheckProofs(chain); err == nil {
		t.Error("a proof that is none")
	}
}

// Each entry that is dropped, or that another entry of its kind overwrites, is
// noticed by Check.
func TestInvariantsNotice(t *testing.T) {
	w := lived(t)
	for _, kv := range w.state.All() {
		b := store.NewBranch(w.state)
		if err := b.Delete(kv.Key); err != nil {
			t.Fatal(err)
		}
		if err := w.m.Check(b); err == nil {
			t.Errorf("without %x nothing is wrong", kv.Key)
		}
		b = store.NewBranch(w.state)
		if err := b.Set(kv.Key, append([]byte{0xff}, kv.Value...)); err != nil {
			t.Fatal(err)
		}
		if err := w.m.Check(b); err == nil {
			t.Errorf("with rubbish under %x nothing is wrong", kv.Key)
		}
	}
}
