package member

import (
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Reservation is the use of a key for something else than a member's key: a
// validator's consensus or seal key.
type Reservation struct {
	Member  string    `json:"member"`
	Purpose string    `json:"purpose"`
	Height  uint64    `json:"height"`
	Time    time.Time `json:"time,omitzero"`
}

// KeyTaken reports whether key (33 bytes of SM2, or any other kind) has ever
// been registered, by a member or through ReserveKey. An SM2 key and its
// negative, which has the same x and the same secret but for the sign, count as
// one.
func (m *Module) KeyTaken(r store.Reader, key []byte) (bool, error) { return keyTaken(r, key) }

func keyTaken(r store.Reader, key []byte) (bool, error) {
	forms := [][]byte{key}
	if len(key) == sm2.PublicKeySize {
		negative := append([]byte(nil), key...)
		negative[0] ^= 1
		forms = append(forms, negative)
	}
	for _, k := range forms {
		if ok, err := reserved.Has(r, string(k)); ok || err != nil {
			return ok, err
		}
		if len(k) == sm2.PublicKeySize {
			if ok, err := keys.Has(r, Key(k)); ok || err != nil {
				return ok, err
			}
		}
	}
	return false, nil
}

// ReserveKey records that key, 1 to 64 bytes, serves the purpose for the
// member, so that it never serves another. It refuses a key that is taken.
func (m *Module) ReserveKey(c *exec.Context, member, purpose string, key []byte) error {
	return reserve(c.Store, Reservation{member, purpose, c.Height, c.Time.UTC()}, key)
}

// ReserveGenesisKey is ReserveKey for the genesis, after InitGenesis. A key that
// an exported state already reserves for the same member and purpose is in order.
func (m *Module) ReserveGenesisKey(rw store.ReadWriter, member, purpose string, key []byte) error {
	r, ok, err := reserved.Get(rw, string(key))
	if err != nil || ok && r.Member == member && r.Purpose == purpose {
		return err
	}
	return reserve(rw, Reservation{Member: member, Purpose: purpose}, key)
}

func reserve(rw store.ReadWriter, r Reservation, key []byte) error {
	if len(key) == 0 || len(key) > 64 {
		return codeMalformed.Refuse("a key of %d bytes", len(key))
	}
	if taken, err := keyTaken(rw, key); err != nil {
		return err
	} else if taken {
		return codeKeyTaken.Refuse("%x", key)
	}
	return reserved.Set(rw, string(key), r)
}
