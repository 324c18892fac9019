package sealer_test

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// TestBehind: a node that was down for many heights fetches blocks and then
// seals, is stopped in the middle of each and again, and comes to have all; the
// newest state is provable within two blocks. SEAL_HEIGHTS says how many heights.
func TestBehind(t *testing.T) {
	t.Parallel()
	s := os.Getenv("SEAL_HEIGHTS")
	if s == "" {
		// A peer that dials while a node stops gets a connection that nobody closes
		// while the process lives, and calls the node's next start a duplicate until
		// pings fail: a minute or two, in about every second run. Only nodes that
		// share a process meet this; testnet restarts real ones.
		t.Skip("takes up to some minutes: SEAL_HEIGHTS=60 runs it")
	}
	heights, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	n := newNetwork(t, 4, 0)
	for _, m := range n.nodes {
		m.set = append(m.set, "state.retain_versions=8")
	}
	n.start()
	first, late := n.nodes[0], n.nodes[3]
	first.feed()
	late.awaitSealed(3)
	late.stop()
	at := late.Seals()
	_, left := at.Heights()
	for next := left; next < left+heights; { // as long as it takes
		next = min(next+20, left+heights)
		first.awaitHeight(next)
	}
	first.awaitSealed(left + heights - 2)

	// In the middle of fetching blocks.
	n.start(late)
	late.until("a few blocks", func() bool { return late.height() > left+5 })
	late.stop()
	stopped := late.height()
	// In the middle of fetching seals: as soon as it has a new one.
	n.start(late)
	late.awaitHeight(left + heights)
	late.awaitSealed(left + heights - 2)
	late.stop()
	t.Logf("down from height %d on for %d heights, stopped at %d, and at %d", left, heights, stopped, late.height())

	n.start(late)
	begin, height := time.Now(), first.height()
	late.awaitHeight(height)
	reached := late.height()
	late.awaitSealed(reached)
	if h := late.height(); h > reached+40 { // they come every 50 ms here: two of the blocks of an ordinary network
		t.Errorf("height %d was sealed when height %d had come", reached, h)
	}
	late.checkPin()
	late.awaitAll(1, reached)
	late.checkSealed(1, reached)
	t.Logf("all %d seals after %v", reached, time.Since(begin))
}
