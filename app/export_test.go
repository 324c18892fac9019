package app

import "github.com/hallmark-ledger/hallmark/store"

// Plant puts an entry into the genesis state before the first block: a fault of
// a node that a transaction can meet.
func (a *App) Plant(key, value []byte) {
	a.consensus.Lock()
	defer a.consensus.Unlock()
	a.genesis = append(a.genesis, store.Change{Key: key, Value: value})
}

// BreakCertificates makes every message on certificates panic.
func (a *App) BreakCertificates() {
	a.consensus.Lock()
	defer a.consensus.Unlock()
	a.modules.Certificate = nil
}
