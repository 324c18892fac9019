package sm2

import (
	"fmt"
	"hash"
	"sync"

	gmsm "github.com/emmansun/gmsm/sm2"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Verify returns nil if sig is key's signature over message (any length, empty
// too). It returns ErrSignature if it is not, for whatever reason, and an error
// that wraps ErrPublicKey if key is nil or the zero value. It never panics and is
// safe for concurrent use. It takes time that depends on its inputs, all of
// which are public.
func Verify(key *PublicKey, message []byte, sig Signature) error {
	if !key.valid() {
		return fmt.Errorf("%w: the key is nil or was not made by ParsePublicKey", ErrPublicKey)
	}
	if sig.fault() != "" {
		return ErrSignature
	}
	w := workspaces.Get().(*workspace)
	defer workspaces.Put(w)
	w.digest(key, message)
	if !w.verify(key, &sig) {
		return ErrSignature
	}
	return nil
}

// workspace is the memory of one digest and one re-encoded signature. Both
// would be allocated at each call otherwise, since they pass through interfaces.
type workspace struct {
	hash hash.Hash
	e    sm3.Hash
	der  [maxDER]byte
}

var workspaces = sync.Pool{New: func() any { return &workspace{hash: sm3.New()} }}

// verify reports whether sig, which has no fault, is key's over the digest w.e.
func (w *workspace) verify(key *PublicKey, sig *Signature) bool {
	return gmsm.VerifyASN1(&key.point, w.e[:], sig.appendDER(w.der[:0]))
}

// digest sets w.e = SM3(Z_A ‖ message) (GB/T 32918.2-2016 §6.1, §7.1).
func (w *workspace) digest(key *PublicKey, message []byte) {
	w.hash.Reset()
	w.hash.Write(key.za[:])
	w.hash.Write(message)
	w.hash.Sum(w.e[:0])
}
