package engine

import (
	"encoding/binary"
	"errors"
	"fmt"

	dbm "github.com/cosmos/cosmos-db"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// keyIndex lists the keys in their order, for scans, in a database of its own:
// beside the values, which are only ever appended, its random keys would have
// those rewritten again and again.
//
//	'k' ‖ key    the version (8) that last made key present
//	'v'          the version (8) up to which the index is complete
//
// It may hold more keys than a version has: keys that only older versions have,
// and, after a crash, some that no version has. A scan passes over them. It
// never holds fewer. Its writes are not synced each time; what a crash takes
// away is put back from the deltas, none of which is dropped before.
type keyIndex struct {
	kv     dbm.DB
	synced uint64 // the version up to which it is durable
	// removed are keys that no readable version had when their removal was
	// released, to be deleted with the next version: then the version that
	// released them is durable.
	removed []removedKey
}

type removedKey struct {
	key   []byte
	floor uint64 // the version that removed it
}

// indexSyncEvery is the number of versions after which the index is synced.
const indexSyncEvery = 64

var completeKey = []byte{'v'}

func indexKey(key []byte) []byte {
	return append(append(make([]byte, 0, 1+len(key)), 'k'), key...)
}

// since returns the version that last made key present, 0 if it is not there.
func (x *keyIndex) since(key []byte) (uint64, error) {
	raw, err := x.kv.Get(indexKey(key))
	if err != nil || raw == nil {
		return 0, err
	}
	if len(raw) != 8 {
		return 0, fmt.Errorf("%w: index of key %x", ErrCorrupt, key)
	}
	return binary.BigEndian.Uint64(raw), nil
}

// complete returns the version up to which the index has all keys.
func (x *keyIndex) complete() (uint64, error) {
	raw, err := x.kv.Get(completeKey)
	if err != nil || raw == nil {
		return 0, err
	}
	if len(raw) != 8 {
		return 0, fmt.Errorf("%w: the index does not say what it holds", ErrCorrupt)
	}
	return binary.BigEndian.Uint64(raw), nil
}

// claim returns the version up to which the index has all keys of a store that
// stands at version newest. If the index outlived versions that a crash took,
// it ends there: those versions may be made again with other keys.
func (x *keyIndex) claim(newest uint64) (uint64, error) {
	complete, err := x.complete()
	if err != nil || complete <= newest {
		return complete, err
	}
	return newest, x.kv.SetSync(completeKey, binary.BigEndian.AppendUint64(nil, newest))
}

// update writes the keys that version made present, and the deletions that
// wait, unless sets says that version makes the path present.
func (x *keyIndex) update(version uint64, made [][]byte, sets func(path *sm3.Hash) bool) (err error) {
	b := x.kv.NewBatch()
	defer func() { err = errors.Join(err, b.Close()) }()
	for _, r := range x.removed {
		since, err := x.since(r.key)
		if err != nil {
			return err
		}
		if path := sm3.Sum(r.key); since > r.floor || sets(&path) {
			continue
		}
		if err := b.Delete(indexKey(r.key)); err != nil {
			return err
		}
	}
	now := binary.BigEndian.AppendUint64(nil, version)
	for _, key := range made {
		if err := b.Set(indexKey(key), now); err != nil {
			return err
		}
	}
	if err := b.Set(completeKey, now); err != nil {
		return err
	}
	if version-x.synced >= indexSyncEvery {
		if err := b.WriteSync(); err != nil {
			return err
		}
		x.synced = version
	} else if err := b.Write(); err != nil {
		return err
	}
	x.removed = nil
	return nil
}

// replay puts back the keys that a version made present.
func (x *keyIndex) replay(values dbm.DB, d *delta) error {
	var made [][]byte
	for i := range d.changes {
		c := &d.changes[i]
		if c.oldLoc != 0 || c.newLoc == 0 {
			continue
		}
		key, _, err := readRecord(values, c.newLoc)
		if err != nil {
			return err
		}
		made = append(made, key)
	}
	return x.update(d.version, made, nil)
}
