package validator

import (
	"testing"

	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func TestRotateSealKey(t *testing.T) {
	w := newWorld(t, 90, 1, 1, 1)
	w.runTo(3)
	old := w.set0()
	if err := w.rotate(0, 10); err != nil { // however strong: it does not count
		t.Fatal(err)
	}
	s := w.set0()
	key, _ := sealKeyOf(t, 10)
	if v := s.mustFind(t, name(0)); v.SealKey != key || v.Power != 90 || s.Begin != 23 || s.Decided != 3 {
		t.Fatalf("%+v", s)
	}
	if err := w.rotate(1, 11); !codeWindowOpen.Is(err) {
		t.Fatal(err)
	}
	// The regulators need not wait.
	if err := w.set(false, powering(1, 2)); err != nil {
		t.Fatal(err)
	}
	for w.height < 42 {
		if ups := w.endBlock(); ups != nil && w.height != 42 {
			t.Fatalf("CometBFT was told of a seal key: %v at %d", ups, w.height)
		}
	}
	if err := w.rotate(1, 11); !codeWindowOpen.Is(err) {
		t.Fatal(err)
	}
	w.runTo(43)
	if err := w.rotate(1, 11); err != nil {
		t.Fatal(err)
	}
	w.runTo(3 + 20*RotationWindows - 1)
	if err := w.rotate(0, 12); !codeTooSoon.Is(err) {
		t.Fatal(err)
	}
	w.endBlock()
	if err := w.rotate(0, 12); err != nil {
		t.Fatal(err)
	}
	before, err := w.m.SetAt(w.state, 22)
	if err != nil || before.SealHash != old.SealHash {
		t.Fatalf("the old set is lost: %v", err)
	}
}

// A key that the regulators set may be rotated at once.
func TestRotateAfterReplacement(t *testing.T) {
	w := newWorld(t, 1, 1, 1, 1)
	if err := w.set(false, sealing(t, 0, 0, 10)); err != nil {
		t.Fatal(err)
	}
	w.runTo(21)
	if err := w.rotate(0, 11); err != nil {
		t.Fatal(err)
	}
}

// Who may rotate: every combination of duties, holders and members.
func TestWhoRotates(t *testing.T) {
	duties := []exec.Duty{exec.DutyAdmin, exec.DutyOperator, exec.DutyCertifier, exec.DutyApprover}
	for _, a := range duties {
		for _, b := range duties {
			for _, holder := range []string{"holder1", "holder2"} {
				for _, mine := range []bool{true, false} {
					first, second := admin(0, 1), admin(0, 2)
					first.Duty, second.Duty, second.Holder = a, b, holder
					if !mine {
						second.Member = member(1)
					}
					w := newWorld(t, 1, 1, 1, 1)
					err := w.rotate(0, 10, first, second)
					if may := a == exec.DutyAdmin && b == exec.DutyAdmin && holder == "holder2" && mine; (err == nil) != may || err != nil && !codeDuty.Is(err) {
						t.Errorf("%s and %s of %s, of one member: %v: %v", a, b, holder, mine, err)
					}
				}
			}
		}
	}
}

func TestRotateRefuses(t *testing.T) {
	key, private := sealKeyOf(t, 10)
	taken, _ := sealKeyOf(t, 2)
	good := func() *validatorv1.RotateSealKey {
		return &validatorv1.RotateSealKey{Name: name(0), SealKey: key[:], SealProof: proofOf(t, private, member(0), consensusKeyOf(0))}
	}
	for _, c := range []struct {
		what   string
		actor  int
		change func(*validatorv1.RotateSealKey)
		want   *exec.Code
	}{
		{"another's", 1, func(*validatorv1.RotateSealKey) {}, &codeNotOwner},
		{"unknown", 0, func(m *validatorv1.RotateSealKey) { m.Name = "nobody" }, &codeUnknown},
		{"no name", 0, func(m *validatorv1.RotateSealKey) { m.Name = "" }, &codeMalformed},
		{"short key", 0, func(m *validatorv1.RotateSealKey) { m.SealKey = m.SealKey[:32] }, &codeMalformed},
		{"no proof", 0, func(m *validatorv1.RotateSealKey) { m.SealProof = nil }, &codeMalformed},
		{"another's key", 0, func(m *validatorv1.RotateSealKey) { m.SealKey = taken[:] }, &codeKeyUsed},
		{"its own key", 0, func(m *validatorv1.RotateSealKey) { k, _ := sealKeyOf(t, 0); m.SealKey = k[:] }, &codeKeyUsed},
		{"another's proof", 0, func(m *validatorv1.RotateSealKey) { m.SealProof = proofOf(t, private, member(1), consensusKeyOf(0)) }, &codeProof},
		{"barred", 3, func(m *validatorv1.RotateSealKey) {
			m.Name, m.SealProof = name(3), proofOf(t, private, member(3), consensusKeyOf(3))
		}, &codeNotEligible},
	} {
		w := newWorld(t, 1, 1, 1, 1)
		w.members.barred = []string{member(3)}
		msg := good()
		c.change(msg)
		if err := w.m.Validate(msg); (err != nil) != (c.want == &codeMalformed) || err != nil && !c.want.Is(err) {
			t.Errorf("%s: by its form: %v", c.what, err)
		}
		err := w.do(func(x *exec.Context) error {
			x.Actor, x.Signers = member(c.actor), []exec.Signer{admin(c.actor, 1), admin(c.actor, 2)}
			return w.m.RotateSealKey(x, msg)
		})
		if !c.want.Is(err) {
			t.Errorf("%s: %v, want %s", c.what, err, c.want.Name)
		}
	}
	w := newWorld(t, 1, 1, 1, 1)
	err := w.do(func(x *exec.Context) error { x.Actor = member(0); return w.m.RotateSealKey(x, good()) })
	if !codeDuty.Is(err) {
		t.Errorf("nobody signs: %v", err)
	}
}
