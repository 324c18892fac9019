package validator

import "github.com/hallmark-ledger/hallmark/store"

// ExportGenesis returns what InitGenesis makes the same state from.
func (m *Module) ExportGenesis(r store.Reader) (*Genesis, error) {
	g := &Genesis{Sets: []GenesisSet{}, ConsensusKeys: []GenesisConsensusKey{}, SealKeys: []GenesisSealKey{}}
	err := sets.Scan(r, func(begin uint64, s Set) (bool, error) {
		j := GenesisSet{Begin: begin, Decided: s.Decided}
		for _, v := range s.Validators {
			j.Validators = append(j.Validators, GenesisValidator{v.Name, v.Member, v.ConsensusKey.String(), v.SealKey.String(), v.Power})
		}
		g.Sets = append(g.Sets, j)
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	err = consensusKeys.Scan(r, func(k ConsensusKey, v ConsensusKeyRecord) (bool, error) {
		g.ConsensusKeys = append(g.ConsensusKeys, GenesisConsensusKey{k.String(), v.Validator, v.Member, v.Registered})
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	err = sealKeys.Scan(r, func(k SealKey, v SealKeyRecord) (bool, error) {
		g.SealKeys = append(g.SealKeys, GenesisSealKey{
			k.String(), v.Validator, v.Member, v.Registered, v.ConsensusKey.String(), v.Proof.String(), v.Rotation,
		})
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	err = misbehaviours.Scan(r, func(o Offence, v Misbehaviour) (bool, error) {
		g.Misbehaviours = append(g.Misbehaviours, GenesisMisbehaviour{
			o.Address.String(), o.Height, o.Kind, v.Validator, v.Member, v.Time, v.Power, v.TotalPower, v.Reported,
		})
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	err = conflicts.Scan(r, func(k ConflictID, v Conflict) (bool, error) {
		g.Conflicts = append(g.Conflicts, v.genesis(k.Key))
		return true, nil
	})
	return g, err
}
