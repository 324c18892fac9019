package apptest

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
)

// set is a validator set of the model, by name.
type set struct {
	begin int64
	vals  map[string]val
}

type val struct {
	member    string
	consensus string
	seal      pub
	power     uint64
}

// sealKey is a registered seal key.
type sealKey struct {
	height   int64
	rotation bool
}

func (m *model) lastSet() set { return m.sets[len(m.sets)-1] }

// validates: the member may run a validator.
func (m *model) validates(id string) bool {
	x := m.members[id]
	for _, r := range x.roles {
		if r <= 5 && x.status == "active" {
			return true
		}
	}
	return false
}

// validSteps is what is seen of a change without the state.
func validSteps(a *validatorv1.SetValidators) bool {
	seen := map[string][]string{}
	for _, c := range a.Changes {
		var name, kind string
		power := uint64(1)
		switch c := c.Change.(type) {
		case *validatorv1.Change_Add:
			name, kind, power = c.Add.Name, "whole", c.Add.Power
		case *validatorv1.Change_Remove:
			name, kind = c.Remove.Name, "whole"
		case *validatorv1.Change_SetPower:
			name, kind, power = c.SetPower.Name, "power", c.SetPower.Power
		case *validatorv1.Change_ReplaceConsensusKey:
			name, kind = c.ReplaceConsensusKey.Name, "consensus"
		case *validatorv1.Change_ReplaceSealKey:
			name, kind = c.ReplaceSealKey.Name, "seal"
		}
		for _, k := range seen[name] {
			if k == kind || k == "whole" || kind == "whole" {
				return false
			}
		}
		if power == 0 {
			return false
		}
		seen[name] = append(seen[name], kind)
	}
	return len(a.Changes) > 0
}

func (m *model) waiting() (n int) {
	for _, s := range m.sets {
		if s.begin > m.height {
			n++
		}
	}
	return n
}

func (m *model) setValidators(a *validatorv1.SetValidators) (why codes) {
	last := m.lastSet()
	why.add(m.waiting() >= 8, 311)
	why.add(a.Exempt && len(last.vals) >= 4, 308)
	after := m.clone()
	vals := maps.Clone(last.vals)
	for _, c := range a.Changes {
		if bad := after.step(vals, c); len(bad) > 0 {
			return append(why, bad...)
		}
	}
	why.add(len(vals) == 0, 309)
	why.add(!a.Exempt && len(vals) > 0 && !gentle(last.vals, vals), 307)
	if len(why) == 0 {
		*m = *after
		m.schedule(vals)
	}
	return why
}

func (m *model) schedule(vals map[string]val) {
	s := set{max(m.height, m.lastSet().begin) + int64(m.params[7]), vals}
	m.sets = append(m.sets[:len(m.sets):len(m.sets)], s)
}

// step takes one step, and registers its keys.
func (m *model) step(vals map[string]val, c *validatorv1.Change) (why codes) {
	var name string
	var v val
	more := true // its member must be one that validates
	switch c := c.Change.(type) {
	case *validatorv1.Change_Add:
		x := c.Add
		if _, there := vals[x.Name]; there {
			return codes{302}
		}
		why.add(!m.validates(x.Member), 303)
		why = append(why, m.useConsensus(x.ConsensusKey)...)
		why = append(why, m.useSeal(x.Member, x.SealKey, x.SealProof, x.ConsensusKey, false)...)
		vals[x.Name] = val{x.Member, string(x.ConsensusKey), pub(x.SealKey), x.Power}
		return why
	case *validatorv1.Change_Remove:
		name = c.Remove.Name
	case *validatorv1.Change_SetPower:
		name = c.SetPower.Name
		more = c.SetPower.Power > vals[name].power
	case *validatorv1.Change_ReplaceConsensusKey:
		name = c.ReplaceConsensusKey.Name
	case *validatorv1.Change_ReplaceSealKey:
		name = c.ReplaceSealKey.Name
	}
	v, ok := vals[name]
	if !ok {
		return codes{301}
	}
	was := v
	switch c := c.Change.(type) {
	case *validatorv1.Change_Remove:
		delete(vals, name)
		return nil
	case *validatorv1.Change_SetPower:
		v.power = c.SetPower.Power
	case *validatorv1.Change_ReplaceConsensusKey:
		if v.consensus = string(c.ReplaceConsensusKey.ConsensusKey); v != was {
			why = m.useConsensus(c.ReplaceConsensusKey.ConsensusKey)
		}
	case *validatorv1.Change_ReplaceSealKey:
		x := c.ReplaceSealKey
		if v.seal = pub(x.SealKey); v != was {
			why = m.useSeal(v.member, x.SealKey, x.SealProof, []byte(v.consensus), false)
		}
	}
	why.add(more && !m.validates(v.member), 303)
	why.add(v == was, 312)
	vals[name] = v
	return why
}

