package tx

import (
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/store"
)

// Nonces returns the window of key: the zero value if it has used none.
func Nonces(r store.Reader, key [sm2.PublicKeySize]byte) (Window, error) {
	w, _, err := nonces.Get(r, key)
	return w, err
}
