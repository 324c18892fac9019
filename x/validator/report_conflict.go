package validator

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// ConflictID names a conflict: one is recorded of a seal key and a height.
type ConflictID struct {
	Key    SealKey
	Height uint64 // of the statements
}

// Conflict is the proof that a seal key signed two different statements of one
// height, and who brought it.
type Conflict struct {
	// Validator and Member that the seal key was registered for.
	Validator, Member string
	Reporter          string // member
	Reported          uint64 // height of the block
	// Statements ascend by their bytes; Signatures are over them.
	Statements [2]seal.Statement
	Signatures [2]sm2.Signature
}

func (v *Conflict) proof(k SealKey) *seal.Conflict {
	return &seal.Conflict{Key: k, Statements: v.Statements, Signatures: v.Signatures}
}

// validateReportConflict checks what can be checked without state, signatures
// apart.
func validateReportConflict(msg *validatorv1.ReportConflict) (*seal.Conflict, error) {
	c := &seal.Conflict{}
	var wrong [2]error
	c.Statements[0], wrong[0] = seal.ParseStatement(msg.GetFirst())
	c.Statements[1], wrong[1] = seal.ParseStatement(msg.GetSecond())
	err := errors.Join(
		wrong[0], wrong[1], fill(c.Key[:], msg.GetKey(), "seal key"),
		fill(c.Signatures[0][:], msg.GetFirstSignature(), "first signature"),
		fill(c.Signatures[1][:], msg.GetSecondSignature(), "second signature"),
	)
	a, b := &c.Statements[0], &c.Statements[1]
	switch {
	case err != nil:
	case bytes.Compare(msg.GetFirst(), msg.GetSecond()) >= 0:
		err = errors.New("the statements are the same, or not in ascending order of their bytes")
	case a.Chain != b.Chain || a.Genesis != b.Genesis:
		err = errors.New("the statements are of different chains")
	case a.Height != b.Height:
		err = fmt.Errorf("the statements are of heights %d and %d", a.Height, b.Height)
	}
	if err != nil {
		return nil, codeMalformed.Refuse("%v", err)
	}
	return c, nil
}

// ReportConflict records a proof that a seal key signed two different statements
// of one height. Any active member may bring it, and an operator key is enough:
// the proof speaks for itself. What is done about it is for the regulators: the
// first conflict of a key raises the proposal that its validator be removed, if it
// is still one.
//
// The statements must name this chain. The root of the genesis state, which they
// name too, is not in the state: it is only required that both name the same one.
func (m *Module) ReportConflict(c *exec.Context, msg *validatorv1.ReportConflict) error {
	proof, err := validateReportConflict(msg)
	if err != nil {
		return err
	}
	if len(c.Signed(exec.DutyOperator)) == 0 {
		return codeReporter.Refuse("no operator of %s signs", c.Actor)
	}
	st := &proof.Statements[0]
	switch {
	case st.Chain != sm3.Sum([]byte(c.ChainID)):
		return codeForeign.Refuse("they are not of %s", c.ChainID)
	case st.Height >= c.Height:
		return codeForeign.Refuse("they are of height %d, this is block %d", st.Height, c.Height)
	}
	id := ConflictID{proof.Key, st.Height}
	k, ok, err := sealKeys.Get(c.Store, id.Key)
	if err != nil {
		return err
	}
	if !ok {
		return codeNoSealKey.Refuse("%s", id.Key)
	}
	known, err := conflicts.Has(c.Store, id)
	if err != nil {
		return err
	}
	if known {
		return codeReported.Refuse("%s at height %d", id.Key, id.Height)
	}
	if err := proof.Verify(); err != nil {
		return codeUnproven.Refuse("%v", err)
	}
	before, err := m.ConflictCount(c.Store, id.Key)
	if err != nil {
		return err
	}
	err = putConflict(c.Store, id, Conflict{
		Validator: k.Validator, Member: k.Member, Reporter: c.Actor, Reported: c.Height,
		Statements: proof.Statements, Signatures: proof.Signatures,
	})
	if err != nil {
		return err
	}
	c.Emit(EventConflict,
		AttrSealKey, id.Key.String(), AttrValidator, k.Validator, AttrMember, k.Member, AttrHeight, fmt.Sprint(id.Height))
	if before > 0 {
		return nil
	}
	set, err := last(c.Store)
	if err != nil || !slices.ContainsFunc(set.Validators, func(v Validator) bool { return v.Name == k.Validator && v.Member == k.Member }) {
		return err
	}
	_, err = m.proposals.RaiseRemoval(c, k.Validator, id.Height)
	return err
}

// putConflict writes a conflict that is not there yet, and counts it.
func putConflict(rw store.ReadWriter, id ConflictID, v Conflict) error {
	if err := conflicts.Set(rw, id, v); err != nil {
		return err
	}
	n, _, err := conflictCounts.Get(rw, id.Key)
	if err != nil {
		return err
	}
	return conflictCounts.Set(rw, id.Key, n+1)
}
