package trace

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

type certificateRef = certificatev1.Ref

// full is a world in which every kind of entry was written.
func full(t *testing.T) *world {
	w := newWorld(t)
	w.ok("cells", register(cellA, ref("CELL-1")))
	m := register(lot, ref("PB-1"))
	m.Reporters = []string{"carrier"}
	w.ok("maker", m)
	e := w.output("made", cellA)
	e.Corrects = [][]byte{bytes.Repeat([]byte{7}, 32), bytes.Repeat([]byte{8}, 32)}
	w.ok("maker", w.capture(lot, e, w.object("b")))
	w.ok("maker", &tracev1.LinkCertificates{Product: lot, Add: []*certificateRef{ref("PB-2")}, Remove: []*certificateRef{ref("PB-1")}})
	w.ok("maker", &tracev1.SetReporters{Product: lot})
	w.ok("maker", &tracev1.Recall{Product: lot, NoteEn: "beware"})
	w.ok("maker", &tracev1.Recall{Product: lot, NoteZh: "又一次"})
	w.ok("maker", &tracev1.LiftRecall{Product: lot, Recall: 6, Note: "an error"})
	return w
}

// chainOf returns the encoded entries of a product.
func chainOf(t *testing.T, r store.Reader, p *Product) (list [][]byte) {
	for n := uint64(1); n <= p.Entries; n++ {
		b, ok, err := r.Get(EntryKey(p.URI, n))
		if err != nil || !ok {
			t.Fatal(n, ok, err)
		}
		list = append(list, slices.Clone(b))
	}
	return list
}

func headOf(list [][]byte) (head sm3.Hash) {
	for _, b := range list {
		head = Fold(head, b)
	}
	return head
}

// TestFold: the head is by the formula, and every way of lying gives another.
func TestFold(t *testing.T) {
	w := full(t)
	p := w.product(lot)
	list := chainOf(t, w.state, p)
	head := sm3.Hash{}
	for _, b := range list {
		inner := sm3.Sum(b)
		head = sm3.Sum(slices.Concat(sm3.TagBlock("hallmark/trace/v1"), head[:], inner[:]))
	}
	if head != p.Head || headOf(list) != p.Head || len(list) != 8 {
		t.Fatalf("%d entries, head %v, %v", len(list), head, p.Head)
	}
	other := chainOf(t, w.state, w.product(cellA))
	lies := map[string][][]byte{
		"truncated":          list[:7],
		"without the first":  list[1:],
		"of another product": append(slices.Clone(list[:7]), other[0]),
		"longer":             append(slices.Clone(list), list[7]),
		"none":               nil,
	}
	for i := range list {
		lies[fmt.Sprint("dropped ", i)] = slices.Delete(slices.Clone(list), i, i+1)
		lies[fmt.Sprint("doubled ", i)] = slices.Insert(slices.Clone(list), i, list[i])
		if i > 0 {
			swapped := slices.Clone(list)
			swapped[i], swapped[i-1] = swapped[i-1], swapped[i]
			lies[fmt.Sprint("reordered ", i)] = swapped
		}
		for at := range list[i] {
			altered := slices.Clone(list)
			altered[i] = slices.Clone(list[i])
			altered[i][at] ^= 1
			lies[fmt.Sprint("altered ", i, at)] = altered
		}
	}
	for name, lie := range lies {
		if headOf(lie) == p.Head {
			t.Errorf("%s: the same head", name)
		}
	}
}

// TestEncodings: of each record and entry, what differs in a byte is refused or
// another value.
func TestEncodings(t *testing.T) {
	w := full(t)
	for _, b := range chainOf(t, w.state, w.product(lot)) {
		e, err := DecodeEntry(b)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(EncodeEntry(e), b) {
			t.Fatal("another encoding")
		}
		mangle(t, b, func(b []byte) ([]byte, error) {
			e, err := DecodeEntry(b)
			if err != nil {
				return nil, err
			}
			return EncodeEntry(e), nil
		})
	}
	b := EncodeProduct(w.product(lot))
	mangle(t, b, func(b []byte) ([]byte, error) {
		p, err := DecodeProduct(b)
		if err != nil {
			return nil, err
		}
		return EncodeProduct(p), nil
	})
}

func mangle(t *testing.T, b []byte, again func([]byte) ([]byte, error)) {
	t.Helper()
	for i := range b {
		for _, mutant := range [][]byte{slices.Insert(slices.Clone(b), i, b[i]), slices.Delete(slices.Clone(b), i, i+1), flip(b, i, 1), flip(b, i, 0x80)} {
			if got, err := again(mutant); err == nil && !bytes.Equal(got, mutant) {
				t.Fatalf("byte %d: accepted, and encoded otherwise", i)
			}
		}
	}
	if _, err := again(append(slices.Clone(b), 0x98, 0x06, 1)); err == nil { // field 99
		t.Fatal("an unknown field is accepted")
	}
}

