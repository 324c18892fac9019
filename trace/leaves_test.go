package trace

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/evidence"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

// The leaves of a document are its events: their contents have the hashes that a chain
// would have. A run that was interrupted goes on.
func TestLeaves(t *testing.T) {
	object := func(more string) string {
		return `"type": "ObjectEvent", "action": "OBSERVE", "epcList": ["` + bank + `"], "bizStep": "` + more + `"`
	}
	events, s := eventsOf(t, object("shipping"), `"type": "ObjectEvent", "action": "LOOK"`, object("receiving"), object("storing"))
	var want []sm3.Hash
	for i, e := range events {
		if i != 1 {
			want = append(want, e.Hash)
		}
	}
	path := filepath.Join(t.TempDir(), "x.hmev")
	begin := evidence.Begin{Anchor: xevidence.Anchor{Member: "maker", Kind: xevidence.Events, Subject: xevidence.OfProduct(bank), Retention: xevidence.SixYears}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // after the first leaf
	if _, err := Leaves(ctx, s, path, begin); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for range 2 { // the second finds it complete
		w, err := Leaves(t.Context(), s, path, begin)
		if err != nil {
			t.Fatal(err)
		}
		if list := w.Anchors(); len(list) != 1 || list[0].Leaves != 3 {
			t.Fatalf("%+v", list)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	r, err := evidence.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.CheckRoots(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got []sm3.Hash
	if err := r.Each(func(f evidence.Found) bool {
		got = append(got, f.Leaf.Content)
		return true
	}); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, want %v, %v", got, want, err)
	}
	begin.Anchor.Subject = xevidence.OfProduct(cellA)
	if _, err := Leaves(t.Context(), s, path, begin); !errors.Is(err, evidence.ErrOther) {
		t.Errorf("%v", err)
	}
}
