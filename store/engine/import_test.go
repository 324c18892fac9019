package engine

import (
	"errors"
	"math/rand/v2"
	"testing"
)

func TestExportImport(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	db, err := Open(t.TempDir(), Options{Retain: 2})
	if err != nil {
		t.Fatal(err)
	}
	m := newModel()
	for v := uint64(1); v <= 12; v++ {
		changes := randomChanges(r, 900, 6000)
		commit(t, db, v, changes)
		m.apply(v, changes)
	}
	_, root := db.Version()
	e, err := db.Export(12)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := e.Manifest().Encode()
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := DecodeManifest(raw)
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	im, err := NewImport(dir, root, manifest, Options{})
	if err != nil {
		t.Fatal(err)
	}
	version := uint64(12)
	for _, i := range r.Perm(len(manifest.Roots)) {
		version++ // later versions commit meanwhile
		commit(t, db, version, randomChanges(r, 100, 6000))
		chunk, err := e.Chunk(i)
		if err != nil {
			t.Fatal(err)
		}
		if len(chunk) > 0 {
			bad := append([]byte{}, chunk...)
			bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
			if err := im.Add(i, bad); !errors.Is(err, ErrChunk) {
				t.Fatalf("chunk %d with a bit changed: %v", i, err)
			}
		}
		if err := im.Add(i, chunk); err != nil {
			t.Fatal(err)
		}
	}
	e.Close()
	got, err := im.Finish()
	if err != nil {
		t.Fatal(err)
	}
	compare(t, got.Latest(), m.now, 600)
	for v := uint64(13); v < 20; v++ {
		changes := randomChanges(r, 900, 6000)
		commit(t, got, v, changes)
		m.apply(v, changes)
	}
	for _, db := range []*DB{db, got} {
		if err := db.Check(); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	got, err = Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, got.Latest(), m.now, 600)
	if err := got.Close(); err != nil {
		t.Fatal(err)
	}
}
