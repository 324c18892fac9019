package node

import (
	"sync"

	dbm "github.com/cometbft/cometbft-db"
)

// closing is a database of CometBFT that reads as empty once it is closed.
// CometBFT's goroutines that tell peers of blocks outlive its stop by up to two
// seconds (consensus/reactor.go: they look whether to go on, then read) and would
// end the process with a panic on a database that is closed; what is not there
// they leave out.
type closing struct {
	dbm.DB

	mu     sync.RWMutex // held for reading while the database is read
	closed bool         // guarded by mu
}

// Get implements dbm.DB.
func (d *closing) Get(key []byte) ([]byte, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return nil, nil
	}
	return d.DB.Get(key)
}

// Has implements dbm.DB.
func (d *closing) Has(key []byte) (bool, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return false, nil
	}
	return d.DB.Has(key)
}

// Close implements dbm.DB.
func (d *closing) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	d.closed = true
	return d.DB.Close()
}
