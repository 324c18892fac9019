package tx

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/store"
)

// nonces has the window of each key that was the first signer of an
// authenticated transaction.
//
//	01 ‖ key (33)  →  highest (8) ‖ bitmap (128)
//
// The value has a fixed size and is no protobuf: it is rewritten by every
// transaction.
var nonces = store.NewMap("\x01",
	store.KeyFuncs[[sm2.PublicKeySize]byte]{
		Append: func(dst []byte, k [sm2.PublicKeySize]byte) []byte { return append(dst, k[:]...) },
		Decode: func(b []byte) (k [sm2.PublicKeySize]byte, err error) {
			if len(b) != len(k) {
				return k, fmt.Errorf("a key of %d bytes, not %d", len(b), len(k))
			}
			return [sm2.PublicKeySize]byte(b), nil
		},
	},
	store.ValueFuncs[Window]{
		Encode: func(w Window) ([]byte, error) { return w.bytes(), w.check() },
		Decode: parseWindow,
	},
)
