package evidence

import (
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
)

// Anchor is an anchor of a manifest.
type Anchor struct {
	Number uint64 // in the manifest, from 1
	First  uint64 // number of its first leaf in the manifest, from 0
	ID     sm3.Hash
	Anchor *evidencev1.Anchor
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

// AnchorID returns the id of an anchor:
//
//	SM3(tag block "hallmark/anchor/v1" ‖ encoded Anchor)
func AnchorID(a *evidencev1.Anchor) (id sm3.Hash, err error) {
	raw, err := encodeAnchor(sm3.TagBlock("hallmark/anchor/v1"), a)
	return sm3.Sum(raw), err
}
