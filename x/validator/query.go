package validator

import "github.com/hallmark-ledger/hallmark/store"

// Sets returns up to limit sets in the order of their begin, from the one that
// begins at or after height on.
func (m *Module) Sets(r store.Reader, height uint64, limit int) (list []Set, err error) {
	err = sets.ScanFrom(r, height, func(begin uint64, s Set) (bool, error) {
		if len(list) >= limit {
			return false, nil
		}
		s.Begin = begin
		list = append(list, s)
		return true, nil
	})
	return list, err
}

// SetKey returns the key in the state under which the set lies that begins at
// height, for proofs.
func SetKey(begin uint64) []byte { return sets.Key(begin) }

// ConsensusKey returns who registered the consensus key.
func (m *Module) ConsensusKey(r store.Reader, key ConsensusKey) (ConsensusKeyRecord, bool, error) {
	return consensusKeys.Get(r, key)
}

// ByAddress returns the consensus key with CometBFT's address.
func (m *Module) ByAddress(r store.Reader, a Address) (ConsensusKey, bool, error) {
	return addresses.Get(r, a)
}

// SealKey returns who registered the seal key.
func (m *Module) SealKey(r store.Reader, key SealKey) (SealKeyRecord, bool, error) {
	return sealKeys.Get(r, key)
}

// Offences returns how often the consensus key with the address misbehaved.
func (m *Module) Offences(r store.Reader, a Address) (uint64, error) {
	n, _, err := counts.Get(r, a)
	return n, err
}

// Misbehaviours calls visit for every offence, by address and then height, from
// start on. visit must not write.
func (m *Module) Misbehaviours(r store.Reader, start Offence, visit func(Offence, Misbehaviour) (more bool, err error)) error {
	return misbehaviours.ScanFrom(r, start, visit)
}

// ConflictCount returns at how many heights the seal key is known to have signed
// two statements.
func (m *Module) ConflictCount(r store.Reader, key SealKey) (uint64, error) {
	n, _, err := conflictCounts.Get(r, key)
	return n, err
}

// Conflicts calls visit for every conflict, by seal key and then height, from
// start on. visit must not write.
func (m *Module) Conflicts(r store.Reader, start ConflictID, visit func(ConflictID, Conflict) (more bool, err error)) error {
	return conflicts.ScanFrom(r, start, visit)
}
