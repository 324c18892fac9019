package api

import (
	"context"
	"net/http"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// grace is how long a transaction may be neither in the mempool nor in the index
// before it is taken for lost: it leaves the one a moment before it is in the
// other.
const grace = 3 * time.Second

// await returns once a transaction is indexed, when the time is over, or, if
// lossy, when it has neither waited in the mempool nor been indexed for a while.
// The caller looks up what became of it. An error is a problem, or ctx's.
func (s *Server) await(ctx context.Context, id sm3.Hash, most time.Duration, lossy bool) error {
	leave, err := s.waiting.enter(ctx, addressIn(ctx), 0)
	if err != nil {
		return err
	}
	defer leave()
	news, stop := s.index.Notify()
	defer stop()
	over := time.NewTimer(most)
	defer over.Stop()
	look := time.NewTicker(time.Second) // for what leaves the mempool without a block
	defer look.Stop()
	seen := time.Now()
	for {
		waits := s.backend.Pending(id)
		if _, ok, err := s.index.Lookup(id); err != nil || ok {
			return err
		}
		if waits {
			seen = time.Now()
		}
		if lossy && time.Since(seen) > grace {
			return nil
		}
		select {
		case <-news:
		case <-look.C:
		case <-over.C:
			return nil
		case <-s.closing:
			return later(http.StatusServiceUnavailable, time.Second, "The node is stopping.")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
