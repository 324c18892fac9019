package sm2

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Item is one signature to verify.
type Item struct {
	Key       *PublicKey
	Message   []byte
	Signature Signature
}

// VerifyBatch verifies items on up to workers goroutines at a time, the
// caller's included; workers ≤ 0 means GOMAXPROCS. The bound is per call.
//
// It returns one error per item, in order: exactly what Verify returns for it,
// whatever the number of workers. If ctx ends first it returns no results and
// the cause, so an item that was not looked at is never taken for a good one;
// it gives up within one verification. No goroutine outlives the call.
func VerifyBatch(ctx context.Context, items []Item, workers int) ([]error, error) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	results := make([]error, len(items))
	var next, done atomic.Int64 // items taken, items finished
	work := func() {
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= len(items) {
				return
			}
			results[i] = Verify(items[i].Key, items[i].Message, items[i].Signature)
			done.Add(1)
		}
	}
	var others sync.WaitGroup
	for range min(workers, len(items)) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
	if done.Load() < int64(len(items)) {
		return nil, context.Cause(ctx)
	}
	return results, nil
}
