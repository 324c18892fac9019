package engine

import (
	"encoding/binary"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// chunkRecords is about how many records a chunk has at most: with values of
// 300 bytes a little over a megabyte.
const chunkRecords = 4096

// Export reads one version as a manifest and chunks, while later versions
// commit. It pins the version until Close.
type Export struct {
	view     View
	manifest Manifest
	release  func()
}

// Export starts an export of version. Errors: ErrVersionGone, ErrPins.
func (db *DB) Export(version uint64) (*Export, error) {
	release, err := db.Pin(version)
	if err != nil {
		return nil, err
	}
	e := &Export{view: View{db, version}, release: release}
	e.manifest = Manifest{Version: version}
	err = e.view.read(func(s snapshot) error {
		least := maxPrefixBits - shardBits
		for _, sh := range s.trie.shards[:shards] {
			least = min(least, sh.bits)
		}
		within := 0
		for within < least && s.trie.count()>>(shardBits+within) > chunkRecords {
			within++
		}
		m := &e.manifest
		m.PrefixBits, m.Records = shardBits+within, 0
		m.Roots = make([]sm3.Hash, 1<<m.PrefixBits)
		for i := range m.Roots {
			if m.Roots[i], err = s.node(i>>within, within, uint32(i)&(1<<within-1)); err != nil {
				return err
			}
			run, err := s.below(i, within)
			if err != nil {
				return err
			}
			m.Records += uint64(len(run))
		}
		return nil
	})
	if err != nil {
		release()
		return nil, err
	}
	return e, nil
}

// Manifest returns the manifest; it must not be modified.
func (e *Export) Manifest() *Manifest { return &e.manifest }

// Chunk returns chunk i, 0 to 1 << PrefixBits less 1: its records, in ascending
// order of SM3(key), each
//
//	length of key (varint) ‖ key ‖ length of value (varint) ‖ value
func (e *Export) Chunk(i int) ([]byte, error) {
	var run []entry
	err := e.view.read(func(s snapshot) (err error) {
		run, err = s.below(i, e.manifest.PrefixBits-shardBits)
		return err
	})
	if err != nil {
		return nil, err
	}
	var chunk []byte
	for at := range run {
		key, value, err := e.view.record(&run[at], nil)
		if err != nil {
			return nil, err
		}
		chunk = binary.AppendUvarint(chunk, uint64(len(key)))
		chunk = append(chunk, key...)
		chunk = binary.AppendUvarint(chunk, uint64(len(value)))
		chunk = append(chunk, value...)
	}
	return chunk, nil
}

// Close ends the export.
func (e *Export) Close() { e.release() }

// below returns the entries whose paths begin with prefix i of 8+within bits,
// where within is at most the size of every directory.
func (v snapshot) below(i, within int) (run []entry, err error) {
	s := i >> within
	span := v.trie.shards[s].bits - within
	first := uint32(i) & (1<<within - 1) << span
	for at := first; at < first+1<<span; at++ {
		b, err := v.bucket(s, at)
		if err != nil {
			return nil, err
		}
		run = b.appendTo(run)
	}
	return run, nil
}
