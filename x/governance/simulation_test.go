package governance

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// TestSimulation runs governance and validators together, by random messages
// good and bad, against the model below, which knows the rules and none of the
// code. After each message: the same answer, the same proposals, regulators and
// sets, the invariants. After each block CometBFT, as far as it matters here,
// has the set that the model has for the height.
func TestSimulation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newSimulation(t)
		t.Repeat(map[string]func(*rapid.T){
			"propose":  s.propose,
			"approve":  func(t *rapid.T) { s.vote(t, true) },
			"approve ": func(t *rapid.T) { s.vote(t, true) },
			"reject":   func(t *rapid.T) { s.vote(t, false) },
			"withdraw": s.withdraw,
			"rotate":   s.rotate,
			"block":    s.block,
			"blocks": func(t *rapid.T) {
				for range rapid.IntRange(5, 60).Draw(t, "blocks") {
					s.endBlock(t, time.Second)
				}
			},
			"": s.compare,
		})
	})
}

// ---- The model

// model is the state. Copies share nothing that changes.
type model struct {
	regulators map[int]bool
	activation uint64
	thresholds map[Kind][2]int
	sets       []modelSet     // in the order of their begin
	consensus  map[int]bool   // numbers of the consensus keys registered
	seals      map[int]bool   // numbers of the seal keys registered
	rotated    map[int]uint64 // seal key by rotation → height
}

type modelSet struct {
	begin uint64
	vals  map[int]val // by number of the validator, which is its member's too
}

type val struct {
	consensus, seal int // numbers of keys
	power           uint64
}

func (m model) copy() model {
	m.regulators, m.thresholds = maps.Clone(m.regulators), maps.Clone(m.thresholds)
	m.sets = slices.Clone(m.sets)
	m.consensus, m.seals, m.rotated = maps.Clone(m.consensus), maps.Clone(m.seals), maps.Clone(m.rotated)
	return m
}

func (m *model) last() modelSet { return m.sets[len(m.sets)-1] }

func (m *model) at(height uint64) (s modelSet) {
	for _, o := range m.sets {
		if o.begin <= height {
			s = o
		}
	}
	return s
}

// barred is the number of a member that may not run a validator.
const barred = 7

// op is an action in the model's terms. It returns false if it is impossible.
type op struct {
	kind   Kind
	exempt bool
	do     func(m *model, height uint64) bool
	action *governancev1.Action
}

type modelProposal struct {
	proposer int
	ops      []op
	votes    map[int]bool
	expires  int64
	status   Status
}

func (m *model) needed(ops []op) int {
	n, most := len(m.regulators), 0
	for _, o := range ops {
		q := m.thresholds[o.kind]
		need := 0
		for need*q[1] < n*q[0] {
			need++
		}
		if o.exempt {
			need = n
		}
		most = max(most, need)
	}
	return most
}

// settle decides what follows from a vote, as design §5 says.
func (s *simulation) settle(p *modelProposal, approval bool) {
	yes, no := 0, 0
	for r := range s.regulators {
		if v, ok := p.votes[r]; ok && v {
			yes++
		} else if ok {
			no++
		}
	}
	need := s.needed(p.ops)
	switch {
	case yes >= need && !approval:
	case yes >= need:
		after := s.model.copy()
		for _, o := range p.ops {
			if !o.do(&after, s.height) {
				p.status = Failed
				return
			}
		}
		if len(after.regulators) == 0 {
			p.status = Failed
			return
		}
		p.status = Executed
		s.model = after
	case len(s.regulators)-no < need:
		p.status = Rejected
	}
}

// schedule decides on a set.
func (m *model) schedule(height uint64, vals map[int]val) {
	m.sets = append(m.sets, modelSet{max(height, m.last().begin) + m.activation, vals})
}

