package tx

import (
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/store"
)

// Genesis is this package's part of the genesis file. A new chain leaves it
// empty; an exported state has the nonces, so that nothing can be replayed.
type Genesis struct {
	Windows []GenesisWindow `json:"windows,omitempty"`
}

// GenesisWindow is the window of one key.
type GenesisWindow struct {
	Key    string `json:"key"`    // compressed SM2 public key, 66 hexadecimal digits
	Window string `json:"window"` // highest nonce and bitmap, 272 hexadecimal digits
}

// InitGenesis writes g to an empty state. Its errors say what to fix.
func InitGenesis(rw store.ReadWriter, g *Genesis) error {
	for i, e := range g.Windows {
		if err := initWindow(rw, e); err != nil {
			return fmt.Errorf("tx: windows[%d]: %w", i, err)
		}
	}
	return nil
}

func initWindow(rw store.ReadWriter, e GenesisWindow) error {
	b, err := hex.DecodeString(e.Key)
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	key, err := sm2.ParsePublicKey(b)
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	if b, err = hex.DecodeString(e.Window); err != nil {
		return fmt.Errorf("window: %w", err)
	}
	w, err := parseWindow(b)
	if err != nil {
		return fmt.Errorf("window: %w", err)
	}
	switch ok, err := nonces.Has(rw, key.Bytes()); {
	case err != nil:
		return err
	case ok:
		return errors.New("the key has another window above; keep one")
	}
	return nonces.Set(rw, key.Bytes(), w)
}

// ExportGenesis returns the windows of r, by key.
func ExportGenesis(r store.Reader) (*Genesis, error) {
	g := new(Genesis)
	err := nonces.Scan(r, func(key [sm2.PublicKeySize]byte, w Window) (bool, error) {
		g.Windows = append(g.Windows, GenesisWindow{hex.EncodeToString(key[:]), hex.EncodeToString(w.bytes())})
		return true, nil
	})
	return g, err
}
