package validator

import (
	"errors"

	"github.com/hallmark-ledger/hallmark/store"
)

// Check derives and compares what the module's state says more than once:
//
//   - the heights where sets begin are listed in reverse;
//   - each seal hash is that of the set's seal keys;
//   - each set can be worked with, and reached from the one before it under
//     CometBFT's rules, LeastActivation blocks or more after its begin and after
//     its own decision;
//   - each key of a set has a record with the validator's name and member, and
//     each record a set that has the key, first in one decided when the key was
//     registered;
//   - each consensus key is found by its address;
//   - misbehaviour adds up to its counts;
//   - each conflict is a proof of what its key says, of a registered seal key, and
//     they add up to their counts.
//
// The error says what does not hold.
func (m *Module) Check(r store.Reader) error {
	return errors.Join(checkSets(r), checkConsensusKeys(r), checkSealKeys(r), checkMisbehaviours(r), checkConflicts(r))
}

func checkSets(r store.Reader) error {
	n := 0
	var previous Set
	err := sets.Scan(r, func(begin uint64, s Set) (bool, error) {
		s.Begin = begin
		n++
		seals, err := s.Seal()
		if err != nil {
			return false, err
		}
		listed, err := reverse.Has(r, ^begin)
		switch {
		case err != nil:
			return false, err
		case !listed:
			return false, corrupt("the set that begins at %d is not listed in reverse", begin)
		case s.SealHash != seals.Hash():
			return false, corrupt("the set that begins at %d has another seal hash", begin)
		case n == 1 && s.Decided > begin:
			return false, corrupt("the first set begins at %d, before its decision at %d", begin, s.Decided)
		case n > 1 && (begin < previous.Begin+LeastActivation || begin < s.Decided+LeastActivation):
			return false, corrupt("the set decided at %d begins at %d, too soon after that or after %d", s.Decided, begin, previous.Begin)
		case n > 1 && s.Decided < previous.Decided:
			return false, corrupt("the set that begins at %d was decided before the one before it", begin)
		}
		if n > 1 {
			if err := checkUpdates(previous.Validators, updates(previous.Validators, s.Validators)); err != nil {
				return false, corrupt("the set that begins at %d: %v", begin, err)
			}
		}
		previous = s
		return true, checkRecords(r, s)
	})
	if err != nil {
		return err
	}
	if n == 0 {
		return corrupt("there is no set of validators")
	}
	listed := 0
	err = reverse.Scan(r, func(uint64, struct{}) (bool, error) { listed++; return true, nil })
	if err == nil && listed != n {
		err = corrupt("%d sets, %d listed in reverse", n, listed)
	}
	return err
}

// checkRecords holds the keys of s against their records.
func checkRecords(r store.Reader, s Set) error {
	for _, v := range s.Validators {
		c, ok, err := consensusKeys.Get(r, v.ConsensusKey)
		if err != nil {
			return err
		}
		if !ok || c.Validator != v.Name || c.Member != v.Member || c.Registered > s.Decided {
			return corrupt("consensus key %s of %s, in the set that begins at %d: its record is %+v", v.ConsensusKey, v.Name, s.Begin, c)
		}
		k, ok, err := sealKeys.Get(r, v.SealKey)
		if err != nil {
			return err
		}
		if !ok || k.Validator != v.Name || k.Member != v.Member || k.Registered > s.Decided {
			return corrupt("seal key %s of %s, in the set that begins at %d: its record is of %s of %s", v.SealKey, v.Name, s.Begin, k.Validator, k.Member)
		}
	}
	return nil
}

func checkConsensusKeys(r store.Reader) error {
	n := 0
	err := consensusKeys.Scan(r, func(k ConsensusKey, v ConsensusKeyRecord) (bool, error) {
		n++
		found, ok, err := addresses.Get(r, k.Address())
		if err != nil {
			return false, err
		}
		if !ok || found != k {
			return false, corrupt("consensus key %s is not found by its address", k)
		}
		return true, checkUse(r, v.Registered, v.Validator, func(u Validator) bool { return u.ConsensusKey == k })
	})
	if err != nil {
		return err
	}
	found := 0
	err = addresses.Scan(r, func(Address, ConsensusKey) (bool, error) { found++; return true, nil })
	if err == nil && found != n {
		err = corrupt("%d consensus keys, %d addresses", n, found)
	}
	return err
}

func checkSealKeys(r store.Reader) error {
	return sealKeys.Scan(r, func(k SealKey, v SealKeyRecord) (bool, error) {
		return true, checkUse(r, v.Registered, v.Validator, func(u Validator) bool { return u.SealKey == k })
	})
}

// checkUse looks for a set decided at height registered in which the validator
// has the key.
func checkUse(r store.Reader, registered uint64, name string, has func(Validator) bool) error {
	used := false
	err := sets.Scan(r, func(_ uint64, s Set) (bool, error) {
		if v, ok := s.Find(name); ok && s.Decided == registered && has(v) {
			used = true
		}
		return !used, nil
	})
	if err == nil && !used {
		err = corrupt("a key that %s registered at height %d is in no set decided then", name, registered)
	}
	return err
}

func checkMisbehaviours(r store.Reader) error {
	var (
		address Address
		n       uint64
		seen    uint64 // addresses
	)
	check := func() error {
		if n == 0 {
			return nil
		}
		seen++
		if count, _, err := counts.Get(r, address); err != nil || count != n {
			return errors.Join(err, corrupt("%s misbehaved %d times, counted %d", address, n, count))
		}
		return nil
	}
	err := misbehaviours.Scan(r, func(o Offence, _ Misbehaviour) (bool, error) {
		if o.Address != address {
			if err := check(); err != nil {
				return false, err
			}
			address, n = o.Address, 0
		}
		n++
		return true, nil
	})
	if err == nil {
		err = check()
	}
	if err != nil {
		return err
	}
	err = counts.Scan(r, func(Address, uint64) (bool, error) { seen--; return true, nil })
	if err == nil && seen != 0 {
		err = corrupt("misbehaviour is counted for other addresses than it is recorded for")
	}
	return err
}