// within reports whether the step is within the limits of a window, for any
// choice of the one validator whose key is replaced for free.
func within(from, to map[int]val) bool {
	free := []int{-1}
	for i, o := range from {
		if n, ok := to[i]; ok && n.power == o.power && n != o {
			free = append(free, i)
		}
	}
	return slices.ContainsFunc(free, func(f int) bool {
		var down, up, old, all uint64
		for i, o := range from {
			old += o.power
			if n := to[i]; i != f {
				if n.consensus != o.consensus || n.seal != o.seal {
					down += o.power
				} else if n.power < o.power {
					down += o.power - n.power
				}
			}
		}
		for i, n := range to {
			all += n.power
			if o := from[i]; i != f {
				if n.consensus != o.consensus || n.seal != o.seal {
					up += n.power
				} else if n.power > o.power {
					up += n.power - o.power
				}
			}
		}
		return 3*down <= old && 3*up <= all
	})
}

// step is one change of validators in the model.
type step struct {
	verb              string
	i, key, provenFor int // validator; new key; the consensus key that the proof names
	power             uint64
}

func (m *model) setValidators(height uint64, steps []step, exempt bool) bool {
	waiting := 0
	for _, s := range m.sets {
		if s.begin > height {
			waiting++
		}
	}
	old := m.last().vals
	if waiting >= 8 || exempt && len(old) >= 4 {
		return false
	}
	vals := maps.Clone(old)
	for _, s := range steps {
		v, known := vals[s.i]
		if known == (s.verb == "add") {
			return false
		}
		if s.i == barred && (s.verb != "remove" && (s.verb != "power" || s.power > v.power)) {
			return false
		}
		switch s.verb {
		case "add":
			if m.consensus[s.key] || m.seals[s.key] {
				return false
			}
			m.consensus[s.key], m.seals[s.key] = true, true
			v = val{s.key, s.key, s.power}
		case "remove":
			delete(vals, s.i)
			continue
		case "power":
			if v.power == s.power {
				return false
			}
			v.power = s.power
		case "consensus":
			if m.consensus[s.key] {
				return false
			}
			m.consensus[s.key] = true
			v.consensus = s.key
		case "seal":
			if m.seals[s.key] || v.consensus != s.provenFor {
				return false
			}
			m.seals[s.key] = true
			v.seal = s.key
		}
		vals[s.i] = v
	}
	if len(vals) == 0 || !exempt && !within(old, vals) {
		return false
	}
	m.schedule(height, vals)
	return true
}

// ---- The system

type simulation struct {
	model
	proposals []*modelProposal
	height    uint64
	time      time.Time
	fresh     int // number of the next key

	state *storetest.Mem
	g     *Module
	v     *validator.Module

	comet, cometNext map[validator.ConsensusKey]int64
}

// simMembers are members whose regulators are those of the fake above.
type simMembers struct{ members }

func (simMembers) MayValidate(_ store.Reader, id string) (bool, error) {
	return id != simMember(barred), nil
}

// ReserveKey leaves it to the validators to know their keys.
func (simMembers) ReserveKey(*exec.Context, string, string, []byte) error { return nil }

// simExecutor adds the validators to the fake executor.
type simExecutor struct {
	executor
	s *simulation
}

func (e *simExecutor) Validate(a *governancev1.Action) error {
	if sv := a.GetSetValidators(); sv != nil {
		return e.s.v.Validate(sv)
	}
	return e.executor.Validate(a)
}

func (e *simExecutor) Execute(c *exec.Context, a *governancev1.Action) error {
	if sv := a.GetSetValidators(); sv != nil {
		return e.s.v.ApplySetValidators(c, sv)
	}
	return e.executor.Execute(c, a)
}

func simMember(i int) string { return fmt.Sprintf("member-%d", i) }
func simName(i int) string   { return fmt.Sprintf("val-%d", i) }

func simConsensus(n int) validator.ConsensusKey {
	seed := make([]byte, ed25519.SeedSize)
	binary.BigEndian.PutUint64(seed, uint64(n)+1)
	return validator.ConsensusKey(ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey))
}

