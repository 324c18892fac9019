package sealer

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// witness is a seal key that remembers, over crashes, what it was asked to sign.
type witness struct {
	sm2.Signer
	dead func() bool // the power is lost: nothing that is signed gets out
	seen map[uint64]seal.Statement
	bad  []uint64
}

func newWitness(key string) *witness {
	return &witness{Signer: apptest.Key("seal/" + key), seen: map[uint64]seal.Statement{}}
}

func (w *witness) Sign(ctx context.Context, message []byte) (sm2.Signature, error) {
	st, err := seal.ParseStatement(message)
	if err != nil {
		return sm2.Signature{}, err
	}
	if w.dead() {
		return sm2.Signature{}, errors.New("no power")
	}
	if old, ok := w.seen[st.Height]; ok && old != st {
		w.bad = append(w.bad, st.Height)
	}
	w.seen[st.Height] = st
	return w.Signer.Sign(ctx, message)
}

func signerOn(s *Store, key sm2.Signer) *Signer {
	return NewSigner(s, SignerOptions{Keys: []sm2.Signer{key}, Timeout: time.Second, Retry: time.Millisecond}, func(*Fresh) {})
}

// all lets the signer do all that is to be done.
func (s *Signer) all(t *testing.T) {
	t.Helper()
	first, last := s.store.Heights()
	s.tried, s.gaps = last, nil
	if last > 0 {
		s.gaps = []gap{{first, last}}
	}
	for s.step(context.Background(), true) {
	}
}

// TestOnce loses power after every operation on the file system, one after the
// other, and then the chain is another one from its first block on: whatever was
// signed before, of no height is anything else signed.
func TestOnce(t *testing.T) {
	const heights = 4
	for after := 0; ; after++ {
		mem := vfs.NewStrictMem()
		if err := home(mem); err != nil {
			t.Fatal(err)
		}
		fs := &fuse{FS: mem, left: after, blown: func() { mem.SetIgnoreSyncs(true) }}
		c, key := newChain(0), newWitness("a")
		key.dead = fs.reached
		s := open(t, c, fs)
		g := signerOn(s, key)
		for c.last < heights && !fs.reached() {
			c.grow(1)
			catchUpWith(t, s)
			g.step(context.Background(), true)
			s.sign(t, c, c.last, "b", "c")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		mem.ResetToSyncedState()
		mem.SetIgnoreSyncs(false)
		forget(t, mem)
		key.dead = func() bool { return false }
		c.fork, c.last, c.pins = 1, heights, map[uint64]int{}
		before := len(key.seen)
		s = open(t, c, mem)
		g = signerOn(s, key)
		g.all(t)
		if len(key.bad) > 0 {
			t.Fatalf("after %d operations: two statements of heights %v were signed", after, key.bad)
		}
		if n := int(s.counts.twice.Load()); n < before || len(key.seen) < heights-1 {
			t.Fatalf("after %d operations: %d heights were signed before, %d were refused, %d signed in all", after, before, n, len(key.seen))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if !fs.reached() {
			t.Logf("%d moments of loss", after)
			if before != heights {
				t.Fatalf("%d heights were signed", before)
			}
			return
		}
	}
}

// forget deletes all but what was signed.
func forget(t *testing.T, fs vfs.FS) {
	t.Helper()
	s, err := Open("seals", newChain(0), Options{ChainID: "test", FS: fs})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	it, err := s.db.Iterator(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer it.Close()
	for ; it.Valid(); it.Next() {
		if it.Key()[0] != signedPrefix {
			if err := s.db.DeleteSync(it.Key()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// home makes the folder, for good.
func home(fs vfs.FS) error {
	if err := fs.MkdirAll("seals", 0o755); err != nil {
		return err
	}
	root, err := fs.OpenDir("")
	if err != nil {
		return err
	}
	return errors.Join(root.Sync(), root.Close())
}
