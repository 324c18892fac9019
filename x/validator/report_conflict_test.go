package validator

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// statementOf returns the n-th statement of a height; they ascend.
func statementOf(height uint64, n byte) seal.Statement {
	return seal.Statement{Chain: sm3.Sum([]byte(chain)), Genesis: sm3.Hash{9}, AppVersion: 1, Height: height, Time: 5, Block: [32]byte{n}, Set: sm3.Hash{1}}
}

func signed(t testing.TB, k *sm2.PrivateKey, st seal.Statement) []byte {
	sig, err := k.SignWith(&counting{7}, st.Append(nil))
	if err != nil {
		t.Fatal(err)
	}
	return sig[:]
}

// of reports that the k-th seal key signed both statements.
func of(t testing.TB, k int, first, second seal.Statement) *validatorv1.ReportConflict {
	key, private := sealKeyOf(t, k)
	return &validatorv1.ReportConflict{
		Key: key[:], First: first.Append(nil), FirstSignature: signed(t, private, first),
		Second: second.Append(nil), SecondSignature: signed(t, private, second),
	}
}

func conflictOf(t testing.TB, k int, height uint64) *validatorv1.ReportConflict {
	return of(t, k, statementOf(height, 1), statementOf(height, 2))
}

// conflictIn is the conflict of the k-th key at height 1, in a genesis.
func conflictIn(t testing.TB, k int) GenesisConflict {
	c, err := validateReportConflict(conflictOf(t, k, 1))
	if err != nil {
		t.Fatal(err)
	}
	v := Conflict{name(k), member(k), member(1), 2, c.Statements, c.Signatures}
	return v.genesis(c.Key)
}

func operator(i int) exec.Signer {
	s := admin(i, 1)
	s.Duty = exec.DutyOperator
	return s
}

func (w *world) report(msg *validatorv1.ReportConflict, signers ...exec.Signer) error {
	return w.do(func(c *exec.Context) error {
		c.Actor, c.Signers = member(3), signers
		return w.m.ReportConflict(c, msg)
	})
}

func TestReportConflict(t *testing.T) {
	w := newWorld(t, 1, 1, 1, 1)
	w.runTo(9)
	if err := w.report(conflictOf(t, 0, 8), operator(3)); err != nil {
		t.Fatal(err)
	}
	key, _ := sealKeyOf(t, 0)
	e := w.events[len(w.events)-1]
	want := []exec.Attribute{{Key: AttrSealKey, Value: key.String()}, {Key: AttrValidator, Value: name(0)}, {Key: AttrMember, Value: member(0)}, {Key: AttrHeight, Value: "8"}}
	if e.Type != EventConflict || len(e.Attributes) != 4 {
		t.Fatalf("%+v", e)
	}
	for i, a := range want {
		if e.Attributes[i] != a {
			t.Errorf("%+v, want %+v", e.Attributes[i], a)
		}
	}
	root := w.state.Root()
	other := of(t, 0, statementOf(8, 3), statementOf(8, 4))
	for _, msg := range []*validatorv1.ReportConflict{conflictOf(t, 0, 8), other} {
		if err := w.report(msg, operator(3)); !codeReported.Is(err) || w.state.Root() != root {
			t.Errorf("once more: %v", err)
		}
	}
	if err := w.report(conflictOf(t, 0, 7), operator(3)); err != nil {
		t.Fatal(err)
	}
	// A key that was rotated still answers for what it signed.
	if err := w.rotate(0, 10); err != nil {
		t.Fatal(err)
	}
	w.runTo(60)
	if err := w.report(conflictOf(t, 0, 59), operator(3)); err != nil {
		t.Fatal(err)
	}
	if want := name(0) + " at 8, for " + member(3); len(w.raised) != 1 || w.raised[0] != want {
		t.Errorf("proposed: %q, want %q alone", w.raised, want)
	}
	if n, err := w.m.ConflictCount(w.state, key); n != 3 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	var heights []uint64
	err := w.m.Conflicts(w.state, ConflictID{Key: key, Height: 8}, func(id ConflictID, v Conflict) (bool, error) {
		if v.Validator != name(0) || v.Member != member(0) || v.Reporter != member(3) || v.proof(id.Key).Verify() != nil {
			t.Errorf("%+v", v)
		}
		heights = append(heights, id.Height, v.Reported)
		return true, nil
	})
	if err != nil || len(heights) != 4 || heights[0] != 8 || heights[1] != 9 || heights[2] != 59 || heights[3] != 60 {
		t.Errorf("%v, %v", heights, err)
	}
}

