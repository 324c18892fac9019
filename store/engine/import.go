package engine

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	dbm "github.com/cosmos/cosmos-db"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// ErrChunk: a chunk is not what the manifest says. Whoever sent it is wrong or
// lies; the same chunk from elsewhere may be right.
var ErrChunk = errors.New("engine: bad snapshot chunk")

// Import builds a store from a snapshot. Chunks come in any order. Until Finish
// returns, the directory holds an import that is not finished, and Open refuses
// it; to give up, Abort and remove it. One goroutine uses an Import at a time.
type Import struct {
	dir      string
	opts     Options
	kv       dbm.DB
	index    dbm.DB
	manifest Manifest
	root     sm3.Hash
	have     []bool
	records  int
	places   pager
}

// NewImport starts an import into dir, which must not hold a store, of the
// snapshot that manifest describes, of the state whose root is root. The
// manifest is checked first: ErrManifest.
func NewImport(dir string, root sm3.Hash, manifest *Manifest, opts Options) (*Import, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := manifest.Verify(root); err != nil {
		return nil, err
	}
	if manifest.Version == 0 || manifest.Version > maxVersion || manifest.Records > maxIndex {
		return nil, fmt.Errorf("%w: version %d with %d records", ErrManifest, manifest.Version, manifest.Records)
	}
	if err := opts.FS.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("engine: import: %w", err)
	}
	names, err := opts.FS.List(dir)
	if err != nil {
		return nil, fmt.Errorf("engine: import: %w", err)
	}
	if len(names) > 0 {
		return nil, fmt.Errorf("engine: import: %s is not empty; remove it or choose another directory", dir)
	}
	kv, index, err := openDatabases(dir, opts)
	if err != nil {
		return nil, err
	}
	return &Import{dir: dir, opts: opts, kv: kv, index: index, manifest: *manifest, root: root, have: make([]bool, len(manifest.Roots)), places: pager{version: manifest.Version}}, nil
}

// Missing returns the chunks that have not been added.
func (im *Import) Missing() (chunks []int) {
	for i, have := range im.have {
		if !have {
			chunks = append(chunks, i)
		}
	}
	return chunks
}

// Add verifies chunk i and keeps it; adding it again does nothing. The error is
// ErrChunk if it does not verify; the import goes on then.
func (im *Import) Add(i int, chunk []byte) error {
	if i < 0 || i >= len(im.have) {
		return fmt.Errorf("%w: %d of %d", ErrChunk, i, len(im.have))
	}
	if im.have[i] {
		return nil
	}
	records, run, err := parseChunk(chunk, i, im.manifest.PrefixBits, im.manifest.Roots[i])
	if err != nil {
		return fmt.Errorf("%w %d: %w", ErrChunk, i, err)
	}
	im.places.turn()
	at := im.places
	for n := range run {
		run[n].loc = at.place(recordSize(records[n].Key, records[n].Value))
	}
	if at.index > maxIndex {
		return fmt.Errorf("%w %d: no room for so many records in one version", ErrChunk, i)
	}
	batch, names := im.kv.NewBatchWithSize(len(chunk)+16*len(run)), im.index.NewBatch()
	defer batch.Close()
	defer names.Close()
	version := binary.BigEndian.AppendUint64(nil, im.manifest.Version)
	var page []byte
	for n := range run {
		page = appendRecord(page, records[n].Key, records[n].Value)
		if l := run[n].loc; n+1 == len(run) || run[n+1].loc.page() != l.page() {
			if err := batch.Set(l.page().key(), page); err != nil {
				return err
			}
			page = page[:0]
		}
		if err := names.Set(indexKey(records[n].Key), version); err != nil {
			return err
		}
	}
	if err := im.writePart(i, run); err != nil {
		return err
	}
	if err := errors.Join(batch.Write(), names.Write()); err != nil {
		return err
	}
	im.places = at
	im.records += len(run)
	im.have[i] = true
	return nil
}

