package validator

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func TestSetValidatorsRefuses(t *testing.T) {
	type changes = []*validatorv1.Change
	edit := func(c *validatorv1.Change, f func(*validatorv1.AddValidator)) *validatorv1.Change {
		f(c.GetAdd())
		return c
	}
	used, _ := sealKeyOf(t, 77)
	for _, c := range []struct {
		what    string
		changes changes
		want    *exec.Code
	}{
		{"nothing", nil, &codeMalformed},
		{"too many", make(changes, maxSteps+1), &codeMalformed},
		{"an empty change", changes{{}}, &codeMalformed},
		{"nil", changes{nil}, &codeMalformed},
		{"nil within", changes{{Change: &validatorv1.Change_Add{}}, {Change: &validatorv1.Change_Remove{}}}, &codeMalformed},
		{"no name", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) { a.Name = "" })}, &codeMalformed},
		{"a bad name", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) { a.Name = "-ab" })}, &codeMalformed},
		{"a name with a zero byte", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) { a.Name = "a\x00b" })}, &codeMalformed},
		{"a long name", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) { a.Name = strings.Repeat("a", 41) })}, &codeMalformed},
		{"a bad member", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) { a.Member = "Member" })}, &codeMalformed},
		{"no power", changes{adding(t, 9, 9, 0)}, &codeMalformed},
		{"power 0", changes{powering(0, 0)}, &codeMalformed},
		{"much power", changes{powering(0, MaxTotal+1)}, &codeMalformed},
		{"a power that is negative in 64 bits", changes{adding(t, 9, 9, 1<<63)}, &codeMalformed},
		{"a short consensus key", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) { a.ConsensusKey = a.ConsensusKey[1:] })}, &codeMalformed},
		{"a long seal key", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) { a.SealKey = append(a.SealKey, 0) })}, &codeMalformed},
		{"no proof", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) { a.SealProof = nil })}, &codeMalformed},
		{"twice the same", changes{powering(0, 11), powering(0, 12)}, &codeMalformed},
		{"removed twice", changes{removing(0), removing(0)}, &codeMalformed},
		{"removed and back", changes{removing(0), adding(t, 0, 9, 10)}, &codeMalformed},
		{"added and changed", changes{adding(t, 9, 9, 1), powering(9, 2)}, &codeMalformed},
		{"changed and removed", changes{powering(0, 11), removing(0)}, &codeMalformed},

		{"unknown, removed", changes{removing(9)}, &codeUnknown},
		{"unknown, powered", changes{powering(9, 1)}, &codeUnknown},
		{"unknown, consensus key", changes{consensusing(9, 9)}, &codeUnknown},
		{"unknown, seal key", changes{sealing(t, 9, 9, 9)}, &codeUnknown},
		{"exists", changes{adding(t, 0, 9, 1)}, &codeExists},
		{"the member may not", changes{adding(t, 8, 9, 1)}, &codeNotEligible},
		{"raised, the member may not", changes{powering(3, 11)}, &codeNotEligible},
		{"a key for a member that may not", changes{consensusing(3, 9)}, &codeNotEligible},
		{"a neutral consensus key", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) { a.ConsensusKey = append([]byte{1}, make([]byte, 31)...) })}, &codeConsensusKey},
		{"the consensus key of another", changes{consensusing(0, 1)}, &codeKeyUsed},
		{"the same consensus key", changes{consensusing(0, 0)}, &codeNoChange},
		{"the seal key of another", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) { k, _ := sealKeyOf(t, 1); a.SealKey = k[:] })}, &codeKeyUsed},
		{"the same seal key", changes{sealing(t, 0, 0, 0)}, &codeNoChange},
		{"a member's key", changes{sealing(t, 0, 0, 77)}, &codeTaken},
		{"one new key for two", changes{consensusing(0, 9), consensusing(1, 9)}, &codeKeyUsed},
		{"the same power", changes{powering(0, 10)}, &codeNoChange},
		{"a proof for another consensus key", changes{sealing(t, 0, 1, 9)}, &codeProof},
		{"a proof for another member", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) { a.Member = member(7) })}, &codeProof},
		{"not a point", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) {
			a.SealKey = append([]byte{2}, bytes.Repeat([]byte{0xff}, 32)...)
		})}, &codeProof},
		{"an uncompressed seal key", changes{edit(adding(t, 9, 9, 1), func(a *validatorv1.AddValidator) { a.SealKey[0] = 4 })}, &codeProof},
		{"empty", changes{removing(0), removing(1), removing(2), removing(3)}, &codeSet},
		{"too strong", changes{powering(0, MaxTotal-29)}, &codePower},
	} {
		w := newWorld(t, 10, 10, 10, 10)
		w.members.barred = []string{member(3), member(8)}
		w.members.keys = [][33]byte{used}
		before := w.state.Root()
		if err := w.m.Validate(&validatorv1.SetValidators{Changes: c.changes}); (err != nil) != (c.want == &codeMalformed) {
			t.Errorf("%s: by its form: %v", c.what, err)
		}
		if err := w.set(false, c.changes...); !c.want.Is(err) {
			t.Errorf("%s: %v, want %s", c.what, err, c.want.Name)
		}
		if w.state.Root() != before || len(w.events) > 0 {
			t.Errorf("%s: something was written", c.what)
		}
	}
	small := newWorld(t, 10, 10, 10)
	if err := small.set(true, powering(0, MaxTotal-19)); !codeSet.Is(err) {
		t.Errorf("too much power: %v", err)
	}
	if err := small.set(true, removing(0), removing(1), removing(2)); !codeSet.Is(err) {
		t.Errorf("an empty set by exemption: %v", err)
	}
	var crowd changes
	for i := range MaxValidators {
		crowd = append(crowd, adding(t, 100+i, 100+i, 1))
	}
	if err := small.set(true, crowd...); !codeSet.Is(err) {
		t.Errorf("too many: %v", err)
	}
	if err := small.set(true, crowd[:MaxValidators-3]...); err != nil {
		t.Errorf("just not too many: %v", err)
	}
	small.runTo(22)
}

