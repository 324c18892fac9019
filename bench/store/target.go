package main

import (
	"errors"
	"fmt"

	dbm "github.com/cosmos/cosmos-db"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/engine/pebbledb"
)

// target is an authenticated store under comparison. One goroutine uses it.
type target interface {
	// Commit applies changes, none of which deletes, and makes them version,
	// which is one more than the last. They survive a crash of the machine once
	// it returns. The target may keep the slices.
	Commit(version uint64, changes []store.Change) error

	// Version returns the last committed version, 0 when there is none.
	Version() uint64

	// Prove returns a proof, as bytes that could go into a file, that key is in
	// the last committed version; ProveAbsent, that it is not. The caller knows
	// which of the two holds.
	Prove(key []byte) ([]byte, error)
	ProveAbsent(key []byte) ([]byte, error)

	// Verify checks proof against the root of the last committed version: key
	// has value, or is absent when value is nil.
	Verify(proof, key, value []byte) error

	// Carried returns how many bytes of a proof of inclusion repeat the key and
	// the value. They are left out of the sizes reported, since whoever checks a
	// proof has both.
	Carried(key, value []byte) int

	Close() error
}

// settings are what a target is opened with.
type settings struct {
	Dir     string
	Backend string // pebble, pebble-default or goleveldb, under iavl and smt
	Memory  uint64 // bound for hallmark-bounded in bytes, 0 for none
}

// targets are the ways to open each target. Opening a directory that holds
// versions continues after the last of them.
var targets = map[string]func(settings) (target, error){
	"iavl":             openIAVL,
	"smt":              openSMT,
	"hallmark":         openHallmark,
	"hallmark-bounded": openHallmark,
}

var errProof = errors.New("proof does not verify")

// openBackend opens the database that iavl and smt write to.
func openBackend(s settings) (dbm.DB, error) {
	switch s.Backend {
	case "pebble": // with the engine's settings
		return pebbledb.Open(s.Dir, pebbledb.Options{})
	case "pebble-default": // with cosmos-db's settings
		return dbm.NewPebbleDB("bench", s.Dir, nil)
	case "goleveldb":
		return dbm.NewGoLevelDB("bench", s.Dir, nil)
	}
	return nil, fmt.Errorf("unknown backend %q", s.Backend)
}
