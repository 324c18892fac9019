package engine

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// A shard file is the checkpoint of one shard as of one version:
//
//	magic "HMSHARD1" ‖ shard (1) ‖ version (8) ‖ number of entries (8)
//	entries, sorted by path, of path (32) ‖ leaf (32) ‖ location (8)
//	CRC-32C of all before (4)
//
// It is written under another name, synced, and renamed over the one before.
const (
	shardMagic  = "HMSHARD1"
	shardHeader = len(shardMagic) + 1 + 8 + 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// shardFile is the last checkpoint of a shard.
type shardFile struct {
	name    string
	version uint64
	// starts[i] is the position of the first entry of bucket i, and the last
	// element their number; nil if memory is not bounded, and no bucket cold.
	starts []uint32
	file   vfs.File // open while starts is set
}

func (f *shardFile) bytes() int64 {
	if f == nil {
		return 0
	}
	return int64(len(f.starts)) * 4
}

func (f *shardFile) close() error {
	if f == nil || f.file == nil {
		return nil
	}
	err := f.file.Close()
	f.file = nil
	return err
}

// load reads bucket i and checks it against its hash.
func (f *shardFile) load(i uint32, want *sm3.Hash) (bucket, error) {
	if f == nil || f.file == nil {
		return bucket{}, fmt.Errorf("%w: bucket %d is in neither memory nor a checkpoint", ErrCorrupt, i)
	}
	b, err := f.read(int(f.starts[i]), int(f.starts[i+1]))
	if err != nil {
		return bucket{}, err
	}
	var got sm3.Hash
	withForks(func(w *forks) { got = w.hash(b) })
	if got != *want {
		return bucket{}, fmt.Errorf("%w: %s: bucket %d hashes to %s, the trie has %s", ErrCorrupt, f.name, i, got, want)
	}
	return b, nil
}

// readAll returns all entries of shard s, after checking the file's checksum.
func (f *shardFile) readAll(s int) ([]entry, error) {
	info, err := f.file.Stat()
	if err != nil {
		return nil, fmt.Errorf("engine: read %s: %w", f.name, err)
	}
	raw := make([]byte, info.Size())
	if _, err := f.file.ReadAt(raw, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("engine: read %s: %w", f.name, err)
	}
	_, run, err := parseShardFile(raw, s)
	return run, err
}

// read returns the entries from position from up to to.
func (f *shardFile) read(from, to int) (bucket, error) {
	raw := make([]byte, (to-from)*entryBytes)
	if _, err := f.file.ReadAt(raw, int64(shardHeader+from*entryBytes)); err != nil && !errors.Is(err, io.EOF) {
		return bucket{}, fmt.Errorf("engine: read %s: %w", f.name, err)
	}
	run := make([]entry, to-from)
	for i := range run {
		run[i] = parseEntry(raw[i*entryBytes:])
	}
	return plant(run), nil
}

// shardWriter writes a shard file.
type shardWriter struct {
	fs        vfs.FS
	dir, name string
	file      vfs.File
	out       *bufio.Writer
	crc       uint32
	count     int
	buf       []byte
}

func shardName(s int) string { return fmt.Sprintf("shard-%02x", s) }

func newShardWriter(fs vfs.FS, dir string, s int, version uint64, count int) (*shardWriter, error) {
	w := &shardWriter{fs: fs, dir: dir, name: fs.PathJoin(dir, shardName(s))}
	file, err := fs.Create(w.name + ".tmp")
	if err != nil {
		return nil, fmt.Errorf("engine: checkpoint: %w", err)
	}
	w.file, w.out = file, bufio.NewWriterSize(file, 256<<10)
	head := append([]byte(shardMagic), byte(s))
	head = binary.BigEndian.AppendUint64(head, version)
	head = binary.BigEndian.AppendUint64(head, uint64(count))
	return w, w.write(head)
}

func (w *shardWriter) write(b []byte) error {
	w.crc = crc32.Update(w.crc, castagnoli, b)
	_, err := w.out.Write(b)
	return err
}

// add appends entries, which go on in the order of paths.
func (w *shardWriter) add(run []entry) error {
	w.buf = w.buf[:0]
	for i := range run {
		w.buf = appendEntry(w.buf, &run[i])
	}
	w.count += len(run)
	return w.write(w.buf)
}

// finish makes the file durable under its name. The directory's own sync is
// left to the caller, who may have more files to write.
func (w *shardWriter) finish() error {
	if _, err := w.out.Write(binary.BigEndian.AppendUint32(nil, w.crc)); err != nil {
		return errors.Join(err, w.file.Close())
	}
	err := w.out.Flush()
	if err == nil {
		err = w.file.Sync()
	}
	if err = errors.Join(err, w.file.Close()); err != nil {
		return fmt.Errorf("engine: checkpoint %s: %w", w.name, err)
	}
	if err := w.fs.Rename(w.name+".tmp", w.name); err != nil {
		return fmt.Errorf("engine: checkpoint %s: %w", w.name, err)
	}
	return nil
}

func (w *shardWriter) abort() { _ = w.file.Close() }

// parseShardFile checks the contents of the file of shard s and returns the
// version and the entries. It shares nothing with raw.
func parseShardFile(raw []byte, s int) (version uint64, run []entry, err error) {
	bad := func(why string) (uint64, []entry, error) {
		return 0, nil, fmt.Errorf("%w: checkpoint of shard %02x: %s", ErrCorrupt, s, why)
	}
	if len(raw) < shardHeader+4 || string(raw[:len(shardMagic)]) != shardMagic {
		return bad("not a shard file")
	}
	body, sum := raw[:len(raw)-4], raw[len(raw)-4:]
	if crc32.Checksum(body, castagnoli) != binary.BigEndian.Uint32(sum) {
		return bad("wrong checksum")
	}
	if int(raw[len(shardMagic)]) != s {
		return bad("the file is another shard's")
	}
	version = binary.BigEndian.Uint64(raw[len(shardMagic)+1:])
	count := binary.BigEndian.Uint64(raw[len(shardMagic)+9:])
	body = body[shardHeader:]
	if count > uint64(len(body)) || count*entryBytes != uint64(len(body)) {
		return bad("wrong length")
	}
	run = make([]entry, count)
	for i := range run {
		run[i] = parseEntry(body[i*entryBytes:])
		if int(run[i].path[0]) != s || i > 0 && bytes.Compare(run[i-1].path[:], run[i].path[:]) >= 0 {
			return bad("an entry is out of place")
		}
	}
	return version, run, nil
}

// readShardFile reads the checkpoint of shard s, or returns version 0 if there
// is none.
func readShardFile(vf vfs.FS, dir string, s int) (version uint64, run []entry, err error) {
	f, err := vf.Open(vf.PathJoin(dir, shardName(s)))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, fmt.Errorf("engine: open: %w", err)
	}
	raw, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, nil, fmt.Errorf("engine: read %s: %w", shardName(s), err)
	}
	return parseShardFile(raw, s)
}
