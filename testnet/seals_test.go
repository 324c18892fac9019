package testnet

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/node"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
)

// sealHeights says for how many heights the node of TestSeals is down, at least
// 60; it is skipped without.
const sealHeights = "HALLMARK_TEST_SEALS"

// sealRetention is how many versions of the state the nodes keep: what is proven
// of an older one is so because it was sealed.
const sealRetention = 8

// withinBlocks is how many blocks a seal may take.
const withinBlocks = 2

// sealRun is four validators, the processes of which seal.
type sealRun struct {
	*testing.T
	net     *runner.Network
	keys    generate.Keys
	load    *load
	card    *light.Card // of the genesis set, signed by two regulators
	heights uint64
	next    [4]node.Identity // with the second seal key of each

	left uint64 // what the node had that was down
}

// TestSeals runs four validators as processes under a light load, with blocks as
// fast as the machine makes them, and has happen to their seal keys, and to one of
// the nodes, what seals must bear.
//
//	HALLMARK_TEST_SEALS=1000 go test ./testnet -run '^TestSeals$' -v -timeout 20m
func TestSeals(t *testing.T) {
	heights, err := strconv.ParseUint(os.Getenv(sealHeights), 10, 32)
	if err != nil || heights < 60 {
		t.Skipf("set %s to a number of heights, at least 60", sealHeights)
	}
	r := newSealRun(t, heights)
	r.phase("one of four seal keys is dead, hangs, is wrong", r.oneIll)
	r.phase("two are dead", r.twoDead)
	r.phase("a node is down while the others rotate their keys", r.downAndRotate)
	r.phase("the node comes back, and is killed in the middle", r.comeBack)
	r.phase("its own key rotates, and a card of genesis leads to the end", r.lastRotation)
}

func (r *sealRun) phase(what string, f func()) {
	r.Helper()
	begin, from := time.Now(), r.height(0)
	f()
	r.Logf("%6.1f s, height %d to %d: %s", time.Since(begin).Seconds(), from, r.height(0), what)
}

