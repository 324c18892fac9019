package sm2

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
)

// batch returns n items of which every third is by another key, every fifth
// over another message and every seventh without a key, and the results due.
func batch(t testing.TB, n int) (items []Item, good []bool) {
	t.Helper()
	k, other := newKey(t), newKey(t)
	for i := range n {
		message := fmt.Appendf(nil, "message %d", i)
		item := Item{k.Public(), message, mustSign(t, k, message)}
		switch {
		case i%3 == 1:
			item.Key = other.Public()
		case i%5 == 1:
			item.Message = []byte("another")
		case i%7 == 1:
			item.Key = nil
		}
		items = append(items, item)
		good = append(good, i%3 != 1 && i%5 != 1 && i%7 != 1)
	}
	return items, good
}

func TestVerifyBatch(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 50} {
		items, good := batch(t, n)
		for _, workers := range []int{-1, 0, 1, 2, 3, 8, 100} {
			results, err := VerifyBatch(t.Context(), items, workers)
			if err != nil || len(results) != n {
				t.Fatalf("%d items, %d workers: %d results, %v", n, workers, len(results), err)
			}
			for i, r := range results {
				if (r == nil) != good[i] {
					t.Errorf("%d workers: item %d: %v", workers, i, r)
				}
				want := Verify(items[i].Key, items[i].Message, items[i].Signature)
				if fmt.Sprint(r) != fmt.Sprint(want) {
					t.Errorf("%d workers: item %d: %v, Verify has %v", workers, i, r, want)
				}
			}
		}
	}
}

func TestVerifyBatchCancelled(t *testing.T) {
	items, _ := batch(t, 20)
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if results, err := VerifyBatch(ctx, items, 2); results != nil || err != cause {
		t.Errorf("VerifyBatch after the end = %v, %v", results, err)
	}
	if results, err := VerifyBatch(ctx, nil, 2); len(results) != 0 || err != nil {
		t.Errorf("VerifyBatch of nothing = %v, %v", results, err)
	}
}

// TestVerifyBatchStops ends the context while a long batch runs: the call gives
// up, with no results, and leaves no goroutine.
func TestVerifyBatchStops(t *testing.T) {
	items, _ := batch(t, 3)
	items = slices.Repeat(items, 30_000) // seconds of work
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	results, err := VerifyBatch(ctx, items, 4)
	if results != nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("VerifyBatch = %d results, %v", len(results), err)
	}
	for range 100 { // a goroutine that has returned may be counted a moment longer
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before the call", runtime.NumGoroutine(), before)
}

// TestVerifyConcurrently shares keys between goroutines; the race detector is
// the judge.
func TestVerifyConcurrently(t *testing.T) {
	k := newKey(t)
	message := []byte("shared")
	done := make(chan error)
	for range 4 {
		go func() {
			sig, err := k.SignWith(nil, message)
			done <- errors.Join(err, Verify(k.Public(), message, sig))
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
