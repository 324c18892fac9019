package tx

import (
	"context"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// KeyFacts is what the state says of a registered key at an instant.
type KeyFacts struct {
	Member string // whose it is
	Duty   exec.Duty
	Holder string // opaque id of the person behind it
	// Usable says that the key is in force and that its member may act: that
	// it signs for nothing otherwise. Reason says why not.
	Usable bool
	Reason string
}

// Keys is where registered keys are looked up: module member.
type Keys interface {
	// Key returns the facts of key at an instant, or false if it was never
	// registered. An error is a fault.
	Key(r store.Reader, key [sm2.PublicKeySize]byte, at time.Time) (KeyFacts, bool, error)
}

// Authenticator says whether transactions are by whom they claim to be. It has
// no state of its own; it is safe for concurrent use as far as the stores given
// to it are.
type Authenticator struct {
	Keys  Keys
	Cache *Cache
}

// Admitted is a transaction that the state has nothing against, of which no
// signature was verified. Admit makes it; it speaks of that state alone.
type Admitted struct {
	tx      *Tx
	signers []exec.Signer // those of tx, with what the state says of them
}

// Authenticated is a transaction whose signatures are good, by keys that the
// state admitted. Verify makes it.
type Authenticated struct{ admitted *Admitted }

// Admit asks the state of r, in block b, about t: expiry, nonce, and of each
// signer in turn whether its key is registered, of the member named, and usable.
// It changes nothing. An error is a refusal or a fault.
func (a *Authenticator) Admit(r store.Reader, b exec.Block, limits Limits, t *Tx) (*Admitted, error) {
	if refusal := checkExpiry(t.body.Expiry, b.Time, limits.MaxExpiry); refusal != nil {
		return nil, refusal
	}
	w, err := Nonces(r, t.signers[0].Key)
	if err != nil {
		return nil, err
	}
	if refusal := w.refusal(t.body.Nonce); refusal != nil {
		return nil, refusal
	}
	signers := make([]exec.Signer, len(t.signers))
	for i, s := range t.signers {
		facts, ok, err := a.Keys.Key(r, s.Key, b.Time)
		switch {
		case err != nil:
			return nil, err
		case !ok:
			return nil, codeUnknownKey.Refuse("signer %d, key %x", i, s.Key)
		case facts.Member != s.Member:
			return nil, codeWrongMember.Refuse("signer %d: the key %x is not of %.60q", i, s.Key, s.Member)
		case !facts.Usable:
			return nil, codeUnusableKey.Refuse("signer %d, key %x of %s: %s", i, s.Key, s.Member, facts.Reason)
		}
		signers[i] = exec.Signer{Member: facts.Member, Key: s.Key, Duty: facts.Duty, Holder: facts.Holder}
	}
	return &Admitted{t, signers}, nil
}

// checkExpiry compares an expiry in Unix seconds, which may be any number, with
// the time of a block.
func checkExpiry(expiry int64, now time.Time, span time.Duration) *exec.Refusal {
	seconds := now.Unix()
	if expiry < seconds || expiry == seconds && now.Nanosecond() > 0 {
		return codeExpired.Refuse("at %d, the time of the block is %d (Unix seconds)", expiry, seconds)
	}
	if latest := seconds + int64(span/time.Second); expiry > latest {
		return codeExpiryTooFar.Refuse("at %d, the latest now is %d (Unix seconds)", expiry, latest)
	}
	return nil
}

// Verify verifies the signatures that the cache does not know, on the caller's
// goroutine. An error is a refusal, or ctx has ended: a fault.
func (a *Authenticator) Verify(ctx context.Context, admitted *Admitted) (*Authenticated, error) {
	refusals, err := a.Cache.verify(ctx, []*Tx{admitted.tx}, 1)
	if err != nil {
		return nil, err
	}
	if refusals[0] != nil {
		return nil, refusals[0]
	}
	return &Authenticated{admitted}, nil
}

// Authenticate is Admit, then Verify.
func (a *Authenticator) Authenticate(ctx context.Context, r store.Reader, b exec.Block, limits Limits, t *Tx) (*Authenticated, error) {
	admitted, err := a.Admit(r, b, limits, t)
	if err != nil {
		return nil, err
	}
	return a.Verify(ctx, admitted)
}

// ID returns the id of the transaction.
func (a *Authenticated) ID() sm3.Hash { return a.admitted.tx.id }

// Tx returns the transaction.
func (a *Authenticated) Tx() *Tx { return a.admitted.tx }

// Signers returns those that message i relies on, in its order. The caller owns
// the slice.
func (a *Authenticated) Signers(i int) []exec.Signer { return a.admitted.signersOf(i) }

func (a *Admitted) signersOf(message int) []exec.Signer {
	places := a.tx.body.Messages[message].Signers
	signers := make([]exec.Signer, len(places))
	for j, p := range places {
		signers[j] = a.signers[p]
	}
	return signers
}

// Spend makes the nonce used in rw. It refuses one that was used since the
// transaction was admitted, and changes nothing then.
func (a *Authenticated) Spend(rw store.ReadWriter) error { return a.admitted.spend(rw) }

func (a *Admitted) spend(rw store.ReadWriter) error {
	t := a.tx
	w, err := Nonces(rw, t.signers[0].Key)
	if err != nil {
		return err
	}
	if err := w.Use(t.body.Nonce); err != nil {
		return err
	}
	return nonces.Set(rw, t.signers[0].Key, w)
}
