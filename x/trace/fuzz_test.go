package trace

import (
	"bytes"
	"testing"

	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
)

// FuzzDecode: whatever comes, nothing panics, and what is accepted is the one
// encoding of what it says.
func FuzzDecode(f *testing.F) {
	w := newWorld(f)
	w.ok("cells", register(cellA))
	w.ok("maker", register(lot, ref("PB-1")))
	w.ok("maker", w.capture(lot, w.output("made", cellA), w.object("b")))
	w.ok("maker", &tracev1.Recall{Product: lot, NoteEn: "beware"})
	p := w.product(lot)
	f.Add(EncodeProduct(p))
	for n := uint64(1); n <= p.Entries; n++ {
		b, _, err := w.state.Get(EntryKey(lot, n))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, err := DecodeEntry(b); err == nil {
			if !bytes.Equal(EncodeEntry(e), b) {
				t.Errorf("an entry is accepted, and encoded otherwise")
			}
			if next, err := p.with(e, b); err == nil && next.Head == p.Head {
				t.Errorf("an entry leaves the head as it was")
			}
			if e.Event != nil {
				_ = e.Event.check(lot)
			}
		}
		if p, err := DecodeProduct(b); err == nil && !bytes.Equal(EncodeProduct(p), b) {
			t.Errorf("a product is accepted, and encoded otherwise")
		}
	})
}