// parseChunk returns the records of a chunk and their entries, without
// locations.
func parseChunk(chunk []byte, i, prefixBits int, root sm3.Hash) (records []store.Change, run []entry, err error) {
	next := func() ([]byte, error) {
		n, used := binary.Uvarint(chunk)
		if used <= 0 || used > 1 && n>>(7*(used-1)) == 0 {
			return nil, errors.New("bad length")
		}
		if chunk = chunk[used:]; n > uint64(len(chunk)) {
			return nil, errors.New("cut off")
		}
		b := chunk[:n:n]
		chunk = chunk[n:]
		return b, nil
	}
	h := sm3.NewHasher()
	var in [2 * sm3.Size]byte
	for len(chunk) > 0 {
		key, err := next()
		if err != nil {
			return nil, nil, err
		}
		value, err := next()
		if err != nil {
			return nil, nil, err
		}
		if err := errors.Join(store.CheckKey(key), store.CheckValue(value)); err != nil {
			return nil, nil, err
		}
		var e entry
		h.Sum(key, &e.path)
		*half(&in, 0) = e.path
		h.Sum(value, half(&in, 1))
		h.Pair(proof.LeafTag(), &in, &e.leaf)
		if prefix(&e.path, prefixBits) != uint32(i) {
			return nil, nil, errors.New("a key of another chunk")
		}
		if n := len(run); n > 0 && bytes.Compare(run[n-1].path[:], e.path[:]) >= 0 {
			return nil, nil, errors.New("keys out of order")
		}
		records = append(records, store.Change{Key: key, Value: value})
		run = append(run, e)
	}
	var got sm3.Hash
	withForks(func(f *forks) { got = f.hash(bucket{run: run}) })
	if got != root {
		return nil, nil, fmt.Errorf("its records make %s, not %s", got, root)
	}
	return records, run, nil
}

// The entries of each chunk wait in a file of their own until all chunks of the
// shard are there.

func (im *Import) part(i int) string {
	return im.opts.FS.PathJoin(im.dir, fmt.Sprintf("import-%06x", i))
}

func (im *Import) writePart(i int, run []entry) error {
	f, err := im.opts.FS.Create(im.part(i))
	if err != nil {
		return fmt.Errorf("engine: import: %w", err)
	}
	var raw []byte
	for n := range run {
		raw = appendEntry(raw, &run[n])
	}
	_, err = f.Write(raw)
	return errors.Join(err, f.Close())
}

func (im *Import) readPart(i int) ([]entry, error) {
	f, err := im.opts.FS.Open(im.part(i))
	if err != nil {
		return nil, fmt.Errorf("engine: import: %w", err)
	}
	raw, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("engine: import: %w", err)
	}
	run := make([]entry, len(raw)/entryBytes)
	for n := range run {
		run[n] = parseEntry(raw[n*entryBytes:])
	}
	return run, nil
}

// Finish makes the store durable, opens it at the version of the snapshot, and
// ends the import. All chunks must have been added.
func (im *Import) Finish() (*DB, error) {
	if missing := im.Missing(); len(missing) > 0 {
		return nil, fmt.Errorf("engine: import: %d chunks are missing, the first is %d", len(missing), missing[0])
	}
	if uint64(im.records) != im.manifest.Records {
		return nil, fmt.Errorf("%w: it names %d records, the chunks have %d", ErrManifest, im.manifest.Records, im.records)
	}
	if err := im.writeShards(); err != nil {
		return nil, err
	}
	// The delta makes the database a store, so it comes last.
	v := im.manifest.Version
	if err := im.index.SetSync(completeKey, binary.BigEndian.AppendUint64(nil, v)); err != nil {
		return nil, fmt.Errorf("engine: import: %w", err)
	}
	d := delta{version: v, root: im.root, floor: v, low: v, swept: v, keys: uint64(im.records), values: uint64(im.records)}
	if err := im.kv.SetSync(locate(v, deltaIndex).key(), d.encode()); err != nil {
		return nil, fmt.Errorf("engine: import: %w", err)
	}
	db, err := recoverDB(im.dir, im.opts, im.kv, im.index)
	if err != nil {
		return nil, errors.Join(err, im.Abort())
	}
	im.kv = nil
	return db, nil
}

// writeShards turns the parts into the checkpoints of the shards.
func (im *Import) writeShards() error {
	per := 1 << (im.manifest.PrefixBits - shardBits)
	for s := range shards {
		var run []entry
		for i := s * per; i < (s+1)*per; i++ {
			part, err := im.readPart(i)
			if err != nil {
				return err
			}
			run = append(run, part...)
		}
		w, err := newShardWriter(im.opts.FS, im.dir, s, im.manifest.Version, len(run))
		if err != nil {
			return err
		}
		if err := w.add(run); err != nil {
			w.abort()
			return err
		}
		if err := w.finish(); err != nil {
			return err
		}
		for i := s * per; i < (s+1)*per; i++ {
			if err := im.opts.FS.Remove(im.part(i)); err != nil {
				return err
			}
		}
	}
	return syncDir(im.opts.FS, im.dir)
}

// Abort ends an import that is not finished. The directory is left as it is.
func (im *Import) Abort() error {
	if im.kv == nil {
		return nil
	}
	kv := im.kv
	im.kv = nil
	return errors.Join(kv.Close(), im.index.Close())
}