func simSeal(n int) *sm2.PrivateKey {
	d := make([]byte, sm2.PrivateKeySize)
	binary.BigEndian.PutUint64(d[8:], uint64(n)+1)
	k, err := sm2.NewPrivateKey(d)
	if err != nil {
		panic(err)
	}
	return k
}

// simProof proves possession of seal key n of member i beside consensus key c.
func simProof(n, i, c int) []byte {
	k, consensus := simSeal(n), simConsensus(c)
	sig, err := k.Sign(context.Background(), seal.ProofOfPossessionMessage(seal.Possession{
		ChainID: "sim", Member: simMember(i), Purpose: validator.PurposeSeal, ConsensusKey: consensus[:], Key: k.Public().Bytes(),
	}))
	if err != nil {
		panic(err)
	}
	return sig[:]
}

func newSimulation(t *rapid.T) *simulation {
	s := &simulation{
		model: model{
			regulators: map[int]bool{}, activation: 20, thresholds: map[Kind][2]int{},
			consensus: map[int]bool{}, seals: map[int]bool{}, rotated: map[int]uint64{},
		},
		height: 1, time: time.Unix(1_800_000_000, 0).UTC(), state: &storetest.Mem{},
	}
	for _, k := range kinds {
		s.thresholds[k.threshold.Kind] = [2]int{int(k.threshold.Numerator), int(k.threshold.Denominator)}
	}
	e := &simExecutor{s: s}
	s.g = New(members{}, e)
	e.m = s.g
	s.v = validator.New(simMembers{}, s.g, nil)

	var ids string
	for i := range rapid.IntRange(1, 4).Draw(t, "regulators") {
		s.regulators[i] = true
		ids += reg(i) + " "
	}
	genesis := &validator.Genesis{Sets: []validator.GenesisSet{{Begin: 1}}}
	vals := map[int]val{}
	for i := range rapid.IntRange(1, 6).Draw(t, "validators") {
		power := rapid.Uint64Range(1, 10).Draw(t, "power")
		vals[i] = val{i, i, power}
		s.consensus[i], s.seals[i] = true, true
		c, k := simConsensus(i).String(), simSeal(i).Public().String()
		genesis.Sets[0].Validators = append(genesis.Sets[0].Validators, validator.GenesisValidator{Name: simName(i), Member: simMember(i), ConsensusKey: c, SealKey: k, Power: power})
		genesis.ConsensusKeys = append(genesis.ConsensusKeys, validator.GenesisConsensusKey{Key: c, Validator: simName(i), Member: simMember(i)})
		genesis.SealKeys = append(genesis.SealKeys, validator.GenesisSealKey{Key: k, Validator: simName(i), Member: simMember(i), ConsensusKey: c, Proof: sm2.Signature(simProof(i, i, i)).String()})
	}
	s.sets, s.fresh = []modelSet{{1, vals}}, len(vals)
	err := errors.Join(regulators.Set(s.state, ids), s.g.InitGenesis(s.state, &Genesis{}), s.v.InitGenesis(s.state, genesis), genesis.CheckProofs("sim"))
	if err != nil {
		t.Fatal(err)
	}
	ups, err := s.v.InitialValidators(s.state, 1)
	if err != nil {
		t.Fatal(err)
	}
	s.comet = map[validator.ConsensusKey]int64{}
	for _, u := range ups {
		s.comet[u.Key] = u.Power
	}
	s.cometNext = maps.Clone(s.comet)
	return s
}

// send runs a message and fails unless it is refused as the model says.
func (s *simulation) send(t *rapid.T, actor string, duty exec.Duty, want bool, f func(*exec.Context) error) {
	branch := store.NewBranch(s.state)
	c := &exec.Context{
		Block: exec.Block{ChainID: "sim", Height: s.height, Time: s.time}, Store: branch, Actor: actor,
		Signers: []exec.Signer{{Member: actor, Duty: duty, Key: [33]byte{2}, Holder: "a"}, {Member: actor, Duty: duty, Key: [33]byte{3}, Holder: "b"}},
	}
	err := f(c)
	if _, refused := exec.AsRefusal(err); err != nil && !refused || (err == nil) != want {
		t.Fatalf("height %d: %v, the model says %v", s.height, err, want)
	}
	if err == nil {
		err = branch.Write()
	}
	if err != nil && want {
		t.Fatal(err)
	}
}

