package member

import (
	"encoding/hex"
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Act says when something was done, and by whom. The zero value stands for the
// genesis.
type Act struct {
	Height   uint64    `json:"height"`
	Time     time.Time `json:"time"` // of the block, UTC
	TxID     TxID      `json:"tx"`
	Member   string    `json:"member,omitempty"` // empty if governance did it
	Keys     []Key     `json:"keys,omitempty"`   // that the message relied on
	Governed bool      `json:"governed,omitempty"`
}

// byMember is the act of the message's actor and of those of its signers that
// are the actor's.
func byMember(c *exec.Context) Act {
	a := Act{Height: c.Height, Time: c.Time.UTC(), TxID: TxID(c.TxID), Member: c.Actor}
	for _, s := range c.Signers {
		if s.Member == c.Actor {
			a.Keys = append(a.Keys, s.Key)
		}
	}
	return a
}

// byGovernance is the act of the regulators; the proposal that was decided by
// the transaction says who they were.
func byGovernance(c *exec.Context) Act {
	return Act{Height: c.Height, Time: c.Time.UTC(), TxID: TxID(c.TxID), Governed: true}
}

// Key is an SM2 public key, compressed; its text is hexadecimal.
type Key [sm2.PublicKeySize]byte

// String returns 66 hexadecimal digits.
func (k Key) String() string { return hex.EncodeToString(k[:]) }

// MarshalText implements encoding.TextMarshaler.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *Key) UnmarshalText(text []byte) error { return unhex(k[:], text) }

// TxID is SM3 of a transaction's body; its text is hexadecimal.
type TxID sm3.Hash

// MarshalText implements encoding.TextMarshaler.
func (t TxID) MarshalText() ([]byte, error) { return []byte(sm3.Hash(t).String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *TxID) UnmarshalText(text []byte) error { return unhex(t[:], text) }

// unhex fills dst from text.
func unhex(dst, text []byte) error {
	if hex.DecodedLen(len(text)) != len(dst) || len(text)%2 != 0 {
		return fmt.Errorf("member: %d hexadecimal digits, want %d", len(text), 2*len(dst))
	}
	_, err := hex.Decode(dst, text)
	return err
}