func (m *model) useConsensus(key []byte) (why codes) {
	why.add(m.taken["consensus "+string(key)], 305)
	why.add(m.taken["consensus "+string(key)], 110)
	m.taken["consensus "+string(key)] = true
	return why
}

func (m *model) useSeal(member string, key, proof, consensus []byte, rotation bool) (why codes) {
	why.add(m.taken[string(key[1:])], 305)
	why.add(m.taken[string(key[1:])], 110)
	p := seal.Possession{ChainID: Chain, Member: member, Purpose: "validator/seal", ConsensusKey: consensus, Key: pub(key)}
	why.add(seal.VerifyPossession(p, proof) != nil, 306)
	if len(why) == 0 {
		m.taken[string(key[1:])] = true
		m.seals[pub(key)] = sealKey{m.height, rotation}
	}
	return why
}

// gentle: a third of the power at most goes or comes, one validator whose keys
// are replaced at the same power apart, the one that serves best.
func gentle(from, to map[string]val) bool {
	free := []string{""}
	for name, o := range from {
		if n, ok := to[name]; ok && n.power == o.power && n != o {
			free = append(free, name)
		}
	}
	for _, f := range free {
		var gone, old, come, all uint64
		for name, o := range from {
			old += o.power
			if n := to[name]; name != f {
				if n.consensus != o.consensus || n.seal != o.seal {
					gone += o.power
				} else if n.power < o.power {
					gone += o.power - n.power
				}
			}
		}
		for name, n := range to {
			all += n.power
			if o := from[name]; name != f {
				if n.consensus != o.consensus || n.seal != o.seal {
					come += n.power
				} else if n.power > o.power {
					come += n.power - o.power
				}
			}
		}
		if 3*gone <= old && 3*come <= all {
			return true
		}
	}
	return false
}

func (c *ctx) rotateSealKey(msg *validatorv1.RotateSealKey) (why codes) {
	people := map[string]bool{}
	for _, s := range c.signed(c.actor, "admin") {
		people[s.holder] = true
	}
	why.add(len(people) < 2, 314)
	last := c.lastSet()
	why.add(last.begin > c.height, 310)
	v, ok := last.vals[msg.Name]
	if !ok {
		return append(why, 301)
	}
	why.add(v.member != c.actor, 313)
	why.add(!c.validates(c.actor), 303)
	k := c.seals[v.seal]
	why.add(k.rotation && c.height < k.height+10*int64(c.params[7]), 315)
	after := c.model.clone()
	if why = append(why, after.useSeal(v.member, msg.SealKey, msg.SealProof, []byte(v.consensus), true)...); len(why) > 0 {
		return why
	}
	*c.model = *after
	vals := maps.Clone(last.vals)
	v.seal = pub(msg.SealKey)
	vals[msg.Name] = v
	c.schedule(vals)
	return nil
}

// conflict names two statements of a height by one seal key.
type conflict struct {
	key    pub
	height uint64
}

func (c *ctx) reportConflict(msg *validatorv1.ReportConflict) (why codes) {
	chain := sm3.Sum([]byte(Chain))
	id := conflict{pub(msg.Key), binary.BigEndian.Uint64(msg.First[64+32+32+8:])}
	_, registered := c.seals[id.key]
	_, known := c.conflicts[id]
	why.add(bytes.Compare(msg.First, msg.Second) >= 0, 300)
	why.add(len(c.signed(c.actor, "operator")) == 0, 320)
	why.add(!bytes.Equal(msg.First[64:96], chain[:]) || id.height >= uint64(c.height), 317)
	why.add(!registered, 316)
	why.add(known, 319)
	key, err := sm2.ParsePublicKey(msg.Key)
	why.add(err != nil || sm2.Verify(key, msg.First, sm2.Signature(msg.FirstSignature)) != nil ||
		sm2.Verify(key, msg.Second, sm2.Signature(msg.SecondSignature)) != nil, 318)
	if len(why) == 0 {
		c.raise(id.key)
		c.conflicts[id] = c.actor
	}
	return why
}

// raise proposes to remove the validator of a seal key, of which no conflict was
// known, if it is still there.
func (c *ctx) raise(key pub) {
	for id := range c.conflicts {
		if id.key == key {
			return
		}
	}
	for _, s := range c.sets {
		for name, v := range s.vals {
			if now, there := c.lastSet().vals[name]; v.seal != key || !there || now.member != v.member {
				continue
			}
			remove := &validatorv1.Change{Change: &validatorv1.Change_Remove{Remove: &validatorv1.RemoveValidator{Name: name}}}
			c.proposals = append(slices.Clip(c.proposals), proposal{
				expires: c.now.Unix() + int64(c.params[9]), votes: map[string]bool{}, status: "open",
				actions: []*governancev1.Action{{Action: &governancev1.Action_SetValidators{SetValidators: &validatorv1.SetValidators{Changes: []*validatorv1.Change{remove}}}}},
			})
			return
		}
	}
}
