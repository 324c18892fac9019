package sealer

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// keyFunc is a seal key that does what a test wants.
type keyFunc struct {
	public *sm2.PublicKey
	sign   func(context.Context, []byte) (sm2.Signature, error)
}

func (k keyFunc) Public() *sm2.PublicKey { return k.public }

func (k keyFunc) Sign(ctx context.Context, m []byte) (sm2.Signature, error) { return k.sign(ctx, m) }

// work runs a signer beside a chain until the test ends, and returns heights that
// were published.
func work(t *testing.T, c *chain, s *Store, keys ...sm2.Signer) (published chan uint64) {
	t.Helper()
	published = make(chan uint64, 1000)
	g := NewSigner(s, SignerOptions{
		Keys: keys, Timeout: 30 * time.Millisecond, Retry: 20 * time.Millisecond, Settle: time.Millisecond,
	}, func(f *Fresh) { published <- f.Height })
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { g.Run(ctx); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	return published
}

// await waits until the node's signature of every height up to last is there.
func await(t *testing.T, s *Store, name string, last uint64) {
	t.Helper()
	over := time.Now().Add(20 * time.Second)
	for h := uint64(1); h <= last; {
		missing, err := s.Missing(h)
		if err != nil {
			t.Fatal(err)
		}
		lacks := false
		for _, m := range missing {
			lacks = lacks || m == name
		}
		if !lacks {
			h++
			continue
		}
		if time.Now().After(over) {
			t.Fatalf("height %d is not signed by %s", h, name)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// Old heights are signed too, newest first; and so is what comes.
func TestSignAll(t *testing.T) {
	c := newChain(30)
	s := newStore(t, c)
	published := work(t, c, s, apptest.Key("seal/a"))
	await(t, s, "v0", 30)
	for want := uint64(30); want > 0; want-- {
		if got := <-published; got != want {
			t.Fatalf("height %d was signed, want %d", got, want)
		}
	}
	c.grow(1)
	catchUpWith(t, s)
	s.news.wake()
	await(t, s, "v0", 31)
}

// What is sealed already needs no signature, and while old blocks are fetched
// nothing is signed.
func TestSignOnlyWhatIsNeeded(t *testing.T) {
	c := newChain(10)
	c.asleep = true
	s := newStore(t, c)
	for h := uint64(1); h <= 8; h++ {
		s.sign(t, c, h, "b", "c", "d")
	}
	published := work(t, c, s, apptest.Key("seal/a"))
	time.Sleep(60 * time.Millisecond)
	if len(published) > 0 {
		t.Fatal("it signed before the node was live")
	}
	c.mu.Lock()
	c.asleep = false
	c.mu.Unlock()
	if a, b := <-published, <-published; a != 10 || b != 9 {
		t.Fatalf("heights %d, %d", a, b)
	}
	time.Sleep(60 * time.Millisecond)
	if len(published) > 0 {
		t.Errorf("height %d was sealed without it", <-published)
	}
}

// A key that hangs, fails or signs something else is tried again and again, the
// newest height first, and fills the gap when it is well.
func TestIllKeys(t *testing.T) {
	good := apptest.Key("seal/a")
	for name, ill := range map[string]func(context.Context, []byte) (sm2.Signature, error){
		"failing": func(context.Context, []byte) (sm2.Signature, error) { return sm2.Signature{}, errors.New("no device") },
		"wrong":   func(ctx context.Context, m []byte) (sm2.Signature, error) { return apptest.Key("seal/z").Sign(ctx, m) },
		"zero":    func(context.Context, []byte) (sm2.Signature, error) { return sm2.Signature{}, nil },
		"waiting": func(ctx context.Context, _ []byte) (sm2.Signature, error) {
			<-ctx.Done()
			return sm2.Signature{}, ctx.Err()
		},
		"stubborn": func(context.Context, []byte) (sm2.Signature, error) {
			time.Sleep(150 * time.Millisecond)
			return sm2.Signature{}, errors.New("late")
		},
		"late": func(ctx context.Context, m []byte) (sm2.Signature, error) {
			time.Sleep(50 * time.Millisecond)
			return good.Sign(ctx, m)
		},
		"another one": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChain(3)
			s := newStore(t, c)
			var well atomic.Bool
			var calls atomic.Int32
			key := keyFunc{good.Public(), func(ctx context.Context, m []byte) (sm2.Signature, error) {
				if calls.Add(1); well.Load() {
					return good.Sign(ctx, m)
				}
				return ill(ctx, m)
			}}
			if ill == nil { // the set does not name it
				key.public, key.sign = apptest.Key("seal/z").Public(), func(context.Context, []byte) (sm2.Signature, error) {
					calls.Add(1)
					return sm2.Signature{}, nil
				}
			}
			published := work(t, c, s, key)
			for range 10 {
				c.grow(1)
				catchUpWith(t, s)
				time.Sleep(20 * time.Millisecond)
			}
			if len(published) > 0 {
				t.Fatal("a signature that is none was published")
			}
			if ill == nil {
				if calls.Load() > 0 {
					t.Error("a key that no set names was used")
				}
				return
			}
			if calls.Load() < 2 || calls.Load() > 40 || s.counts.failed.Load() == 0 {
				t.Errorf("%d calls, %d failures", calls.Load(), s.counts.failed.Load())
			}
			well.Store(true)
			await(t, s, "v0", 13)
		})
	}
}

// A key may hang for ever: the signer still ends, and makes no further call.
func TestHangingKey(t *testing.T) {
	c := newChain(3)
	s := newStore(t, c)
	var calls atomic.Int32
	forever := make(chan struct{})
	defer close(forever)
	work(t, c, s, keyFunc{apptest.Key("seal/a").Public(), func(context.Context, []byte) (sm2.Signature, error) {
		calls.Add(1)
		<-forever
		return sm2.Signature{}, nil
	}})
	for range 20 {
		c.grow(1)
		catchUpWith(t, s)
		time.Sleep(10 * time.Millisecond)
	}
	if calls.Load() != 1 {
		t.Errorf("%d calls are open", calls.Load())
	}
}

// Each height is signed with the key that its own set names.
func TestRotatedKey(t *testing.T) {
	c := newChain(60)
	c.sets = append(c.sets, setOf(40, 10, "e", "b", "c", "d"))
	s := newStore(t, c)
	work(t, c, s, apptest.Key("seal/e"), apptest.Key("seal/a"))
	await(t, s, "v0", 60)
}
