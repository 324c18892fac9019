package engine

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"testing"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// The decoders accept what the encoders write and nothing else: what parses is
// written again as it was. Where there is a checksum the fuzzer is given it, or
// it would get no further.

func summed(body []byte) []byte {
	return binary.BigEndian.AppendUint32(bytes.Clone(body), crc32.Checksum(body, castagnoli))
}

// smallStore returns a store of a few versions and what it stands for.
func smallStore(t testing.TB) *DB {
	s := newScript(71, 5, 30, 60)
	db := mustOpen(t, "/db", smallOptions(vfs.NewMem()))
	for i, changes := range s.changes {
		commit(t, db, uint64(i+1), changes)
	}
	return db
}

func FuzzParseDelta(f *testing.F) {
	db := smallStore(f)
	for v := db.tip.low; v <= db.tip.version; v++ {
		raw, err := db.kv.Get(locate(v, deltaIndex).key())
		if err != nil || raw == nil {
			f.Fatal(v, err)
		}
		f.Add(raw[:len(raw)-4])
	}
	mustClose(f, db)
	f.Add((&delta{version: 1, floor: 1, low: 1}).encode()[:deltaHeader])
	f.Fuzz(func(t *testing.T, body []byte) {
		raw := summed(body)
		d, err := parseDelta(raw)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Fatal(err)
			}
			return
		}
		if again := d.encode(); !bytes.Equal(again, raw) {
			t.Fatalf("%x is written as %x", raw, again)
		}
		raw[len(raw)-1] ^= 1
		if _, err := parseDelta(raw); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("with a wrong checksum: %v", err)
		}
	})
}

func FuzzParseShardFile(f *testing.F) {
	write := func(t testing.TB, s int, version uint64, run []entry) []byte {
		fs := vfs.NewMem()
		w, err := newShardWriter(fs, "", s, version, len(run))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.add(run), w.finish()); err != nil {
			t.Fatal(err)
		}
		file, err := fs.Open(shardName(s))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	for _, n := range []int{0, 1, 2, 40} {
		run := make([]entry, n)
		for i := range run {
			run[i] = entry{path: sm3.Hash{9, byte(i)}, leaf: sm3.Hash{1}, loc: locate(uint64(i+1), i)}
		}
		raw := write(f, 9, uint64(n+1), run)
		f.Add(raw[:len(raw)-4], byte(9))
	}
	f.Fuzz(func(t *testing.T, body []byte, s byte) {
		raw := summed(body)
		version, run, err := parseShardFile(raw, int(s))
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Fatal(err)
			}
			return
		}
		if again := write(t, int(s), version, run); !bytes.Equal(again, raw) {
			t.Fatalf("%x is written as %x", raw, again)
		}
		if _, _, err := parseShardFile(raw, int(s+1)); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("as another shard's: %v", err)
		}
	})
}

func FuzzPage(f *testing.F) {
	f.Add(appendRecord(nil, []byte("key"), []byte("value")))
	f.Add(appendRecord(appendRecord(nil, []byte("k"), nil), []byte("l"), []byte("value")))
	f.Add(appendRecord(nil, bytes.Repeat([]byte("k"), store.MaxKey), make([]byte, 1000)))
	f.Add(bytes.Repeat(appendRecord(nil, []byte("k"), []byte("v")), pageLen+1))
	f.Add([]byte{0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		at, n := locate(7, 3*pageLen), 0
		var again []byte
		err := eachRecord(at, raw, func(l location, record, key []byte) error {
			if l != at+location(n) || l.page() != at {
				t.Fatalf("record %d is at %d", n, l)
			}
			_, k, value, rest, err := cutRecord(record)
			if err != nil || len(rest) > 0 || !bytes.Equal(k, key) || len(key) == 0 {
				t.Fatalf("record %x: key %x, %v", record, key, err)
			}
			again = appendRecord(again, key, value)
			n++
			return nil
		})
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Fatal(err)
			}
			return
		}
		if n > pageLen || !bytes.Equal(again, raw) {
			t.Fatalf("%x, %d records, is written as %x", raw, n, again)
		}
	})
}

