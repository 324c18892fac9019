package tx

import "github.com/hallmark-ledger/hallmark/store"

// Check reads every window of r and returns an error for the first that is none.
func Check(r store.Reader) error {
	return nonces.Scan(r, func([33]byte, Window) (bool, error) { return true, nil })
}
