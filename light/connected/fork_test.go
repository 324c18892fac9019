package connected

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/types"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/light"
)

// TestFork: the validator goes on in two ways from one height, as if it had been
// two. Whoever hears of both has evidence, and no verdict.
func TestFork(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, false)
	first := n.issue(1, bad)
	n.await(first + 2)
	root := n.trust(first)
	if err := n.Stop(); err != nil {
		t.Fatal(err)
	}
	there := copyHome(t, n.home)
	here := start(t, n.home, places()...)
	fork := start(t, there, places()...)
	suspended := here.suspend(2, bad)
	fork.await(fork.issue(2, good) + 3)
	here.await(suspended + 3)
	at := max(suspended, fork.height()) + 1
	here.await(at + 2)
	fork.await(at + 2)

	for _, one := range []struct {
		what      string
		primary   *network
		witnesses []string
		trust     *Trust
	}{
		{"the primary forks", fork, []string{here.rpc}, root},
		{"the witness forks", here, []string{fork.rpc}, root},
		{"one of two witnesses forks", here, []string{honest(here), fork.rpc}, root},
		{"what is trusted is of a fork", here, []string{fork.rpc}, here.trust(at)},
	} {
		c := here.config(one.trust, one.primary.rpc, one.witnesses...)
		v, err := verify(t, c, one.primary.bundle(valid(bad)), valid(bad), light.Limits{}, time.Now())
		var attack *Attack
		if v != nil || !errors.As(err, &attack) {
			t.Errorf("%s: %s", one.what, outcome(v, err))
			continue
		}
		checkEvidence(t, attack.File)
		// It is no passing trouble: who goes on with both hears of it again.
		if _, err := verify(t, c, one.primary.bundle(valid(bad)), valid(bad), light.Limits{}, time.Now()); !errors.As(err, &attack) {
			t.Errorf("%s, again: %v", one.what, err)
		}
	}
	// Each way by itself looks sound: that is what witnesses are for.
	c := here.config(root, fork.rpc, honest(fork))
	if got := outcome(verify(t, c, fork.bundle(valid(bad)), valid(bad), light.Limits{}, time.Now())); got != "holds valid" {
		t.Error(got)
	}
	// Once a way was taken, the other is not.
	c.Primary, c.Witnesses, c.Trust = here.rpc, []string{honest(here)}, nil
	v, err := verify(t, c, here.bundle(valid(bad)), valid(bad), light.Limits{}, time.Now())
	if err == nil && v.Outcome != light.NotEstablished {
		t.Errorf("the other way was taken: %s", outcome(v, err))
	}
}

// checkEvidence checks a file as a regulator would, who has the validators' keys.
func checkEvidence(t *testing.T, file string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return
	}
	var f attackFile
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Error(err)
		return
	}
	if f.Format != attackFormat || f.ChainID != apptest.Chain || time.Since(f.Detected) > time.Minute || len(f.Evidence) == 0 {
		t.Errorf("%s", raw)
	}
	for _, e := range f.Evidence {
		a := new(types.LightClientAttackEvidence)
		if err := cmtjson.Unmarshal(e.Evidence, a); err != nil {
			t.Error(err)
			continue
		}
		if err := a.ValidateBasic(); err != nil {
			t.Error(err)
		}
		b := a.ConflictingBlock
		if err := b.ValidatorSet.VerifyCommitLight(apptest.Chain, b.Commit.BlockID, b.Height, b.Commit); err != nil {
			t.Errorf("nobody has signed header %d: %v", b.Height, err)
		}
		if e.Height != b.Height || e.Hash != b.Hash().String() || !strings.HasPrefix(e.Node, "http://") {
			t.Errorf("%+v", e)
		}
		if len(a.ByzantineValidators) != 1 || len(e.Validators) != 1 || e.Validators[0] != a.ByzantineValidators[0].Address.String() {
			t.Errorf("signed by %v, %v", e.Validators, a.ByzantineValidators)
		}
	}
}
