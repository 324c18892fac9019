package sealer_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// fickle is a seal key that a test makes ill.
type fickle struct {
	sm2.Signer
	how atomic.Int32
}

const (
	well = iota
	failing
	hanging
	wrong
)

func (f *fickle) Sign(ctx context.Context, message []byte) (sm2.Signature, error) {
	switch f.how.Load() {
	case failing:
		return sm2.Signature{}, errors.New("the device is gone")
	case hanging:
		<-ctx.Done()
		return sm2.Signature{}, ctx.Err()
	case wrong:
		return apptest.Key("another").Sign(ctx, message)
	}
	return f.Signer.Sign(ctx, message)
}

// makeFickle has the last n nodes of a network seal with keys that can be ill.
func (n *network) makeFickle(count int) (keys []*fickle) {
	n.Helper()
	for _, m := range n.nodes[len(n.nodes)-count:] {
		key, err := keystore.Load(m.config().SealKeyFile(), pass)
		if err != nil {
			n.Fatal(err)
		}
		f := &fickle{Signer: key}
		m.keys, m.locked = []sm2.Signer{f}, true
		keys = append(keys, f)
	}
	return keys
}

// TestOneIllKey: while one key of four is dead, hangs or signs something else,
// the others seal every height within two blocks.
func TestOneIllKey(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 4, 0)
	key := n.makeFickle(1)[0]
	for _, m := range n.nodes {
		m.set = append(m.set, "consensus.timeout_commit=400ms", "seal.sign_timeout=300ms")
	}
	n.start()
	first := n.nodes[0]
	first.feed()
	first.awaitSealed(2)
	blocks, stop := first.Notify()
	defer stop()
	for _, how := range []int32{failing, hanging, wrong} {
		key.how.Store(how)
		from := first.height() + 1
		for first.height() < from+6 {
			<-blocks
			if h := first.height(); first.Seals().Newest()+2 < h {
				t.Errorf("illness %d: at height %d the newest sealed is %d", how, h, first.Seals().Newest())
			}
		}
		first.checkSealed(from, from+4)
		if missing, err := first.Seals().Missing(from + 3); err != nil || !slices.Equal(missing, []string{"val-03"}) {
			t.Errorf("illness %d: missing %v, %v", how, missing, err)
		}
	}
	stats, err := first.Seals().Stats()
	if err != nil || stats.Missing["val-03"] < 10 || stats.Missing["val-00"] > 2 || stats.Dropped != 0 {
		t.Errorf("%+v, %v", stats, err)
	}
}

// TestTwoDeadKeys: nothing is sealed then. The last sealed state stays provable
// far beyond what is retained, also over a restart; the node says how it stands;
// and when the keys are back, all is sealed.
func TestTwoDeadKeys(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 4, 0)
	keys := n.makeFickle(2)
	for _, m := range n.nodes {
		m.set = append(m.set, "state.retain_versions=4")
	}
	n.start()
	first, second := n.nodes[0], n.nodes[1]
	first.feed()
	first.awaitSealed(5)
	for _, k := range keys {
		k.how.Store(failing)
	}
	before := first.height()
	first.awaitHeight(before + 40)
	sealed := first.Seals().Newest()
	if sealed > before+1 {
		t.Fatalf("height %d was sealed by two of four", sealed)
	}
	first.checkPin()
	view, err := first.View(sealed)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, proof, err := view.Prove([]byte("\x08c")); err != nil || len(proof) == 0 {
		t.Errorf("height %d cannot be proven: %v", sealed, err)
	}
	status, err := first.Status(t.Context())
	if err != nil || status.SealedHeight != sealed || status.SealLag < 30 || !slices.Equal(status.Unsealed, []string{"val-02", "val-03"}) &&
		!slices.Equal(status.Unsealed, []string{"val-03", "val-02"}) {
		t.Errorf("status %+v, %v", status, err)
	}
	stats, err := first.Seals().Stats()
	if err != nil || stats.Last-stats.Newest < 30 || stats.Missing["val-02"] < 15 || stats.Missing["val-03"] < 15 {
		t.Errorf("%+v, %v", stats, err)
	}

	pinned := second.Seals().Newest()
	second.stop()
	n.start(second)
	if got := second.Seals().Newest(); got != pinned {
		t.Errorf("after a restart the newest sealed is %d, it was %d", got, pinned)
	}
	second.checkPin()
	second.awaitHeight(first.height() + 2)
	second.checkPin()

	for _, k := range keys {
		k.how.Store(well)
	}
	now := first.height()
	for _, m := range []*member{first, second} {
		m.awaitSealed(now)
		m.awaitAll(1, now)
		m.checkSealed(1, now)
		m.checkPin()
	}
}

// awaitAll waits until every height of a range is sealed.
func (m *member) awaitAll(low, high uint64) {
	m.net.Helper()
	m.until("seals of all heights", func() bool {
		for ; low <= high; low++ {
			if _, _, ok, err := m.Seals().Sealed(low); err != nil || !ok {
				return false
			}
		}
		return true
	})
}
