package certificate

import (
	"encoding/hex"
	"math"
	"slices"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func TestPrefixes(t *testing.T) {
	storetest.DisjointPrefixes(t,
		heads.Prefix(), texts.Prefix(), formers.Prefix(), records.Prefix(), numbers.Prefix(), holders.Prefix(), uses.Prefix(), successors.Prefix(),
		bars.Prefix(), barred.Prefix(), supervisions.Prefix(), orders.Prefix(), queue.Prefix(), imports.Prefix(), releases.Prefix())
}

// TestCodes: numbers ascend within the range of the module, names are unique.
func TestCodes(t *testing.T) {
	names := map[string]bool{}
	last := uint32(399)
	for _, c := range Codes() {
		if c.Number <= last || c.Number > 499 || names[c.Name] || c.English == "" || c.Chinese == "" {
			t.Errorf("code %d %s", c.Number, c.Name)
		}
		last, names[c.Name] = c.Number, true
	}
}

// golden checks that a value is written as given, read back, and that no other
// bytes near it are taken for a value with the same encoding.
func golden[V any](t *testing.T, name string, codec store.ValueFuncs[V], v V, want string) {
	t.Helper()
	b, err := codec.Encode(v)
	if err != nil || hex.EncodeToString(b) != want {
		t.Errorf("%s: %x, %v, want %s", name, b, err, want)
		return
	}
	back, err := codec.Decode(b)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if again, _ := codec.Encode(back); !slices.Equal(again, b) {
		t.Errorf("%s: %x comes back as %x", name, b, again)
	}
	for i := range b {
		for bit := range 8 {
			bad := slices.Clone(b)
			bad[i] ^= 1 << bit
			v, err := codec.Decode(bad)
			if again, _ := codec.Encode(v); err == nil && !slices.Equal(again, bad) {
				t.Errorf("%s: %x is read and written as %x", name, bad, again)
			}
		}
	}
	for _, bad := range [][]byte{append(slices.Clone(b), 0x7a, 0), append(slices.Clone(b), 0xf8, 0x3f, 0)} {
		if _, err := codec.Decode(bad); err == nil {
			t.Errorf("%s: unknown field accepted", name)
		}
	}
	if _, err := codec.Decode(nil); err == nil {
		t.Errorf("%s: nothing accepted", name)
	}
}

func TestGolden(t *testing.T) {
	golden(t, "issuers", issuersCodec, []string{"CNCA-R-2002-001", "CNCA-R-2002-002"},
		"0a0f434e43412d522d323030322d3030310a0f434e43412d522d323030322d303032")
	golden(t, "successor", successorCodec, rules.Ref{Issuer: "CNCA-R-2002-001", Number: "A-1"},
		"0a0f434e43412d522d323030322d3030311203412d31")
	golden(t, "bar", barCodec, Bar{date("2017-06-01"), date("2018-06-01"), "0101"}, "08a6870110938a011a0430313031")
	golden(t, "barred", barredCodec, date("2018-06-01"), "08938a01")
	golden(t, "order", orderCodec, Order{"samr", date("2017-06-01"), date("2017-06-11"), true, 4}, "0a0473616d7210a6870118b0870120012804")
	golden(t, "supervision", supervisionCodec, Supervision{[]OpenOrder{{3, date("2017-06-11")}}, []string{"local", "samr"}},
		"0a06080310b0870112056c6f63616c120473616d72")
	golden(t, "release", releaseCodec, Release{date("2017-06-01"), 9, sm3.Hash{1}},
		"08a6870110091a200100000000000000000000000000000000000000000000000000000000000000")
	for _, list := range [][]string{{"b", "a"}, {"a", "a"}, {""}} {
		b, _ := issuersCodec.Encode(list)
		if _, err := issuersCodec.Decode(b); err == nil {
			t.Errorf("issuers %q", list)
		}
		b, _ = supervisionCodec.Encode(Supervision{Flags: list})
		if _, err := supervisionCodec.Decode(b); err == nil {
			t.Errorf("flags %q", list)
		}
	}
	b, _ := supervisionCodec.Encode(Supervision{Orders: []OpenOrder{{3, 1}, {3, 1}}})
	if _, err := supervisionCodec.Decode(b); err == nil {
		t.Error("an order twice")
	}
}

// TestDecidedOf: the short way to the date of a record is the right one.
func TestDecidedOf(t *testing.T) {
	w := busy(t)
	err := records.Scan(w.state, func(k numbered, r *rules.Record) (bool, error) {
		b := rules.EncodeRecord(r)
		if d, err := decidedOf(b); err != nil || d != r.Decided {
			t.Errorf("%+v: %v, %v, want %v", k, d, err, r.Decided)
		}
		for n := range b { // a part of it has the right date or none
			if d, err := decidedOf(b[:n]); err == nil && d != r.Decided {
				t.Errorf("%+v: %d bytes give %v", k, n, d)
			}
		}
		return true, nil
	})
	if err != nil {
		t.Error(err)
	}
	for _, bad := range [][]byte{{0x48, 0}, {0x48, 0x80}, {0xff}, {0x0a, 9}} {
		if _, err := decidedOf(bad); err == nil {
			t.Errorf("%x has a date", bad)
		}
	}
}

// TestKeys: every key is read back, and no bytes that are not one.
func TestKeys(t *testing.T) {
	ref, other := rules.Ref{Issuer: "CNCA-R-2002-001", Number: "A-1"}, rules.Ref{Issuer: "X", Number: ""}
	key(t, refKey, ref)
	key(t, numberedKey, numbered{ref, math.MaxUint32})
	key(t, holderKey, holding{"760038087", ref})
	key(t, useKey, use{ref, other})
	key(t, barredKey, holderScope{"760038087", "A01"})
	key(t, barKey, barID{holderScope{"760038087", "A01"}, 17318, ref})
	key(t, dueKey, due{17318, dueOrder, ref, 7})
	key(t, windowKey, window{"cqc", math.MaxUint64})
	key(t, releaseKey, takeover{"CNCA-R-2002-001", "cqm"})

	early, late := dueKey.AppendKey(nil, due{17318, dueOrder, ref, 7}), dueKey.AppendKey(nil, due{17319, dueLapse, ref, 0})
	if slices.Compare(early, late) >= 0 {
		t.Error("the queue is not in the order of days")
	}
	long, short := barKey.AppendKey(nil, barID{until: 17319}), barKey.AppendKey(nil, barID{until: 17318})
	if slices.Compare(long, short) >= 0 {
		t.Error("bars are not from the last to the first")
	}
}

func key[K comparable](t *testing.T, codec store.KeyFuncs[K], k K) {
	t.Helper()
	b := codec.AppendKey(nil, k)
	back, err := codec.DecodeKey(b)
	if err != nil || back != k {
		t.Errorf("%+v comes back as %+v, %v", k, back, err)
	}
	for n := range b {
		if _, err := codec.DecodeKey(b[:n]); err == nil {
			t.Errorf("%T: %d of %d bytes are read", k, n, len(b))
		}
	}
	if _, err := codec.DecodeKey(append(b, 0)); err == nil {
		t.Errorf("%T: a byte too many", k)
	}
	if len(b) > 0 {
		bad := slices.Repeat([]byte{0xff}, len(b))
		if _, err := codec.DecodeKey(bad); err == nil {
			t.Errorf("%T: nonsense is read", k)
		}
	}
}

// TestFault: a state that contradicts itself is a fault, never a refusal.
func TestFault(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	ref := w.issue(ms, "A-1")
	for _, k := range [][]byte{RecordKey(ref, 1), DetailsKey(ref)} {
		b := store.NewBranch(w.state)
		_ = b.Delete(k)
		err := dispatch(w.m, w.context(b, cqc, body(cqc)), w.message(ms, rules.Correct, ref, 0, 0))
		if _, refused := exec.AsRefusal(err); err == nil || refused {
			t.Errorf("without %x: %v", k, err)
		}
	}
	for _, d := range []due{
		{date("2017-05-01"), dueLapse, ref, 0}, {date("2017-05-01"), dueOrder, ref, 4},
		{date("2017-05-01"), dueLapse, rules.Ref{Issuer: "X", Number: "Y"}, 0},
	} {
		b := store.NewBranch(w.state)
		_ = queue.Set(b, d, struct{}{})
		err := w.m.EndBlock(&exec.Context{Block: exec.Block{Height: 9, Time: w.now}, Store: b})
		if _, refused := exec.AsRefusal(err); err == nil || refused {
			t.Errorf("%+v: %v", d, err)
		}
	}
	err := fault(rules.CodeDate.Refuse("x"), "lapse of %v", ref)
	if _, refused := exec.AsRefusal(err); refused {
		t.Errorf("a refusal stays: %v", err)
	}
}
