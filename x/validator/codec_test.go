package validator

import (
	"encoding/hex"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func TestPrefixes(t *testing.T) {
	storetest.DisjointPrefixes(t, sets.Prefix(), reverse.Prefix(), consensusKeys.Prefix(), sealKeys.Prefix(),
		addresses.Prefix(), misbehaviours.Prefix(), counts.Prefix(), conflicts.Prefix(), conflictCounts.Prefix())
	if k := hex.EncodeToString(SetKey(258)); k != "0473"+"0000000000000102" {
		t.Error(k)
	}
}

func TestGolden(t *testing.T) {
	c, s := ConsensusKey{1: 0xc0}, SealKey{2, 0x5e}
	first, second := statementOf(3, 1), statementOf(3, 2)
	for name, v := range map[string]struct {
		encode func() ([]byte, error)
		decode func([]byte) error
		want   string
	}{
		"set": {
			func() ([]byte, error) {
				return setCodec.Encode(Set{Begin: 9, Decided: 300, SealHash: sm3.Hash{7}, Validators: []Validator{{"val", "mem", c, s, 5}}})
			},
			func(b []byte) error { _, err := setCodec.Decode(b); return err },
			"08ac02" + "1220" + "07" + zeros(31) + "1a51" + "0a0376616c" + "12036d656d" + "1a20" + "00c0" + zeros(30) + "2221" + "025e" + zeros(31) + "2805",
		},
		"consensus key": {
			func() ([]byte, error) { return consensusKeyCodec.Encode(ConsensusKeyRecord{"val", "mem", 7}) },
			func(b []byte) error { _, err := consensusKeyCodec.Decode(b); return err },
			"0a0376616c" + "12036d656d" + "1807",
		},
		"seal key": {
			func() ([]byte, error) {
				return sealKeyCodec.Encode(SealKeyRecord{"val", "mem", 7, c, sm2.Signature{0xf0}, true})
			},
			func(b []byte) error { _, err := sealKeyCodec.Decode(b); return err },
			"0a0376616c" + "12036d656d" + "1807" + "2220" + "00c0" + zeros(30) + "2a40" + "f0" + zeros(63) + "3001",
		},
		"misbehaviour": {
			func() ([]byte, error) {
				return misbehaviourCodec.Encode(Misbehaviour{"val", "mem", time.Unix(0, 3), 4, 5, 6})
			},
			func(b []byte) error { _, err := misbehaviourCodec.Decode(b); return err },
			"0a0376616c" + "12036d656d" + "1803" + "2004" + "2805" + "3006",
		},
		"conflict": {
			func() ([]byte, error) {
				return conflictCodec.Encode(Conflict{"val", "mem", "rep", 4, [2]seal.Statement{first, second}, [2]sm2.Signature{{0xf0}, {0xf1}}})
			},
			func(b []byte) error { _, err := conflictCodec.Decode(b); return err },
			"0a0376616c" + "12036d656d" + "1a03726570" + "2004" + "2aa002" + hex.EncodeToString(first.Append(nil)) + "3240" + "f0" + zeros(63) +
				"3aa002" + hex.EncodeToString(second.Append(nil)) + "4240" + "f1" + zeros(63),
		},
	} {
		b, err := v.encode()
		if got := hex.EncodeToString(b); err != nil || got != v.want {
			t.Errorf("%s: %s, want %s", name, got, v.want)
		}
		if err := v.decode(b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for what, bad := range map[string][]byte{
			"an unknown field":  append(slices.Clone(b), 0xf8, 0x07, 1),
			"a field again":     append(slices.Clone(b), b[:2]...),
			"an explicit zero":  append(slices.Clone(b), 0x38, 0),
			"a cut":             b[:len(b)-1],
			"not even protobuf": {0xff},
		} {
			if v.decode(bad) == nil {
				t.Errorf("%s with %s is read", name, what)
			}
		}
	}
}

func zeros(n int) string { return hex.EncodeToString(make([]byte, n)) }

func TestCodes(t *testing.T) {
	names := map[string]bool{}
	for i, c := range Codes() {
		if c.Number != 300+uint32(i) || names[c.Name] || c.English == "" || c.Chinese == "" {
			t.Errorf("code %d at %d: %+v", c.Number, i, c)
		}
		names[c.Name] = true
	}
}

// broken is a store that cannot be read.
type broken struct{ err error }

func (b broken) Get([]byte) ([]byte, bool, error)      { return nil, false, b.err }
func (b broken) Scan(_, _ []byte, _ store.Visit) error { return b.err }

// An error of the store is never taken for an answer.
func TestStoreErrors(t *testing.T) {
	disk := errors.New("disk")
	r := broken{disk}
	m := New(&members{}, new(blocks), nil)
	w := newWorld(t, 1, 1, 1, 1)
	c := func() *exec.Context {
		return &exec.Context{Block: exec.Block{ChainID: chain, Height: 1}, Store: store.NewBranch(r), Actor: member(0), Signers: []exec.Signer{admin(0, 1), admin(0, 2)}}
	}
	_ = w
	_, at := m.SetAt(r, 1)
	_, _, next := m.Next(r, 1)
	_, end := m.EndBlock(c())
	_, initial := m.InitialValidators(r, 1)
	_, export := m.ExportGenesis(r)
	_, list := m.Sets(r, 0, 1)
	reporting := c()
	reporting.Height, reporting.Signers[0].Duty = 2, exec.DutyOperator
	for what, err := range map[string]error{
		"SetAt": at, "Next": next, "EndBlock": end, "InitialValidators": initial, "ExportGenesis": export, "Sets": list,
		"Check":              m.Check(r),
		"ReportConflict":     m.ReportConflict(reporting, conflictOf(t, 0, 1)),
		"RecordMisbehaviour": m.RecordMisbehaviour(c(), Offence{}, Misbehaviour{}),
	} {
		if !errors.Is(err, disk) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