func newSealRun(t *testing.T, heights uint64) *sealRun {
	t.Helper()
	begin := time.Now()
	keys, err := generate.NewKeys(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &sealRun{T: t, keys: keys, heights: heights}
	generated, err := generate.Create(t.Context(), filepath.Join(t.TempDir(), "net"), generate.Options{Keys: keys, Settings: []string{
		"consensus.timeout_commit=100ms", "consensus.heartbeat=1s", "consensus.gossip_interval=10ms",
		"consensus.timeout_propose=150ms", "consensus.timeout_propose_delta=100ms", "consensus.timeout_vote=200ms",
		"state.retain_versions=" + strconv.Itoa(sealRetention), "seal.sign_timeout=300ms",
	}})
	if err != nil {
		t.Fatal(err)
	}
	r.newKeys(generated)
	net, err := runner.New(t.Context(), generated, runner.Options{Env: []string{asSealNode + "=1"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := net.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := net.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.net = net
	r.feed()
	r.until(time.Minute, "a sealed certificate", func() bool { return r.load.certificates() > 0 && r.status(0).SealedHeight > 3 })
	r.card = r.draftCard()
	t.Logf("%6.1f s: the network is up", time.Since(begin).Seconds())
	return r
}

// feed files certificates until the test ends.
func (r *sealRun) feed() {
	ctx, end := context.WithCancel(r.Context())
	l, err := newLoad(Load{Rate: 15, Batch: 1, InFlight: 50}, r.net.ChainID, r.net.URLs(), r.keys, func(err error) {
		if ctx.Err() == nil {
			r.Error(err)
		}
	})
	if err != nil {
		end()
		r.Fatal(err)
	}
	r.load = l
	var filing sync.WaitGroup
	filing.Go(func() { l.run(ctx, ctx) })
	r.Cleanup(func() {
		end()
		filing.Wait()
	})
}

// draftCard returns a card of the set of now.
func (r *sealRun) draftCard() *light.Card {
	r.Helper()
	draft, err := r.net.Nodes[0].Client.DraftCard(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	card, err := light.ParseCard(draft)
	if err != nil {
		r.Fatal(err)
	}
	for _, id := range []string{generate.CNCA, "amr-sd"} {
		if err := card.Sign(r.Context(), id, r.keys[id+".approver"]); err != nil {
			r.Fatal(err)
		}
	}
	return card
}

// oneIll: each height is sealed within two blocks by the other three.
func (r *sealRun) oneIll() {
	const ill = 3
	for _, how := range []illness{dead, hanging, wrong} {
		r.makeIll(how, ill)
		from := r.height(0) + 1
		to := from + 7
		r.sealsInTime(from, to, []int{0, 1, 2})
		// A signature that was on its way when the key fell ill may be of the first.
		for h := from + 1; h <= to; h++ {
			if s := r.seal(0, h); len(s.Missing) != 1 || s.Missing[0] != generate.ValidatorName(ill) {
				r.Errorf("its key is %s: the signatures over height %d are missing of %v", how, h, s.Missing)
			}
		}
	}
}

// twoDead: nothing is sealed then. What was stays proven, beyond what is retained
// and over a restart; the node says how it stands; and when the keys are well
// again all heights are sealed.
func (r *sealRun) twoDead() {
	r.makeIll(dead, 2, 3)
	before := r.height(0)
	r.until(time.Minute, "blocks", func() bool { return r.height(0) >= before+25 })
	s := r.status(0)
	sealed := s.SealedHeight
	slices.Sort(s.Unsealed)
	switch {
	case sealed > before+1:
		r.Fatalf("height %d is sealed by two of four since height %d", sealed, before)
	case s.SealLag < 20 || s.SealedTime == nil:
		r.Errorf("status: %+v", s)
	case !slices.Equal(s.Unsealed, []string{generate.ValidatorName(2), generate.ValidatorName(3)}):
		r.Errorf("status: %v have not signed", s.Unsealed)
	}
	want := []string{"HallmarkSealLag", "HallmarkSealMissing", "HallmarkSealMissing"} // one for each of the two
	if hold := r.alerts(0); !slices.Equal(hold, want) {
		r.Errorf("alerts: %v, want %v; %v", hold, want, r.metrics(0))
	}
	// The state of a height that is newer and not sealed is gone.
	claim := r.claim()
	if _, err := r.net.Nodes[0].Client.Certificate(r.Context(), claim.Issuer, claim.Number, client.AtHeight(sealed)); err != nil {
		r.Errorf("at the sealed height: %v", err)
	}
	if _, err := r.net.Nodes[0].Client.Certificate(r.Context(), claim.Issuer, claim.Number, client.AtHeight(s.Height-sealRetention-2)); err == nil {
		r.Error("more is kept than was to be: this shows nothing")
	}
	first := r.verify(r.net.Nodes[0].Client, r.card)
	// Over a restart.
	if err := r.net.Nodes[1].Kill(); err != nil {
		r.Fatal(err)
	}
	r.start(1)
	r.ready(1)
	for _, i := range []int{0, 1} {
		v := r.verify(r.net.Nodes[i].Client, r.card)
		if v.Outcome != light.Holds || v.Height != first.Height || v.Height > sealed || v.Age <= first.Age || !v.Time.Equal(first.Time) {
			r.Errorf("%s: %v at height %d, %v old; before %d, %v", r.net.Nodes[i].Name, v.Outcome, v.Height, v.Age, first.Height, first.Age)
		}
		stale := light.Verify(r.bundle(r.net.Nodes[i].Client, r.card.Height), r.card, r.claim(), light.Limits{MaxAge: first.Age}, time.Now())
		if stale.Outcome != light.NotEstablished {
			r.Errorf("%s: with its age above the limit: %v", r.net.Nodes[i].Name, stale.Outcome)
		}
	}
	r.makeIll(well, 2, 3)
	begin, now := time.Now(), r.height(0)
	for i := range r.net.Nodes {
		r.verifySeals(i, now)
	}
	r.until(time.Minute, "no lag", func() bool { return r.status(0).SealLag <= withinBlocks })
	r.Logf("         %d heights were not sealed; all are %.1f s after the keys were well", now-sealed, time.Since(begin).Seconds())
	r.until(time.Minute, "no alert", func() bool { return len(r.alerts(0)) == 0 })
}

// newKeys does what an operator does before a rotation: makes a new key beside the
// one in use.
func (r *sealRun) newKeys(net *generate.Network) {
	r.Helper()
	errs := make([]error, len(net.Nodes))
	var all sync.WaitGroup
	for i, n := range net.Nodes {
		all.Go(func() {
			out, err := r.hallmarkd("keys", "new-seal", "--home", net.Path(n.Home), "--out", filepath.Join(net.Path(n.Home), "config", "seal_key_next.pem"),
				"--member", n.Member, "--passphrase-file", net.Path(net.PassphraseFile))
			if err == nil {
				err = json.Unmarshal(out, &r.next[i])
			}
			errs[i] = err
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		r.Fatal(err)
	}
}

// hallmarkd runs a command of hallmarkd, which this binary can be.
func (r *sealRun) hallmarkd(args ...string) ([]byte, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(r.Context(), self, args...)
	c.Env, c.Stderr = append(os.Environ(), asNode+"=1"), os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("hallmarkd %v: %w", args, err)
	}
	return out, nil
}

// rotate has the member of a validator put its second key in the place of the
// first, and waits until the set with it has begun and is sealed.
func (r *sealRun) rotate(i int) {
	r.Helper()
	member := r.net.Nodes[i].Member
	key, err := hex.DecodeString(r.next[i].SealKey)
	proof, err2 := hex.DecodeString(r.next[i].Proof)
	if err := errors.Join(err, err2); err != nil {
		r.Fatal(err)
	}
	c := r.net.Nodes[0].Client
	first, second := r.keys[member+".admin-1"], r.keys[member+".admin-2"]
	maker := &client.Maker{Client: c, Nonces: c.Nonces(first.Public(), nil), Parties: []client.Party{
		{Member: member, Key: first.Public(), Signer: first}, {Member: member, Key: second.Public(), Signer: second},
	}}
	done, err := send(r.Context(), maker, []*txv1.Message{{Action: &txv1.Message_RotateSealKey{
		RotateSealKey: &validatorv1.RotateSealKey{Name: generate.ValidatorName(i), SealKey: key, SealProof: proof},
	}}})
	if err != nil {
		r.Fatal(err)
	}
	sets, err := c.Validators(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	begin := sets.Items[len(sets.Items)-1].Begin
	if begin <= done.Transaction.Height {
		r.Fatalf("no set is to begin after height %d: %+v", done.Transaction.Height, sets.Items)
	}
	r.until(time.Minute, "a seal by the new set", func() bool { return r.status(0).SealedHeight > begin })
}

// downAndRotate kills a node, and has the members of all others rotate their seal
// keys while it is down.
func (r *sealRun) downAndRotate() {
	late := r.net.Nodes[3]
	r.left = r.height(3)
	if err := late.Kill(); err != nil {
		r.Fatal(err)
	}
	for i := range 3 {
		r.rotate(i)
	}
	r.until(20*time.Minute, "the heights that the node is to miss", func() bool { return r.height(0) >= r.left+r.heights })
}

// comeBack starts the node that was down and kills it in the middle of fetching
// blocks, twice, and in the middle of fetching seals. Each time that it has all
// blocks the newest state is sealed within two more.
func (r *sealRun) comeBack() {
	late := r.net.Nodes[3]
	for _, part := range []uint64{r.heights / 4, r.heights / 2} {
		r.start(3)
		r.until(2*time.Minute, "a part of the blocks", func() bool {
			s, err := late.Client.Status(r.Context())
			if err == nil && s.Height > r.left+part && !s.CatchingUp {
				r.Errorf("it has all blocks already, at height %d: this shows nothing", s.Height)
			}
			return err == nil && s.Height > r.left+part
		})
		if err := late.Kill(); err != nil {
			r.Fatal(err)
		}
	}
	at := r.backInTime()
	middle := !r.seal(3, r.left+1).Sealed
	if err := late.Kill(); err != nil {
		r.Fatal(err)
	}
	r.Logf("         killed when height %d was sealed on it; height %d was not yet: %v", at, r.left+1, middle)
	at = r.backInTime()
	begin := time.Now()
	r.verifySeals(3, at)
	r.Logf("         and all %d seals are there %.1f s later", at, time.Since(begin).Seconds())
}

// backInTime starts the node that was down, and waits until it has all blocks: the
// state that it has then, or a newer one, is proven within two blocks. It returns
// the height that was sealed then.
func (r *sealRun) backInTime() uint64 {
	r.Helper()
	begin := time.Now()
	r.start(3)
	late, s := r.net.Nodes[3].Client, r.status(3)
	r.until(5*time.Minute, "a node that has all blocks", func() bool { s = r.status(3); return !s.CatchingUp && s.Height > r.left })
	has, live := s.Height, time.Now()
	for proven := false; !proven; {
		bundle, err := late.Bundle(r.Context(), r.claim().Issuer, r.claim().Number, client.HandoversFrom(r.card.Height))
		v := light.Verify(bundle, r.card, r.claim(), light.Limits{}, time.Now())
		if s = r.status(3); err == nil && v.Outcome == light.Holds && v.Height >= has {
			proven = true
		}
		if s.Height > has+withinBlocks && !proven {
			r.Fatalf("it had all blocks at height %d; at height %d, sealed %d: %v; %v at height %d, %+v", has, s.Height, s.SealedHeight, err, v.Outcome, v.Height, v.Reasons)
		}
	}
	r.Logf("         all blocks %.1f s after the start, at height %d; proven %.2f s later, at height %d",
		live.Sub(begin).Seconds(), has, time.Since(live).Seconds(), s.Height)
	return s.SealedHeight
}

// lastRotation rotates the fourth key. Then each node proves the newest state to
// whoever has the card of the genesis set.
func (r *sealRun) lastRotation() {
	r.rotate(3)
	now := r.height(0)
	for i, n := range r.net.Nodes {
		r.until(time.Minute, "a seal", func() bool { return r.status(i).SealedHeight >= now })
		v := r.verify(n.Client, r.card)
		if v.Outcome != light.Holds || v.Height < now || v.Handovers != len(r.net.Nodes) {
			r.Errorf("%s: %v at height %d after %d handovers: %+v", n.Name, v.Outcome, v.Height, v.Handovers, v.Reasons)
		}
		r.verifySeals(i, now)
		if s := r.metrics(i); s["hallmark_seal_dropped_peers_total"] != 0 || s["hallmark_seal_conflicts"] != 0 || s["hallmark_seal_forks_total"] != 0 || s["hallmark_seal_windows_unsealed"] != 0 {
			r.Errorf("%s: peers dropped, conflicts, forks or windows without a seal: %v", n.Name, s)
		}
	}
	if v := light.Verify(r.bundle(r.net.Nodes[0].Client, 0), r.card, r.claim(), light.Limits{}, time.Now()); v.Outcome != light.NotEstablished {
		r.Errorf("without handovers: %v", v.Outcome)
	}
}