// plainChunk is parseChunk from the text that describes it.
func plainChunk(chunk []byte, i, prefixBits int) (kvs []storetest.KV, ok bool) {
	var last sm3.Hash
	for r := bytes.NewReader(chunk); r.Len() > 0; {
		var parts [2][]byte
		for p := range parts {
			before := r.Len()
			n, err := binary.ReadUvarint(r)
			if err != nil || before-r.Len() != len(binary.AppendUvarint(nil, n)) || n > uint64(r.Len()) {
				return nil, false
			}
			parts[p] = make([]byte, n)
			if _, err := io.ReadFull(r, parts[p]); err != nil {
				return nil, false
			}
		}
		if len(parts[0]) < 1 || len(parts[0]) > store.MaxKey || len(parts[1]) > store.MaxValue {
			return nil, false
		}
		path := sm3.Sum(parts[0])
		if int(binary.BigEndian.Uint32(path[:])>>(32-prefixBits)) != i || len(kvs) > 0 && bytes.Compare(last[:], path[:]) >= 0 {
			return nil, false
		}
		last = path
		kvs = append(kvs, storetest.KV{Key: parts[0], Value: parts[1]})
	}
	return kvs, true
}

func FuzzParseChunk(f *testing.F) {
	db := smallStore(f)
	e, err := db.Export(db.tip.version)
	if err != nil {
		f.Fatal(err)
	}
	for i := range e.Manifest().Roots {
		chunk, err := e.Chunk(i)
		if err != nil {
			f.Fatal(err)
		}
		if len(chunk) > 0 || i == 0 {
			f.Add(chunk, uint32(i), byte(8))
		}
	}
	e.Close()
	mustClose(f, db)
	f.Fuzz(func(t *testing.T, chunk []byte, i uint32, bits byte) {
		prefixBits := 8 + int(bits)%(maxPrefixBits-7)
		i %= 1 << prefixBits
		kvs, ok := plainChunk(chunk, int(i), prefixBits)
		var root sm3.Hash
		if ok {
			root = storetest.Root(kvs)
		}
		records, run, err := parseChunk(chunk, int(i), prefixBits, root)
		if ok != (err == nil) {
			t.Fatalf("%x: %v, want it to be right: %v", chunk, err, ok)
		}
		if err != nil {
			return
		}
		if len(records) != len(kvs) || len(run) != len(kvs) {
			t.Fatalf("%d records and %d entries, want %d", len(records), len(run), len(kvs))
		}
		for n, kv := range kvs {
			if !bytes.Equal(records[n].Key, kv.Key) || !bytes.Equal(records[n].Value, kv.Value) || run[n].path != sm3.Sum(kv.Key) {
				t.Fatalf("record %d is %+v", n, records[n])
			}
		}
		root[0] ^= 1
		if _, _, err := parseChunk(chunk, int(i), prefixBits, root); err == nil {
			t.Fatal("it verifies for another root")
		}
	})
}

func FuzzDecodeManifest(f *testing.F) {
	db := smallStore(f)
	e, err := db.Export(db.tip.version)
	if err != nil {
		f.Fatal(err)
	}
	raw, err := e.Manifest().Encode()
	if err != nil {
		f.Fatal(err)
	}
	root := db.tip.root
	e.Close()
	mustClose(f, db)
	f.Add(raw)
	f.Add(raw[:40])
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := DecodeManifest(raw)
		if err != nil {
			if !errors.Is(err, ErrManifest) {
				t.Fatal(err)
			}
			return
		}
		again, err := m.Encode()
		if err != nil || !bytes.Equal(again, raw) {
			t.Fatalf("it is written otherwise: %v", err)
		}
		if err := m.Verify(root); err != nil && !errors.Is(err, ErrManifest) {
			t.Fatal(err)
		}
	})
}
