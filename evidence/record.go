package evidence

import (
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

// Anchor is an anchor of a manifest.
type Anchor struct {
	xevidence.Anchor
	Number uint64   // in the manifest, from 1
	First  uint64   // number of its first leaf in the manifest, from 0
	ID     sm3.Hash // xevidence.Anchor.ID
	// Outcome is where the ledger has it; nil if that is not known yet.
	Outcome *Outcome

	groups int64 // offset of the frames with its groups
}

// Outcome is where the ledger has an anchor.
type Outcome struct {
	Height uint64
	Time   int64    // of the block, Unix nanoseconds
	Tx     sm3.Hash // SM3 of the transaction's body
}