// key draws a new number, seldom one that may have been used.
func (s *simulation) key(t *rapid.T) int {
	if rapid.IntRange(0, 9).Draw(t, "old key") == 0 {
		return rapid.IntRange(0, s.fresh).Draw(t, "key")
	}
	s.fresh++
	return s.fresh
}

func (s *simulation) propose(t *rapid.T) {
	actor := rapid.IntRange(0, 5).Draw(t, "actor")
	ops := make([]op, rapid.SampledFrom([]int{1, 1, 1, 2, 3}).Draw(t, "actions"))
	actions := make([]*governancev1.Action, len(ops))
	for i := range ops {
		ops[i] = s.drawOp(t)
		actions[i] = ops[i].action
	}
	s.send(t, reg(actor), exec.DutyApprover, s.regulators[actor], func(c *exec.Context) error {
		return s.g.Propose(c, &governancev1.Propose{Title: "p", Actions: actions})
	})
	if s.regulators[actor] {
		p := &modelProposal{actor, ops, map[int]bool{actor: true}, s.time.Unix() + 30*day, Open}
		s.proposals = append(s.proposals, p)
		s.settle(p, true)
	}
}

func (s *simulation) drawOp(t *rapid.T) op {
	r := rapid.IntRange(0, 5).Draw(t, "regulator")
	switch rapid.SampledFrom([]string{"admit", "remove", "suspend", "activation", "threshold", "validators", "validators", "validators", "validators"}).Draw(t, "action") {
	case "admit":
		return op{kind: 1, action: admitting(reg(r)), do: func(m *model, _ uint64) bool { m.regulators[r] = true; return true }}
	case "remove":
		return op{kind: 5, action: removing(reg(r)), do: func(m *model, _ uint64) bool { delete(m.regulators, r); return true }}
	case "suspend":
		return op{kind: 3, action: suspending(reg(r)), do: func(m *model, _ uint64) bool { delete(m.regulators, r); return true }}
	case "activation":
		n := rapid.Uint64Range(20, 23).Draw(t, "blocks")
		return op{kind: 25, action: setting(governancev1.Parameter_PARAMETER_ACTIVATION_BLOCKS, n), do: func(m *model, _ uint64) bool {
			changed := m.activation != n
			m.activation = n
			return changed
		}}
	case "threshold":
		k := rapid.SampledFrom([]Kind{1, 3, 5, 20, 25}).Draw(t, "kind")
		q := rapid.SampledFrom([][2]int{{1, 1}, {2, 3}, {501, 1000}, {3, 4}}).Draw(t, "part")
		return op{kind: 25, action: thresholding(governancev1.ActionKind(k), uint32(q[0]), uint32(q[1])), do: func(m *model, _ uint64) bool {
			changed := m.thresholds[k] != q
			m.thresholds[k] = q
			return changed
		}}
	}
	exempt := rapid.IntRange(0, 3).Draw(t, "exempt") == 0
	names := rapid.SliceOfNDistinct(rapid.IntRange(0, barred), 1, 3, rapid.ID).Draw(t, "names")
	steps := make([]step, len(names))
	action := &validatorv1.SetValidators{Exempt: exempt}
	for j, i := range names {
		st := step{verb: rapid.SampledFrom([]string{"add", "add", "remove", "power", "consensus", "seal"}).Draw(t, "verb"), i: i}
		st.power = rapid.Uint64Range(1, 10).Draw(t, "power")
		if st.verb == "add" || st.verb == "consensus" || st.verb == "seal" {
			st.key = s.key(t)
			st.provenFor = st.key
		}
		if v, ok := s.last().vals[i]; ok && st.verb == "seal" {
			st.provenFor = v.consensus
		}
		steps[j] = st
		action.Changes = append(action.Changes, st.change())
	}
	return op{
		kind: 20, exempt: exempt, action: &governancev1.Action{Action: &governancev1.Action_SetValidators{SetValidators: action}},
		do: func(m *model, height uint64) bool { return m.setValidators(height, steps, exempt) },
	}
}

