package validator

import (
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

const chain = "hallmark-test"

// counting reads as the numbers n, n+1, … so that keys and signatures repeat.
type counting struct{ n uint64 }

func (c *counting) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 0
	}
	c.n++
	binary.BigEndian.PutUint64(b[max(0, len(b)-8):], c.n*0x9e3779b97f4a7c15)
	return len(b), nil
}

// consensusKeyOf returns the n-th consensus key.
func consensusKeyOf(n int) ConsensusKey {
	seed := make([]byte, ed25519.SeedSize)
	binary.BigEndian.PutUint64(seed, uint64(n)+1)
	return ConsensusKey(ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey))
}

// sealKeyOf returns the n-th seal key and its private half.
func sealKeyOf(t testing.TB, n int) (SealKey, *sm2.PrivateKey) {
	k, err := sm2.Generate(&counting{uint64(n) << 20})
	if err != nil {
		t.Fatal(err)
	}
	return k.Public().Bytes(), k
}

func proofOf(t testing.TB, k *sm2.PrivateKey, member string, consensus ConsensusKey) []byte {
	sig, err := k.SignWith(&counting{1}, seal.ProofOfPossessionMessage(seal.Possession{
		ChainID: chain, Member: member, Purpose: PurposeSeal, ConsensusKey: consensus[:], Key: k.Public().Bytes(),
	}))
	if err != nil {
		t.Fatal(err)
	}
	return sig[:]
}

// members are the fake of the same name: who may not validate, and which keys
// are registered.
type members struct {
	barred []string
	keys   [][33]byte
	fault  error
}

var codeTaken = exec.Code{Number: 199, Name: "taken"}

func (m *members) MayValidate(_ store.Reader, id string) (bool, error) {
	return !slices.Contains(m.barred, id), m.fault
}

func (m *members) ReserveKey(_ *exec.Context, _, _ string, key []byte) error {
	if slices.ContainsFunc(m.keys, func(k [33]byte) bool { return string(k[:]) == string(key) }) {
		return codeTaken.Refuse("%x", key)
	}
	return m.fault
}

// blocks is the parameter activation_blocks.
type blocks uint64

func (b *blocks) ActivationBlocks(store.Reader) (uint64, error) { return uint64(*b), nil }

// world is a chain with nothing but validators, and what CometBFT makes of it.
type world struct {
	t       testing.TB
	m       *Module
	members *members
	blocks  *blocks
	state   *storetest.Mem
	height  uint64 // of the block being executed
	events  []exec.Event
	raised  []string // validators whose removal was proposed

	// comet has the sets that CometBFT holds for height, and for the height
	// after it.
	comet, cometNext map[ConsensusKey]int64
}

// name returns the name of the i-th validator, which member-i runs with the i-th
// keys.
func name(i int) string   { return fmt.Sprintf("val-%02d", i) }
func member(i int) string { return fmt.Sprintf("member-%02d", i) }

// newWorld starts a chain at height 1 with validators of the given powers.
func newWorld(t testing.TB, powers ...uint64) *world {
	w := &world{t: t, members: &members{}, blocks: new(blocks), state: &storetest.Mem{}, height: 1}
	*w.blocks = LeastActivation
	w.m = New(w.members, w.blocks, w)
	if err := w.m.InitGenesis(w.state, genesisOf(t, powers...)); err != nil {
		t.Fatal(err)
	}
	ups, err := w.m.InitialValidators(w.state, 1)
	if err != nil {
		t.Fatal(err)
	}
	w.comet = map[ConsensusKey]int64{}
	for _, u := range ups {
		w.comet[u.Key] = u.Power
	}
	w.cometNext = clone(w.comet)
	return w
}

// RaiseRemoval implements Proposals.
func (w *world) RaiseRemoval(c *exec.Context, validator string, height uint64) (uint64, error) {
	w.raised = append(w.raised, fmt.Sprintf("%s at %d, for %s", validator, height, c.Actor))
	return uint64(len(w.raised)), nil
}

func genesisOf(t testing.TB, powers ...uint64) *Genesis {
	g := &Genesis{Sets: []GenesisSet{{Begin: 1}}}
	for i, p := range powers {
		c := consensusKeyOf(i)
		s, private := sealKeyOf(t, i)
		g.Sets[0].Validators = append(g.Sets[0].Validators, GenesisValidator{name(i), member(i), c.String(), s.String(), p})
		g.ConsensusKeys = append(g.ConsensusKeys, GenesisConsensusKey{Key: c.String(), Validator: name(i), Member: member(i)})
		g.SealKeys = append(g.SealKeys, GenesisSealKey{
			Key: s.String(), Validator: name(i), Member: member(i), ConsensusKey: c.String(),
			Proof: sm2.Signature(proofOf(t, private, member(i), c)).String(),
		})
	}
	return g
}

// do runs f as a transaction does: what it wrote stays if it returns nil, and
// the invariants hold.
func (w *world) do(f func(*exec.Context) error) error {
	c := &exec.Context{Block: exec.Block{ChainID: chain, Height: w.height, Time: time.Unix(1e9, 0).UTC()}}
	branch := store.NewBranch(w.state)
	c.Store = branch
	err := f(c)
	if err == nil {
		if err := branch.Write(); err != nil {
			w.t.Fatal(err)
		}
		w.events = append(w.events, c.Events()...)
	}
	if err := w.m.Check(w.state); err != nil {
		w.t.Fatal(err)
	}
	return err
}