func flip(b []byte, i int, bit byte) []byte {
	c := slices.Clone(b)
	c[i] ^= bit
	return c
}

// TestGolden: the bytes never change.
func TestGolden(t *testing.T) {
	w := full(t)
	var b strings.Builder
	for n, entry := range chainOf(t, w.state, w.product(lot)) {
		fmt.Fprintf(&b, "entry %d %s\n", n+1, hex.EncodeToString(entry))
	}
	fmt.Fprintf(&b, "product %s\nkey %s\nentry key %s\nuse key %s\n", hex.EncodeToString(EncodeProduct(w.product(lot))),
		hex.EncodeToString(ProductKey(lot)), hex.EncodeToString(EntryKey(lot, 3)), hex.EncodeToString(UseKey(lot, 1)))
	const file = "testdata/golden.txt"
	if os.Getenv("UPDATE") != "" {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(file, []byte(b.String()), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != b.String() {
		t.Errorf("the bytes are no longer those of %s:\n%s", file, b.String())
	}
}

// TestGenesis: a state goes out and comes back the same.
func TestGenesis(t *testing.T) {
	w := full(t)
	g, err := w.m.ExportGenesis(w.state)
	if err != nil {
		t.Fatal(err)
	}
	j, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	again := new(Genesis)
	if err := json.Unmarshal(j, again); err != nil {
		t.Fatal(err)
	}
	state := new(storetest.Mem)
	if err := w.m.InitGenesis(state, again); err != nil {
		t.Fatal(err)
	}
	if state.Root() != w.state.(*storetest.Mem).Root() {
		t.Error("another root")
	}
	for name, change := range map[string]func(*Genesis){
		"an entry dropped":  func(g *Genesis) { g.Products[0].Entries = slices.Delete(g.Products[0].Entries, 1, 2) },
		"no entries":        func(g *Genesis) { g.Products[0].Entries = nil },
		"twice":             func(g *Genesis) { g.Products = append(g.Products, g.Products[0]) },
		"a use dropped":     func(g *Genesis) { g.Products[1].Uses = nil },
		"a use too many":    func(g *Genesis) { g.Products[1].Uses = append(g.Products[1].Uses, g.Products[1].Uses[0]) },
		"a use of nothing":  func(g *Genesis) { g.Products[1].Uses[0].Entry = 3 },
		"entries reordered": func(g *Genesis) { l := g.Products[0].Entries; l[3], l[4] = l[4], l[3] },
		"no JSON":           func(g *Genesis) { g.Products[0].Entries[0] = json.RawMessage(`{"n":"1","nonsense":2}`) },
	} {
		bad := new(Genesis)
		if err := json.Unmarshal(j, bad); err != nil {
			t.Fatal(err)
		}
		change(bad)
		if err := w.m.InitGenesis(new(storetest.Mem), bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestCheck: whatever a state lacks, or has too much, is found.
func TestCheck(t *testing.T) {
	w := full(t)
	all := w.state.(*storetest.Mem).All()
	for i, kv := range all {
		for name, change := range map[string]func(*storetest.Mem) error{
			"deleted": func(m *storetest.Mem) error { return m.Delete(kv.Key) },
			"moved": func(m *storetest.Mem) error {
				return errors.Join(m.Delete(kv.Key), m.Set(append(slices.Clone(kv.Key[:len(kv.Key)-3]), 'z', 0, 1), kv.Value))
			},
			"of another": func(m *storetest.Mem) error { return m.Set(kv.Key, all[(i+1)%len(all)].Value) },
		} {
			state := new(storetest.Mem)
			for _, kv := range all {
				if err := state.Set(kv.Key, kv.Value); err != nil {
					t.Fatal(err)
				}
			}
			if err := change(state); err != nil {
				t.Fatal(err)
			}
			if state.Root() != w.state.(*storetest.Mem).Root() && w.m.Check(state) == nil {
				t.Errorf("%s: key %x: not found", name, kv.Key)
			}
		}
	}
}

// TestKeys: keys and what reads them.
func TestKeys(t *testing.T) {
	if uri, ok := URIOfProduct(ProductKey(lot)); !ok || uri != lot {
		t.Error(uri, ok)
	}
	if uri, n, ok := EntryOfKey(EntryKey(lot, 300)); !ok || uri != lot || n != 300 {
		t.Error(uri, n, ok)
	}
	for _, key := range [][]byte{nil, ProductKey(lot)[:9], EntryKey(lot, 1), append(ProductKey(lot), 0)} {
		if _, ok := URIOfProduct(key); ok {
			t.Errorf("%x", key)
		}
	}
	for _, key := range [][]byte{nil, EntryKey(lot, 1)[:9], ProductKey(lot), append(EntryKey(lot, 1), 0), EntryKey(lot, 0)} {
		if _, _, ok := EntryOfKey(key); ok {
			t.Errorf("%x", key)
		}
	}
}