func (s step) change() *validatorv1.Change {
	consensus, private := simConsensus(s.key), simSeal(s.key)
	key := private.Public().Bytes()
	switch s.verb {
	case "add":
		return &validatorv1.Change{Change: &validatorv1.Change_Add{Add: &validatorv1.AddValidator{
			Name: simName(s.i), Member: simMember(s.i), ConsensusKey: consensus[:], SealKey: key[:], SealProof: simProof(s.key, s.i, s.key), Power: s.power,
		}}}
	case "remove":
		return &validatorv1.Change{Change: &validatorv1.Change_Remove{Remove: &validatorv1.RemoveValidator{Name: simName(s.i)}}}
	case "power":
		return &validatorv1.Change{Change: &validatorv1.Change_SetPower{SetPower: &validatorv1.SetPower{Name: simName(s.i), Power: s.power}}}
	case "consensus":
		return &validatorv1.Change{Change: &validatorv1.Change_ReplaceConsensusKey{ReplaceConsensusKey: &validatorv1.ReplaceConsensusKey{Name: simName(s.i), ConsensusKey: consensus[:]}}}
	}
	return &validatorv1.Change{Change: &validatorv1.Change_ReplaceSealKey{ReplaceSealKey: &validatorv1.ReplaceSealKey{
		Name: simName(s.i), SealKey: key[:], SealProof: simProof(s.key, s.i, s.provenFor),
	}}}
}

// pick draws a proposal, mostly one of the last.
func (s *simulation) pick(t *rapid.T) (int, *modelProposal) {
	if len(s.proposals) == 0 {
		t.Skip("no proposals")
	}
	i := rapid.IntRange(max(0, len(s.proposals)-4), len(s.proposals)-1).Draw(t, "proposal")
	return i + 1, s.proposals[i]
}

func (s *simulation) canDecide(p *modelProposal) bool {
	return p.status == Open && s.time.Unix() < p.expires
}

func (s *simulation) vote(t *rapid.T, yes bool) {
	n, p := s.pick(t)
	actor := rapid.IntRange(0, 5).Draw(t, "actor")
	want := s.regulators[actor] && s.canDecide(p)
	s.send(t, reg(actor), exec.DutyApprover, want, func(c *exec.Context) error {
		if yes {
			return s.g.Approve(c, &governancev1.Approve{Proposal: uint64(n)})
		}
		return s.g.Reject(c, &governancev1.Reject{Proposal: uint64(n)})
	})
	if want {
		p.votes[actor] = yes
		s.settle(p, yes)
	}
}

func (s *simulation) withdraw(t *rapid.T) {
	n, p := s.pick(t)
	actor := rapid.SampledFrom([]int{p.proposer, 0, 1}).Draw(t, "actor")
	want := s.regulators[actor] && s.canDecide(p) && actor == p.proposer
	s.send(t, reg(actor), exec.DutyApprover, want, func(c *exec.Context) error {
		return s.g.Withdraw(c, &governancev1.Withdraw{Proposal: uint64(n)})
	})
	if want {
		p.status = Withdrawn
	}
}

func (s *simulation) rotate(t *rapid.T) {
	i := rapid.IntRange(0, barred).Draw(t, "validator")
	n := s.key(t)
	v, ok := s.last().vals[i]
	since, rotated := s.rotated[v.seal]
	want := ok && i != barred && s.last().begin <= s.height && !s.seals[n] && (!rotated || s.height >= since+10*s.activation)
	key := simSeal(n).Public().Bytes()
	s.send(t, simMember(i), exec.DutyAdmin, want, func(c *exec.Context) error {
		return s.v.RotateSealKey(c, &validatorv1.RotateSealKey{Name: simName(i), SealKey: key[:], SealProof: simProof(n, i, v.consensus)})
	})
	if want {
		vals := maps.Clone(s.last().vals)
		vals[i] = val{v.consensus, n, v.power}
		s.seals[n], s.rotated[n] = true, s.height
		s.schedule(s.height, vals)
	}
}

