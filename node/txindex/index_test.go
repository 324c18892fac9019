package txindex_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/vfs"
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/node/txindex"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// chain is blocks that a test decides on.
type chain struct {
	mu               sync.Mutex
	earliest, latest uint64
	size             int    // transactions of a block
	broken           uint64 // height that cannot be read, 0 for none
	waiting          map[chan struct{}]struct{}
}

func newChain(earliest, latest uint64) *chain {
	return &chain{earliest: earliest, latest: latest, size: 3, waiting: map[chan struct{}]struct{}{}}
}

func (c *chain) Heights() (earliest, latest uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.earliest, c.latest
}

func (c *chain) Transactions(height uint64) (txs [][]byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if height < c.earliest || height > c.latest || height == c.broken {
		return nil, errors.New("no such block")
	}
	for i := range c.size {
		txs = append(txs, encoded(height, i))
	}
	return append(txs, []byte("not a transaction")), nil
}

func (c *chain) Notify() (<-chan struct{}, func()) {
	n := make(chan struct{}, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting[n] = struct{}{}
	return n, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.waiting, n)
	}
}

// grow adds a block.
func (c *chain) grow() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.latest++
	for n := range c.waiting {
		select {
		case n <- struct{}{}:
		default:
		}
	}
}

func body(height uint64, i int) []byte { return fmt.Appendf(nil, "%d/%d", height, i) }

func encoded(height uint64, i int) []byte {
	b, err := proto.Marshal(&txv1.Tx{Body: body(height, i)})
	if err != nil {
		panic(err)
	}
	return b
}

// running is an index that follows a chain.
type running struct {
	*txindex.Index
	stop context.CancelFunc
	done chan error
}

func run(t *testing.T, c *chain, fs vfs.FS) *running {
	t.Helper()
	x, err := txindex.Open("txindex", c, txindex.Options{FS: fs})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &running{x, stop, make(chan error, 1)}
	go func() { r.done <- x.Run(ctx) }()
	return r
}

func (r *running) close(t *testing.T) {
	t.Helper()
	r.stop()
	if err := <-r.done; err != nil {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// reach waits until a height is indexed.
func (r *running) reach(t *testing.T, height uint64) {
	t.Helper()
	news, stop := r.Notify()
	defer stop()
	over := time.After(20 * time.Second)
	for {
		if _, last := r.Heights(); last >= height {
			return
		}
		select {
		case <-news:
		case <-over:
			t.Fatalf("height %d is not indexed", height)
		}
	}
}

// check looks every transaction up: those of the heights first to last are
// there, others are not.
func check(t *testing.T, x *txindex.Index, c *chain, first, last uint64) {
	t.Helper()
	if f, l := x.Heights(); f != first || l != last {
		t.Fatalf("heights %d to %d, want %d to %d", f, l, first, last)
	}
	for h := uint64(1); h <= c.latest+1; h++ {
		for i := range c.size {
			p, ok, err := x.Lookup(sm3.Sum(body(h, i)))
			if err != nil {
				t.Fatal(err)
			}
			if want := last > 0 && h >= first && h <= last; ok != want || ok && p != (txindex.Place{Height: h, Index: uint32(i)}) {
				t.Fatalf("%d/%d: %v, %v", h, i, p, ok)
			}
		}
	}
}

func TestFollow(t *testing.T) {
	c := newChain(1, 600) // more than two batches
	fs := vfs.NewMem()
	r := run(t, c, fs)
	r.reach(t, 600)
	for range 5 {
		c.grow()
	}
	r.reach(t, 605)
	check(t, r.Index, c, 1, 605)
	r.close(t)
	c.grow()
	r = run(t, c, fs)
	r.reach(t, 606)
	check(t, r.Index, c, 1, 606)
	r.close(t)
}

func TestBase(t *testing.T) {
	c := newChain(100, 120)
	fs := vfs.NewMem()
	r := run(t, c, fs)
	r.reach(t, 120)
	check(t, r.Index, c, 100, 120)
	r.close(t)
	c.latest, c.earliest = 140, 130 // some were pruned while it stood still
	r = run(t, c, fs)
	r.reach(t, 140)
	if p, ok, err := r.Lookup(sm3.Sum(body(135, 0))); err != nil || !ok || p.Height != 135 {
		t.Error(p, ok, err)
	}
	if _, ok, err := r.Lookup(sm3.Sum(body(125, 0))); err != nil || ok {
		t.Error(ok, err)
	}
	r.close(t)
}

// TestUnreadable: a block that cannot be read keeps back what follows, not what
// comes before, and is read later.
func TestUnreadable(t *testing.T) {
	c := newChain(1, 20)
	c.broken = 11
	r := run(t, c, vfs.NewMem())
	r.reach(t, 10)
	time.Sleep(20 * time.Millisecond)
	check(t, r.Index, c, 1, 10)
	c.mu.Lock()
	c.broken = 0
	c.mu.Unlock()
	c.grow()
	r.reach(t, 21)
	check(t, r.Index, c, 1, 21)
	r.close(t)
}

// home makes the folder of the index, for good.
func home(fs vfs.FS) error {
	if err := fs.MkdirAll("txindex", 0o755); err != nil {
		return err
	}
	root, err := fs.OpenDir("")
	if err != nil {
		return err
	}
	return errors.Join(root.Sync(), root.Close())
}

// TestCrash loses power after every operation on the file system, one after the
// other: what is left opens, is whole up to the height that it names, and goes
// on to the end.
func TestCrash(t *testing.T) {
	for after := 0; ; after++ {
		c := newChain(1, 0)
		c.size = 2
		mem := vfs.NewStrictMem()
		if err := home(mem); err != nil {
			t.Fatal(err)
		}
		fs := &fuse{FS: mem, left: after, blown: func() { mem.SetIgnoreSyncs(true) }}
		x, err := txindex.Open("txindex", c, txindex.Options{FS: fs})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- x.Run(ctx) }()
		r := &running{x, stop, done}
		durable := uint64(0) // the last height that was indexed before the loss
		for h := range uint64(6) {
			c.grow()
			r.reach(t, h+1)
			if !fs.reached() {
				durable = h + 1
			}
		}
		r.close(t)
		mem.ResetToSyncedState()
		mem.SetIgnoreSyncs(false)
		x, err = txindex.Open("txindex", c, txindex.Options{FS: mem})
		if err != nil {
			t.Fatalf("after %d operations: %v", after, err)
		}
		first, last := x.Heights()
		if last < durable {
			t.Fatalf("after %d operations: %d is the last, %d was indexed before", after, last, durable)
		}
		check(t, x, c, first, last)
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
		again := run(t, c, mem)
		again.reach(t, 6)
		check(t, again.Index, c, 1, 6)
		again.close(t)
		if durable == 6 {
			t.Logf("%d moments of loss", after)
			return
		}
	}
}