// A validator whose member may not run one any more can be lowered and removed.
func TestBarredMemberGoes(t *testing.T) {
	w := newWorld(t, 10, 10, 10, 10)
	w.members.barred = []string{member(0)}
	if err := w.set(false, powering(0, 5)); err != nil {
		t.Error(err)
	}
	if err := w.set(false, removing(0)); err != nil {
		t.Error(err)
	}
	w.runTo(43)
	if _, ok := w.set0().Find(name(0)); ok {
		t.Error("it is still there")
	}
}

// A key is registered once, ever: not again after its validator ended, nor for
// another.
func TestKeysServeOnce(t *testing.T) {
	w := newWorld(t, 10, 10, 10, 10)
	if err := w.set(false, removing(0)); err != nil {
		t.Fatal(err)
	}
	w.runTo(100)
	if err := w.set(false, adding(t, 0, 0, 10)); !codeKeyUsed.Is(err) {
		t.Errorf("an old consensus key: %v", err)
	}
	again := adding(t, 0, 20, 10)
	old, private := sealKeyOf(t, 0)
	again.GetAdd().SealKey = old[:]
	again.GetAdd().SealProof = proofOf(t, private, member(0), consensusKeyOf(20))
	if err := w.set(false, again); !codeKeyUsed.Is(err) {
		t.Errorf("an old seal key: %v", err)
	}
	if err := w.set(false, adding(t, 0, 21, 10)); err != nil { // the name may come back
		t.Error(err)
	}
	for _, n := range []int{0, 21} {
		k, _ := sealKeyOf(t, n)
		r, ok, err := w.m.SealKey(w.state, k)
		if err != nil || !ok || r.Validator != name(0) || r.Registered != map[int]uint64{0: 0, 21: 100}[n] {
			t.Errorf("%+v, %v, %v", r, ok, err)
		}
		c, ok, err := w.m.ConsensusKey(w.state, consensusKeyOf(n))
		if err != nil || !ok || c.Member != member(0) || c.Registered != r.Registered {
			t.Errorf("%+v, %v, %v", c, ok, err)
		}
	}
	all := map[string]int{}
	err := w.m.Keys(w.state, func(member, purpose string, key []byte) error {
		all[purpose]++
		return nil
	})
	if err != nil || all[PurposeConsensus] != 5 || all[PurposeSeal] != 5 {
		t.Errorf("%v, %v", all, err)
	}
}

func TestValidateOthers(t *testing.T) {
	if err := new(Module).Validate(&validatorv1.Set{}); err == nil {
		t.Error("a message of nobody's")
	} else if _, ok := exec.AsRefusal(err); ok {
		t.Error(err)
	}
}

// What the members' side cannot answer is a fault, not a refusal.
func TestFaults(t *testing.T) {
	w := newWorld(t, 10, 10, 10, 10)
	w.members.fault = errors.New("disk")
	for _, err := range []error{
		w.set(false, adding(t, 4, 4, 1)), w.set(false, sealing(t, 0, 0, 9)), w.rotate(0, 9),
	} {
		if !errors.Is(err, w.members.fault) {
			t.Errorf("%v", err)
		}
		if _, ok := exec.AsRefusal(err); ok {
			t.Errorf("%v is a refusal", err)
		}
	}
}
