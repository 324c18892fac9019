package evidence

import (
	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

// hashing computes leaf hashes. It holds scratch memory: one goroutine uses it at a
// time.
type hashing struct {
	secret  *[32]byte
	hasher  *sm3.Hasher
	salts   [groupLeaves][saltSize]byte
	arena   []byte
	encoded [][]byte // of the last call, leaf by leaf
	hashes  []sm3.Hash
}

func newHashing(secret *[32]byte) *hashing {
	return &hashing{secret: secret, hasher: sm3.NewHasher()}
}

// leafHashes returns the hashes of up to groupLeaves leaves, the first of which has
// a number in the manifest. They are good until the next call.
func (h *hashing) leafHashes(first uint64, list []Leaf) []sm3.Hash {
	salts(h.hasher, h.secret, first, h.salts[:len(list)])
	if need := len(list) * xevidence.MaxLeaf; cap(h.arena) < need {
		h.arena = make([]byte, 0, need) // so that no append below moves it
	}
	h.arena, h.encoded = h.arena[:0], h.encoded[:0]
	for i := range list {
		begin := len(h.arena)
		h.arena = list[i].Encode(h.arena, &h.salts[i])
		h.encoded = append(h.encoded, h.arena[begin:len(h.arena):len(h.arena)])
	}
	if cap(h.hashes) < len(list) {
		h.hashes = make([]sm3.Hash, groupLeaves)
	}
	h.hashes = h.hashes[:len(list)]
	merkle.LeafHashes(h.encoded, h.hashes)
	return h.hashes
}