func (w *world) set(exempt bool, changes ...*validatorv1.Change) error {
	return w.do(func(c *exec.Context) error {
		return w.m.ApplySetValidators(c, &validatorv1.SetValidators{Changes: changes, Exempt: exempt})
	})
}

// rotate replaces the seal key of the i-th validator by the n-th.
func (w *world) rotate(i, n int, signers ...exec.Signer) error {
	if signers == nil {
		signers = []exec.Signer{admin(i, 1), admin(i, 2)}
	}
	v := w.set0().mustFind(w.t, name(i))
	key, private := sealKeyOf(w.t, n)
	return w.do(func(c *exec.Context) error {
		c.Actor, c.Signers = member(i), signers
		return w.m.RotateSealKey(c, &validatorv1.RotateSealKey{
			Name: name(i), SealKey: key[:], SealProof: proofOf(w.t, private, member(i), v.ConsensusKey),
		})
	})
}

func admin(i, n int) exec.Signer {
	return exec.Signer{Member: member(i), Key: [33]byte{2, byte(i), byte(n)}, Duty: exec.DutyAdmin, Holder: fmt.Sprint("holder", n)}
}

// set0 returns the set decided last.
func (w *world) set0() Set {
	s, err := last(w.state)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (s Set) mustFind(t testing.TB, name string) Validator {
	v, ok := s.Find(name)
	if !ok {
		t.Fatalf("no validator %s", name)
	}
	return v
}

// endBlock ends the block and lets CometBFT take the updates by its own rules,
// written here a second time.
func (w *world) endBlock() []Update {
	var ups []Update
	before := w.state.Root()
	err := w.do(func(c *exec.Context) (err error) {
		ups, err = w.m.EndBlock(c)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if w.state.Root() != before {
		w.t.Fatal("the end of a block wrote something")
	}
	w.comet, w.cometNext = w.cometNext, clone(w.cometNext)
	var sum int64
	seen := map[ConsensusKey]bool{}
	for _, u := range ups {
		if _, known := w.cometNext[u.Key]; seen[u.Key] || u.Power < 0 || u.Power == 0 && !known {
			w.t.Fatalf("CometBFT halts on %+v at %d", u, w.height)
		}
		seen[u.Key] = true
		if w.cometNext[u.Key] = u.Power; u.Power == 0 {
			delete(w.cometNext, u.Key)
		}
	}
	for _, p := range w.cometNext {
		if sum += p; p > maxTotalVotingPower || sum > maxTotalVotingPower {
			w.t.Fatal("CometBFT halts on the total power")
		}
	}
	if len(w.cometNext) == 0 {
		w.t.Fatal("CometBFT halts on an empty set")
	}
	w.height++
	w.agree()
	return ups
}

// agree holds CometBFT's set of the height against ours.
func (w *world) agree() {
	s, err := w.m.SetAt(w.state, w.height)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(s.Validators) != len(w.comet) {
		w.t.Fatalf("height %d: CometBFT has %d validators, the module %d", w.height, len(w.comet), len(s.Validators))
	}
	for _, v := range s.Validators {
		if w.comet[v.ConsensusKey] != int64(v.Power) {
			w.t.Fatalf("height %d: CometBFT gives %s the power %d, the module %d", w.height, v.Name, w.comet[v.ConsensusKey], v.Power)
		}
	}
}

// runTo ends blocks until height is the one being executed.
func (w *world) runTo(height uint64) {
	for w.height < height {
		w.endBlock()
	}
}

func clone(m map[ConsensusKey]int64) map[ConsensusKey]int64 {
	c := make(map[ConsensusKey]int64, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

// The changes.

// adding adds the i-th validator with the n-th keys.
func adding(t testing.TB, i, n int, power uint64) *validatorv1.Change {
	c := consensusKeyOf(n)
	s, private := sealKeyOf(t, n)
	return &validatorv1.Change{Change: &validatorv1.Change_Add{Add: &validatorv1.AddValidator{
		Name: name(i), Member: member(i), ConsensusKey: c[:], SealKey: s[:], SealProof: proofOf(t, private, member(i), c), Power: power,
	}}}
}

func removing(i int) *validatorv1.Change {
	return &validatorv1.Change{Change: &validatorv1.Change_Remove{Remove: &validatorv1.RemoveValidator{Name: name(i)}}}
}

func powering(i int, power uint64) *validatorv1.Change {
	return &validatorv1.Change{Change: &validatorv1.Change_SetPower{SetPower: &validatorv1.SetPower{Name: name(i), Power: power}}}
}

func consensusing(i, n int) *validatorv1.Change {
	c := consensusKeyOf(n)
	return &validatorv1.Change{Change: &validatorv1.Change_ReplaceConsensusKey{
		ReplaceConsensusKey: &validatorv1.ReplaceConsensusKey{Name: name(i), ConsensusKey: c[:]},
	}}
}

// sealing gives the i-th validator, with the c-th consensus key, the n-th seal key.
func sealing(t testing.TB, i, c, n int) *validatorv1.Change {
	s, private := sealKeyOf(t, n)
	return &validatorv1.Change{Change: &validatorv1.Change_ReplaceSealKey{ReplaceSealKey: &validatorv1.ReplaceSealKey{
		Name: name(i), SealKey: s[:], SealProof: proofOf(t, private, member(i), consensusKeyOf(c)),
	}}}
}
