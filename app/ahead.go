package app

import (
	"context"
	"errors"
	"runtime"
	"sync"        //determinism:ok of work that decides nothing by its order
	"sync/atomic" //determinism:ok likewise
	"time"

	"github.com/hallmark-ledger/hallmark/x/tx"
)

// parallel calls f(0) … f(n-1) on all cores, in no order. A panic of one is the
// error: it must not end the node on a proposal of somebody else.
func parallel(n int, f func(i int)) error {
	workers := min(n, runtime.GOMAXPROCS(0)) //determinism:ok how many goroutines share the work decides nothing
	errs := make([]error, workers)
	var next atomic.Int64
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() { //determinism:ok each i is a matter of its own
			errs[w] = harmless(func() error {
				for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
					f(i)
				}
				return nil
			})
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// ahead verifies the signatures of a block's transactions in their order, while
// those before them are executed. One goroutine uses it.
type ahead struct {
	now    func() time.Time
	stop   context.CancelFunc
	done   chan error //determinism:ok of each batch in turn
	ready  int        // this many transactions are verified
	waited time.Duration
}

// aheadBatch is how many transactions are verified together: a few milliseconds.
const aheadBatch = 32

// verifyAhead begins to verify the signatures that were not seen yet, on all cores,
// so that deliver finds them in the cache. The caller waits for each transaction
// that is there, and calls end at last.
func (e *execution) verifyAhead(ctx context.Context, txs []*tx.Tx) *ahead {
	ctx, stop := context.WithCancel(ctx)
	a := &ahead{now: e.app.options.Clock, stop: stop}
	a.done = make(chan error, len(txs)/aheadBatch+1) //determinism:ok likewise
	go func() {                                      //determinism:ok it fills a cache of facts of the bytes alone
		defer close(a.done)
		for from := 0; from < len(txs); from += aheadBatch {
			err := harmless(func() error { return e.verify(ctx, txs[from:min(len(txs), from+aheadBatch)]) })
			a.done <- err // there is room for all
			if err != nil {
				return
			}
		}
	}()
	return a
}

// wait waits until transaction i is verified, good or not. An error is a fault.
func (a *ahead) wait(i int) error {
	if i < a.ready {
		return nil
	}
	start := a.now()
	defer func() { a.waited += a.now().Sub(start) }()
	for i >= a.ready {
		err, ok := <-a.done
		if err != nil {
			return err
		}
		if !ok {
			return errors.New("app: nothing is verified any more")
		}
		a.ready += aheadBatch
	}
	return nil
}

// end stops what is still under way and waits for it to stop.
func (a *ahead) end() {
	a.stop()
	for range a.done { //nolint:revive // only the end is waited for
	}
}
