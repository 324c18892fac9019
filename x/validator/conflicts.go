package validator

import (
	"bytes"
	"encoding/hex"
	"errors"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/store"
)

// GenesisConflict is a seal key and its Conflict, whose height the statements
// have.
type GenesisConflict struct {
	Key             string `json:"key"`
	Validator       string `json:"validator"`
	Member          string `json:"member"`
	Reporter        string `json:"reporter"`
	Reported        uint64 `json:"reported"`
	First           string `json:"first"` // 288 bytes
	FirstSignature  string `json:"first_signature"`
	Second          string `json:"second"`
	SecondSignature string `json:"second_signature"`
}

func (v *Conflict) genesis(k SealKey) GenesisConflict {
	statement := func(i int) string { return hex.EncodeToString(v.Statements[i].Append(nil)) }
	return GenesisConflict{
		k.String(), v.Validator, v.Member, v.Reporter, v.Reported,
		statement(0), v.Signatures[0].String(), statement(1), v.Signatures[1].String(),
	}
}

func (j *GenesisConflict) write(rw store.ReadWriter) error {
	var key SealKey
	v := Conflict{Validator: j.Validator, Member: j.Member, Reporter: j.Reporter, Reported: j.Reported}
	var statements [2][seal.StatementSize]byte
	err := errors.Join(
		unhex(key[:], j.Key),
		unhex(statements[0][:], j.First), unhex(v.Signatures[0][:], j.FirstSignature),
		unhex(statements[1][:], j.Second), unhex(v.Signatures[1][:], j.SecondSignature),
	)
	if err != nil {
		return err
	}
	for i := range statements {
		if v.Statements[i], err = seal.ParseStatement(statements[i][:]); err != nil {
			return err
		}
	}
	id := ConflictID{key, v.Statements[0].Height}
	if err := once(conflicts.Has(rw, id)); err != nil {
		return err
	}
	return putConflict(rw, id, v)
}

// checkConflicts verifies each conflict again and holds it against the record of
// its key, and the counts against their number.
func checkConflicts(r store.Reader) error {
	found := map[SealKey]uint64{}
	err := conflicts.Scan(r, func(id ConflictID, v Conflict) (bool, error) {
		found[id.Key]++
		k, ok, err := sealKeys.Get(r, id.Key)
		if err != nil {
			return false, err
		}
		a, b := v.Statements[0].Append(nil), v.Statements[1].Append(nil)
		switch err := v.proof(id.Key).Verify(); {
		case err != nil:
			return false, corrupt("the conflict of seal key %s at %d is none: %v", id.Key, id.Height, err)
		case !ok || k.Validator != v.Validator || k.Member != v.Member:
			return false, corrupt("the conflict of seal key %s at %d is of %s of %s, the key is not", id.Key, id.Height, v.Validator, v.Member)
		case v.Statements[0].Height != id.Height || bytes.Compare(a, b) >= 0:
			return false, corrupt("the conflict of seal key %s at %d has statements of %d, or in another order", id.Key, id.Height, v.Statements[0].Height)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	counted := 0
	err = conflictCounts.Scan(r, func(k SealKey, n uint64) (bool, error) {
		counted++
		if n != found[k] {
			return false, corrupt("seal key %s has %d conflicts, counted %d", k, found[k], n)
		}
		return true, nil
	})
	if err == nil && counted != len(found) {
		err = corrupt("conflicts of %d seal keys, counts of %d", len(found), counted)
	}
	return err
}
