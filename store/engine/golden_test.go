package engine

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
)

var updateGolden = flag.Bool("update", false, "write testdata/golden.txt anew")

// goldenChanges are fixed for ever, and use nothing that might change.
func goldenChanges(version int) (changes []store.Change) {
	for i := range 40 {
		n := (i*i + 7*version*i + version) % 11
		c := store.Change{Key: fmt.Appendf(nil, "key/%02d", i)}
		switch {
		case n == 0:
			c.Delete = true
		case n < 5:
			c.Value = bytes.Repeat([]byte{byte(version), byte(i)}, n*n)
		default:
			continue
		}
		changes = append(changes, c)
	}
	return changes
}

// TestGolden protects everything that others, or a later program, read: roots,
// what is written to the database and the checkpoints, proofs and snapshots.
func TestGolden(t *testing.T) {
	const file = "testdata/golden.txt"
	var out strings.Builder
	line := func(name string, raw []byte) {
		fmt.Fprintf(&out, "%s: %d bytes, SM3 %s\n", name, len(raw), sm3.Sum(raw))
	}
	fs := vfs.NewMem()
	db := mustOpen(t, "/db", smallOptions(fs))
	for version := 1; version <= 12; version++ {
		commit(t, db, uint64(version), goldenChanges(version))
		_, root := db.Version()
		fmt.Fprintf(&out, "root of version %d: %s\n", version, root)
	}
	raw, err := db.kv.Get(locate(12, deltaIndex).key())
	if err != nil {
		t.Fatal(err)
	}
	line("delta of version 12", raw)
	var records []byte
	it, err := db.kv.Iterator(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for ; it.Valid(); it.Next() {
		records = append(append(records, it.Key()...), it.Value()...)
	}
	it.Close()
	line("database of values", records)
	var index []byte
	if it, err = db.index.kv.Iterator(nil, nil); err != nil {
		t.Fatal(err)
	}
	for ; it.Valid(); it.Next() {
		index = append(append(index, it.Key()...), it.Value()...)
	}
	it.Close()
	line("database of the index", index)
	for s, sh := range db.trie.shards[:shards] {
		if sh.count == 0 {
			continue
		}
		if _, err := db.image(s).write(fs, "", false); err != nil {
			t.Fatal(err)
		}
		f, err := fs.Open(shardName(s))
		if err != nil {
			t.Fatal(err)
		}
		if raw, err = io.ReadAll(f); err != nil {
			t.Fatal(err)
		}
		line("checkpoint "+shardName(s), raw)
		break
	}
	for _, key := range []string{"key/01", "key/00", "absent"} {
		_, ok, evidence, err := db.Latest().Prove([]byte(key))
		if err != nil {
			t.Fatal(err)
		}
		line(fmt.Sprintf("proof of %s (%v)", key, ok), evidence)
	}
	e, err := db.Export(12)
	if err != nil {
		t.Fatal(err)
	}
	if raw, err = e.Manifest().Encode(); err != nil {
		t.Fatal(err)
	}
	line("manifest", raw)
	var chunks []byte
	for i := range e.Manifest().Roots {
		chunk, err := e.Chunk(i)
		if err != nil {
			t.Fatal(err)
		}
		chunks = append(chunks, chunk...)
	}
	line("chunks", chunks)
	e.Close()
	mustClose(t, db)

	if *updateGolden {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("a format has changed: stores and proofs in use are not read any more. Have\n%swant\n%s", out.String(), want)
	}
}
