package connected

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cometbft/cometbft/light/store"

	"github.com/hallmark-ledger/hallmark/light"
)

// TestFolder: the folder keeps as many headers as it may, each whole; whatever
// becomes of a file, nothing is established by it.
func TestFolder(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, false)
	first := n.issue(1, good)
	n.await(first + 8)
	bundle, now := n.bundle(valid(good)), time.Now()
	c := n.config(n.trust(first), n.rpc, honest(n))
	c.Keep = 3
	k, err := Open(t.Context(), c, now)
	if err != nil {
		t.Fatal(err)
	}
	for h := first + 1; h <= first+6; h++ {
		if _, err := k.header(t.Context(), int64(h), now); err != nil {
			t.Fatal(err)
		}
	}
	if k.store.Size() != 3 {
		t.Errorf("%d headers are kept", k.store.Size())
	}
	low, err := k.store.FirstLightBlockHeight()
	high, err2 := k.store.LastLightBlockHeight()
	if err != nil || err2 != nil || low != int64(first+4) || high != int64(first+6) {
		t.Errorf("headers %d to %d are kept", low, high)
	}
	if b, err := k.store.LightBlockBefore(high); err != nil || b.Height != high-1 {
		t.Error(b, err)
	}
	for _, err := range []error{second(k.store.LightBlockBefore(low)), second(k.store.LightBlock(low - 1))} {
		if !errors.Is(err, store.ErrLightBlockNotFound) {
			t.Error(err)
		}
	}
	// An older header is led to by the hashes, and not kept beyond the bound.
	if b, err := k.header(t.Context(), int64(first+1), now); err != nil || uint64(b.Height) != first+1 || k.store.Size() != 3 {
		t.Error(b, err, k.store.Size())
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}

	// A crash while a header is written leaves a part of it beside the rest.
	part := filepath.Join(c.Dir, strings.Repeat("9", 20)+suffix+temporary)
	if err := os.WriteFile(part, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.Trust = nil
	if got := outcome(verify(t, c, bundle, valid(good), light.Limits{}, now)); got != "holds valid" {
		t.Error(got)
	}
	if _, err := os.Stat(part); !errors.Is(err, os.ErrNotExist) {
		t.Error("what a crash left is still there")
	}

	files, err := filepath.Glob(filepath.Join(c.Dir, "*"+suffix))
	if err != nil || len(files) != 3 {
		t.Fatal(files, err)
	}
	newest := files[2]
	whole, err := os.ReadFile(newest)
	if err != nil {
		t.Fatal(err)
	}
	spoil := func(what string, b []byte) {
		t.Helper()
		if err := os.WriteFile(newest, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := outcome(verify(t, c, bundle, valid(good), light.Limits{}, now)); got != "error headers-damaged" {
			t.Errorf("%s: %s", what, got)
		}
	}
	for i := 0; i < len(whole); i += 7 {
		b := append([]byte(nil), whole...)
		b[i] ^= 0x40
		spoil("a byte", b)
	}
	for _, n := range []int{0, 1, 31, 32, 33, len(whole) - 1} {
		spoil("cut off", whole[:n])
	}
	spoil("longer", append(append([]byte(nil), whole...), 0))
	older, err := os.ReadFile(files[1])
	if err != nil {
		t.Fatal(err)
	}
	spoil("the one before", older)
	if err := os.WriteFile(newest, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	strange := filepath.Join(c.Dir, "12"+suffix)
	if err := os.WriteFile(strange, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := outcome(verify(t, c, bundle, valid(good), light.Limits{}, now)); got != "error headers-damaged" {
		t.Error("a strange name:", got)
	}
	if err := os.Remove(strange); err != nil {
		t.Fatal(err)
	}
	if got := outcome(verify(t, c, bundle, valid(good), light.Limits{}, now)); got != "holds valid" {
		t.Error(got)
	}
}

func second[T any](_ T, err error) error { return err }