func (s *simulation) block(t *rapid.T) {
	s.endBlock(t, time.Duration(rapid.IntRange(1, 15*day).Draw(t, "seconds"))*time.Second)
}

// endBlock ends a block of a time, and lets CometBFT take the updates.
func (s *simulation) endBlock(t *rapid.T, after time.Duration) {
	s.send(t, "", 0, true, s.g.EndBlock)
	for _, p := range s.proposals {
		if p.status == Open && s.time.Unix() >= p.expires {
			p.status = Expired
		}
	}
	var ups []validator.Update
	s.send(t, "", 0, true, func(c *exec.Context) (err error) {
		ups, err = s.v.EndBlock(c)
		return err
	})
	s.comet, s.cometNext = s.cometNext, maps.Clone(s.cometNext)
	for _, u := range ups {
		if _, known := s.cometNext[u.Key]; u.Power == 0 && !known {
			t.Fatalf("CometBFT halts: %v", u)
		}
		if s.cometNext[u.Key] = u.Power; u.Power == 0 {
			delete(s.cometNext, u.Key)
		}
	}
	s.height++
	s.time = s.time.Add(after)
	if want := consensusOf(s.at(s.height).vals); !maps.Equal(s.comet, want) {
		t.Fatalf("height %d: CometBFT has %v, the model %v", s.height, s.comet, want)
	}
}

func consensusOf(vals map[int]val) map[validator.ConsensusKey]int64 {
	m := map[validator.ConsensusKey]int64{}
	for _, v := range vals {
		m[simConsensus(v.consensus)] = int64(v.power)
	}
	return m
}

// compare holds the whole state against the model.
func (s *simulation) compare(t *rapid.T) {
	if err := errors.Join(s.g.Check(s.state), s.v.Check(s.state)); err != nil {
		t.Fatal(err)
	}
	for i, p := range s.proposals {
		got, ok, err := s.g.Proposal(s.state, uint64(i+1))
		if err != nil || !ok || got.Status != p.status {
			t.Fatalf("proposal %d is %s (%+v), the model says %s", i+1, got.Status, got.Failure, p.status)
		}
	}
	ids, err := members{}.Regulators(s.state)
	if err != nil || len(ids) != len(s.regulators) {
		t.Fatalf("%v are regulators, the model says %v", ids, s.regulators)
	}
	got, err := s.v.Sets(s.state, 0, 1000)
	if err != nil || len(got) != len(s.sets) {
		t.Fatalf("%d sets, the model has %d: %v", len(got), len(s.sets), err)
	}
	for i, set := range got {
		want := s.sets[i]
		if set.Begin != want.begin || len(set.Validators) != len(want.vals) {
			t.Fatalf("set %d begins at %d, the model says %d", i, set.Begin, want.begin)
		}
		for n, v := range want.vals {
			o, ok := set.Find(simName(n))
			if !ok || o.ConsensusKey != simConsensus(v.consensus) || o.SealKey != simSeal(v.seal).Public().Bytes() || o.Power != v.power {
				t.Fatalf("set %d has %+v, the model %+v", i, o, v)
			}
		}
	}
	// What is next is the first set with other seals.
	now, _ := s.v.SetAt(s.state, s.height)
	next, ok, err := s.v.Next(s.state, s.height)
	for _, set := range got {
		if set.Begin > s.height && set.SealHash != now.SealHash {
			if !ok || next != (validator.Next{Hash: set.SealHash, Begin: set.Begin}) {
				t.Fatalf("next is %+v, the model says %d", next, set.Begin)
			}
			return
		}
	}
	if ok || err != nil {
		t.Fatalf("next is %+v, %v", next, err)
	}
}