// The removal of a validator is proposed once for each of its keys, and not if it
// is gone.
func TestConflictRaises(t *testing.T) {
	w := newWorld(t, 1, 1, 1, 1)
	w.runTo(9)
	if err := w.set(false, removing(1)); err != nil {
		t.Fatal(err)
	}
	for _, k := range []int{0, 1, 2, 0} {
		if err := w.report(conflictOf(t, k, 8-uint64(len(w.raised))), operator(3)); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.raised) != 2 || w.raised[0] != name(0)+" at 8, for "+member(3) || w.raised[1] != name(2)+" at 7, for "+member(3) {
		t.Errorf("%q", w.raised)
	}
}

// Who may report: an operator of the acting member, whoever else signs.
func TestWhoReports(t *testing.T) {
	for _, duty := range []exec.Duty{exec.DutyAdmin, exec.DutyOperator, exec.DutyCertifier, exec.DutyApprover} {
		for _, signer := range []int{0, 3} { // the accused's, or the actor's
			w := newWorld(t, 1, 1, 1, 1)
			w.members.barred = []string{member(3)} // need not be one that may validate
			w.runTo(3)
			s := operator(signer)
			s.Duty = duty
			err := w.report(conflictOf(t, 0, 2), s)
			if may := duty == exec.DutyOperator && signer == 3; (err == nil) != may || err != nil && !codeReporter.Is(err) {
				t.Errorf("%s of %d: %v", duty, signer, err)
			}
		}
	}
}

func TestReportConflictRefuses(t *testing.T) {
	another := func(st seal.Statement, change func(*seal.Statement)) seal.Statement { change(&st); return st }
	elsewhere := func(st *seal.Statement) { st.Chain = sm3.Sum([]byte("another")) }
	a, b := statementOf(5, 1), statementOf(5, 2)
	for _, c := range []struct {
		what string
		msg  *validatorv1.ReportConflict
		want *exec.Code
	}{
		{"empty", &validatorv1.ReportConflict{}, &codeMalformed},
		{"the same twice", of(t, 0, a, a), &codeMalformed},
		{"out of order", of(t, 0, b, a), &codeMalformed},
		{"of two heights", of(t, 0, a, statementOf(6, 2)), &codeMalformed},
		{"of two chains", of(t, 0, statementOf(5, 1), another(b, elsewhere)), &codeMalformed},
		{"of two geneses", of(t, 0, a, another(b, func(st *seal.Statement) { st.Genesis[0]++ })), &codeMalformed},
		{"of another chain", of(t, 0, another(a, elsewhere), another(b, elsewhere)), &codeForeign},
		{"of this height", conflictOf(t, 0, 10), &codeForeign},
		{"of a later height", conflictOf(t, 0, 11), &codeForeign},
		{"of height 0", of(t, 0, statementOf(0, 1), statementOf(0, 2)), &codeMalformed},
		{"of no seal key", conflictOf(t, 9, 5), &codeNoSealKey},
	} {
		w := newWorld(t, 1, 1, 1, 1)
		w.runTo(10)
		if err := w.m.Validate(c.msg); (err != nil) != (c.want == &codeMalformed) || err != nil && !c.want.Is(err) {
			t.Errorf("%s: by its form: %v", c.what, err)
		}
		if err := w.report(c.msg, operator(3)); !c.want.Is(err) {
			t.Errorf("%s: %v, want %s", c.what, err, c.want.Name)
		}
	}
	// Every field that is cut, or one bit of which is another, is noticed.
	w := newWorld(t, 1, 1, 1, 1)
	w.runTo(10)
	good := conflictOf(t, 0, 5)
	for i := range 5 {
		field := func(m *validatorv1.ReportConflict) *[]byte {
			return []*[]byte{&m.Key, &m.First, &m.FirstSignature, &m.Second, &m.SecondSignature}[i]
		}
		cut := proto.CloneOf(good)
		*field(cut) = (*field(cut))[1:]
		if err := w.report(cut, operator(3)); !codeMalformed.Is(err) {
			t.Errorf("field %d cut: %v", i+1, err)
		}
		for at := range *field(good) {
			bad := proto.CloneOf(good)
			(*field(bad))[at] ^= 1
			if err := w.report(bad, operator(3)); err == nil {
				t.Fatalf("byte %d of field %d is another, and it is taken", at, i+1)
			}
		}
	}
	for _, i := range []int{0, 1} {
		_, thief := sealKeyOf(t, 1)
		bad := proto.CloneOf(good)
		if i == 0 {
			bad.FirstSignature = signed(t, thief, a)
		} else {
			bad.SecondSignature = signed(t, thief, b)
		}
		if err := w.report(bad, operator(3)); !codeUnproven.Is(err) {
			t.Errorf("signature %d by another: %v", i+1, err)
		}
	}
}
