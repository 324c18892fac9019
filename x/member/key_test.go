package member

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

const cqcAdmins = "cqc/admin/h1 cqc/admin/h2"

func add(keys ...*memberv1.NewKey) *memberv1.AddKeys { return &memberv1.AddKeys{Keys: keys} }

func TestAddKeys(t *testing.T) {
	l := newLedger(t)
	certifier := l.fresh("cqc", "n1", exec.DutyCertifier, "c9")
	l.refused(do(l, "cqc", "cqc/admin/h1", l.AddKeys, add(certifier)), &codeTwoAdmins)
	l.refused(do(l, "cqc", "cqc/admin/h1 cqc/operator/operator", l.AddKeys, add(certifier)), &codeTwoAdmins)
	l.refused(do(l, "cqc", "cqc/admin/h1 cqm/admin/h2", l.AddKeys, add(certifier)), &codeTwoAdmins)
	l.refused(do(l, "cqc", "cqm/admin/h1 cqm/admin/h2", l.AddKeys, add(certifier)), &codeSignature)
	l.must(do(l, "cqc", cqcAdmins, l.AddKeys, add(certifier)))
	l.emitted(EventKeyAdded, AttrMember, "cqc", AttrKey, l.pub("n1").String(), AttrDuty, "certifier", AttrHolder, "c9", AttrUsableFrom, "2017-06-02T04:00:00Z")
	l.usable("n1", false)
	l.usableAt("n1", noon.Add(delay-1), false)
	l.usableAt("n1", noon.Add(delay), true)

	// One admin is enough for operators, and they do not wait.
	l.later(time.Second)
	l.must(do(l, "cqc", "cqc/admin/h2", l.AddKeys, add(l.fresh("cqc", "n2", exec.DutyOperator, "o9"))))
	l.usable("n2", true)
	l.usableAt("n2", noon, false)
	// The strictest key of a message counts.
	mixed := add(l.fresh("cqc", "n3", exec.DutyOperator, "o9"), l.fresh("cqc", "n4", exec.DutyAdmin, "h3"))
	l.refused(do(l, "cqc", "cqc/admin/h2", l.AddKeys, mixed), &codeTwoAdmins)
	l.must(do(l, "cqc", cqcAdmins, l.AddKeys, mixed))
	l.usable("n3", true)
	l.usable("n4", false)

	// What waits does not sign yet.
	l.refused(do(l, "cqc", "cqc/admin/h1 n4", l.AddKeys, add(l.fresh("cqc", "n5", exec.DutyAdmin, "h4"))), &codeTwoAdmins)
	l.later(delay)
	l.must(do(l, "cqc", "cqc/admin/h1 n4", l.AddKeys, add(l.fresh("cqc", "n5", exec.DutyAdmin, "h1"))))
	// Two keys of one person are one person.
	l.later(delay)
	l.refused(do(l, "cqc", "cqc/admin/h1 n5", l.AddKeys, add(l.fresh("cqc", "n6", exec.DutyAdmin, "h9"))), &codeTwoAdmins)

	// Members that decide nothing have one admin sign.
	l.must(do(l, "maker", "maker/admin/h1", l.AddKeys, add(l.fresh("maker", "m1", exec.DutyAdmin, "h3"))))
	l.usable("m1", false)
	// Regulators are not weaker than those they approve.
	l.refused(do(l, "cnca", "cnca/admin/h1", l.AddKeys, add(l.fresh("cnca", "r1", exec.DutyApprover, "p2"))), &codeTwoAdmins)
}

func TestNewKeyRefused(t *testing.T) {
	l := newLedger(t)
	good := func() *memberv1.NewKey { return l.fresh("cqc", "n1", exec.DutyOperator, "o9") }
	change := func(f func(*memberv1.NewKey)) *memberv1.NewKey { k := good(); f(k); return k }
	offCurve := append([]byte{2}, make([]byte, 32)...)
	for offCurve[32] = 1; ; offCurve[32]++ {
		if _, err := parseKey(offCurve); err != nil {
			break
		}
	}
	for name, c := range map[string]struct {
		key  *memberv1.NewKey
		code *exec.Code
	}{
		"short key":      {change(func(k *memberv1.NewKey) { k.Key = k.Key[:32] }), &codeMalformed},
		"uncompressed":   {change(func(k *memberv1.NewKey) { k.Key[0] = 4 }), &codeMalformed},
		"off the curve":  {change(func(k *memberv1.NewKey) { k.Key = offCurve }), &codePossession},
		"no duty":        {change(func(k *memberv1.NewKey) { k.Duty = 0 }), &codeMalformed},
		"unknown duty":   {change(func(k *memberv1.NewKey) { k.Duty = 5 }), &codeMalformed},
		"negative duty":  {change(func(k *memberv1.NewKey) { k.Duty = -1 }), &codeMalformed},
		"wrapped duty":   {change(func(k *memberv1.NewKey) { k.Duty = 258 }), &codeMalformed},
		"no holder":      {change(func(k *memberv1.NewKey) { k.Holder = "" }), &codeMalformed},
		"a name":         {change(func(k *memberv1.NewKey) { k.Holder = "王 伟" }), &codeMalformed},
		"long holder":    {change(func(k *memberv1.NewKey) { k.Holder = strings.Repeat("a", 41) }), &codeMalformed},
		"newline":        {change(func(k *memberv1.NewKey) { k.Holder = "a\n" }), &codeMalformed},
		"short proof":    {change(func(k *memberv1.NewKey) { k.Proof = k.Proof[:63] }), &codeMalformed},
		"zero proof":     {change(func(k *memberv1.NewKey) { k.Proof = make([]byte, 64) }), &codePossession},
		"mangled proof":  {change(func(k *memberv1.NewKey) { k.Proof[40] ^= 1 }), &codePossession},
		"other duty":     {change(func(k *memberv1.NewKey) { k.Proof = l.proof("cqc", "n1", exec.DutyAdmin) }), &codePossession},
		"other member":   {change(func(k *memberv1.NewKey) { k.Proof = l.proof("cqm", "n1", exec.DutyOperator) }), &codePossession},
		"other key":      {change(func(k *memberv1.NewKey) { k.Proof = l.proof("cqc", "n2", exec.DutyOperator) }), &codePossession},
		"taken":          {l.fresh("cqc", "cqc/operator/operator", exec.DutyOperator, "o9"), &codeKeyTaken},
		"taken by other": {l.fresh("cqc", "cqm/operator/operator", exec.DutyOperator, "o9"), &codeKeyTaken},
		"negative":       {change(func(k *memberv1.NewKey) { k.Key = l.raw("cqc/operator/operator"); k.Key[0] ^= 1 }), &codeKeyTaken},
	} {
		if err := do(l, "cqc", cqcAdmins, l.AddKeys, add(c.key)); !c.code.Is(err) {
			t.Errorf("%s: %v, want %s", name, err, c.code.Name)
		}
	}
	l.refused(do(l, "lab", "lab/admin/h1", l.AddKeys, add(l.fresh("lab", "n1", exec.DutyCertifier, "c"))), &codeDuty)
	l.refused(do(l, "cqc", cqcAdmins, l.AddKeys, add()), &codeMalformed)
	l.refused(do(l, "cqc", cqcAdmins, l.AddKeys, add(good(), good())), &codeMalformed)
	l.refused(do(l, "cqc", cqcAdmins, l.AddKeys, add(good(), change(func(k *memberv1.NewKey) { k.Key[0] ^= 1 }))), &codeMalformed)
	l.refused(do(l, "cqc", cqcAdmins, l.AddKeys, add(good(), good(), good(), good(), good(), good(), good(), good(), good())), &codeMalformed)
	l.must(do(l, "cqc", cqcAdmins, l.AddKeys, add(good())))
	l.refused(do(l, "cqc", cqcAdmins, l.AddKeys, add(good())), &codeKeyTaken)

	broken := New(fixedParams{err: errors.New("no parameter")})
	c := &exec.Context{Block: l.block, Store: store.NewBranch(l.state), Actor: "cqc", Signers: []exec.Signer{
		{Member: "cqc", Key: l.pub("cqc/admin/h1"), Duty: exec.DutyAdmin, Holder: "h1"}, {Member: "cqc", Key: l.pub("cqc/admin/h2"), Duty: exec.DutyAdmin, Holder: "h2"}}}
	if err := broken.AddKeys(c, add(l.fresh("cqc", "n7", exec.DutyAdmin, "h7"))); err == nil || err.Error() != "no parameter" {
		t.Errorf("the parameter's fault is lost: %v", err)
	}
}

func TestTooManyKeys(t *testing.T) {
	l := newLedger(t)
	var err error
	n := 2
	for i := 0; err == nil; i++ {
		if err = do(l, "cqc", cqcAdmins, l.AddKeys, add(l.fresh("cqc", "many"+string(rune('A'+i)), exec.DutyAdmin, "h"))); err == nil {
			n++
		}
	}
	l.refused(err, &codeTooManyKeys)
	if n != 32 {
		t.Errorf("%d admin keys", n)
	}
	l.must(do(l, "cqc", "cqc/admin/h1", l.CancelPendingKey, &memberv1.CancelPendingKey{Key: l.raw("manyA")}))
	l.must(do(l, "cqc", cqcAdmins, l.AddKeys, add(l.fresh("cqc", "again", exec.DutyAdmin, "h"))))
	// At the limit, keys can be rotated still.
	l.must(do(l, "cqc", cqcAdmins, l.RotateKey, l.rotation("cqc", "cqc/admin/h1", "again2", exec.DutyAdmin)))
	l.must(do(l, "cqc", "cqc/admin/h1", l.CancelPendingKey, &memberv1.CancelPendingKey{Key: l.raw("again2")}))
}

func (l *ledger) rotation(member, old, fresh string, duty exec.Duty) *memberv1.RotateKey {
	l.Helper()
	return &memberv1.RotateKey{OldKey: l.raw(old), NewKey: l.raw(fresh), Proof: l.proof(member, fresh, duty)}
}

func TestCancelPendingKey(t *testing.T) {
	l := newLedger(t)
	cancel := func(actor, signer, key string) error {
		return do(l, actor, signer, l.CancelPendingKey, &memberv1.CancelPendingKey{Key: l.raw(key)})
	}
	l.must(do(l, "cqc", cqcAdmins, l.AddKeys, add(
		l.fresh("cqc", "n1", exec.DutyAdmin, "h3"), l.fresh("cqc", "n2", exec.DutyAdmin, "h4"), l.fresh("cqc", "n3", exec.DutyApprover, "p2"))))
	l.later(time.Hour)
	l.refused(cancel("cqc", "cqc/operator/operator", "n1"), &codeSignature)
	l.refused(cancel("cqc", "n1", "n1"), &codeSignature)
	l.refused(cancel("cqm", "cqm/admin/h1", "n1"), &codeForeignKey)
	l.refused(cancel("cqc", "cqc/admin/h1", "nobody"), &codeUnknownKey)
	l.refused(cancel("cqc", "cqc/admin/h1", "cqc/operator/operator"), &codeKeyState)
	l.refused(do(l, "cqc", "cqc/admin/h1", l.CancelPendingKey, &memberv1.CancelPendingKey{}), &codeMalformed)
	l.must(cancel("cqc", "cqc/admin/h2", "n1"))
	l.emitted(EventKeyCancelled, AttrKey, l.pub("n1").String())
	l.refused(cancel("cqc", "cqc/admin/h2", "n1"), &codeKeyState)
	l.later(delay)
	l.usable("n1", false)
	l.usable("n2", true)
	l.refused(cancel("cqc", "cqc/admin/h2", "n2"), &codeKeyState)
	l.must(cancelled(l, "n1"))
}

// cancelled returns nil if the record of a key says that it was cancelled.
func cancelled(l *ledger, name string) error {
	k, _, err := l.KeyRecord(l.state, l.pub(name))
	if err == nil && k.End.Reason != EndCancelled {
		err = errors.New(name + " was not cancelled")
	}
	return err
}

func TestRevokeKey(t *testing.T) {
	l := newLedger(t)
	revoke := func(actor, signer, key string) error {
		return do(l, actor, signer, l.RevokeKey, &memberv1.RevokeKey{Key: l.raw(key)})
	}
	l.later(time.Hour)
	l.refused(revoke("cqc", "cqc/approver/approver", "cqc/operator/operator"), &codeSignature)
	l.refused(revoke("cqm", "cqm/admin/h1", "cqc/operator/operator"), &codeForeignKey)
	l.refused(revoke("cqm", "cqm/admin/h1", "nobody"), &codeUnknownKey)
	l.refused(do(l, "cqc", "cqc/admin/h1", l.RevokeKey, &memberv1.RevokeKey{Key: []byte{2}}), &codeMalformed)
	l.must(revoke("cqc", "cqc/admin/h1", "cqc/certifier/certifier"))
	l.emitted(EventKeyRevoked, AttrMember, "cqc", AttrKey, l.pub("cqc/certifier/certifier").String(), AttrDuty, "certifier", AttrBy, "cqc")
	l.usable("cqc/certifier/certifier", false)
	l.usableAt("cqc/certifier/certifier", l.block.Time.Add(-1), true) // its history stays
	l.refused(revoke("cqc", "cqc/admin/h1", "cqc/certifier/certifier"), &codeKeyState)

	// Two people hold admin keys of a certification body.
	l.refused(revoke("cqc", "cqc/admin/h1", "cqc/admin/h2"), &codeAdminsTooFew)
	l.refused(revoke("cqc", "cqc/admin/h1", "cqc/admin/h1"), &codeAdminsTooFew)
	l.must(do(l, "cqc", cqcAdmins, l.AddKeys, add(l.fresh("cqc", "n1", exec.DutyAdmin, "h1"), l.fresh("cqc", "n2", exec.DutyAdmin, "h3"))))
	l.refused(revoke("cqc", "cqc/admin/h1", "n1"), &codeKeyState)               // it waits: cancel it
	l.refused(revoke("cqc", "cqc/admin/h1", "cqc/admin/h2"), &codeAdminsTooFew) // those that wait do not count
	l.later(delay)
	l.must(revoke("cqc", "n1", "cqc/admin/h2"))
	l.refused(revoke("cqc", "n1", "n2"), &codeAdminsTooFew) // h1 twice is one
	l.must(revoke("cqc", "n1", "cqc/admin/h1"))
	l.refused(revoke("cqc", "n2", "n1"), &codeAdminsTooFew)
	l.refused(revoke("cqc", "cqc/admin/h1", "cqc/operator/operator"), &codeSignature) // dead

	// Others keep one.
	l.must(revoke("maker", "maker/admin/h1", "maker/admin/h2"))
	l.refused(revoke("maker", "maker/admin/h1", "maker/admin/h1"), &codeAdminsTooFew)
}

// A key that an earlier message of the transaction ended counts for a later one:
// both were signed as a whole. The next transaction is not authenticated.
func TestEndedWithinTransaction(t *testing.T) {
	l := newLedger(t)
	b := store.NewBranch(l.state)
	c := &exec.Context{Block: l.block, Store: b, Actor: "cqc"}
	for _, h := range []string{"h1", "h2"} {
		c.Signers = append(c.Signers, exec.Signer{Member: "cqc", Key: l.pub("cqc/admin/" + h), Duty: exec.DutyAdmin, Holder: h})
	}
	l.must(l.ReportCompromise(c, &memberv1.ReportCompromise{Key: l.raw("cqc/admin/h1"), Since: noon.Unix()}))
	l.must(l.AddKeys(c, add(l.fresh("cqc", "n1", exec.DutyAdmin, "h3"))))
	if err := Check(b); err != nil {
		t.Error(err)
	}
	f, _, err := l.Key(b, l.pub("cqc/admin/h1"), l.block.Time)
	if err != nil || f.Usable {
		t.Errorf("the key that was ended: %+v, %v", f, err)
	}
}

func TestRotateKey(t *testing.T) {
	l := newLedger(t)
	rotate := func(signers, old, fresh string, duty exec.Duty) error {
		return do(l, "cqc", signers, l.RotateKey, l.rotation("cqc", old, fresh, duty))
	}
	l.later(time.Hour)
	at := l.block.Time
	// An operator's key goes at once.
	l.must(rotate("cqc/admin/h1", "cqc/operator/operator", "o2", exec.DutyOperator))
	l.emitted(EventKeyAdded, AttrKey, l.pub("o2").String(), AttrReplaces, l.pub("cqc/operator/operator").String(), AttrHolder, "operator")
	l.emitted(EventKeyRotated, AttrKey, l.pub("cqc/operator/operator").String())
	l.usable("cqc/operator/operator", false)
	l.usable("o2", true)

	// An admin's waits, and the old one lives until then.
	l.refused(rotate("cqc/admin/h1", "cqc/admin/h1", "a2", exec.DutyAdmin), &codeTwoAdmins)
	l.refused(rotate(cqcAdmins, "cqc/admin/h1", "a2", exec.DutyOperator), &codePossession)
	l.refused(rotate(cqcAdmins, "cqm/admin/h1", "a2", exec.DutyAdmin), &codeForeignKey)
	l.refused(rotate(cqcAdmins, "nobody", "a2", exec.DutyAdmin), &codeUnknownKey)
	l.refused(rotate(cqcAdmins, "cqc/admin/h1", "cqc/admin/h1", exec.DutyAdmin), &codeMalformed)
	l.refused(rotate(cqcAdmins, "cqc/admin/h1", "cqm/admin/h1", exec.DutyAdmin), &codeKeyTaken)
	l.refused(do(l, "cqc", cqcAdmins, l.RotateKey, &memberv1.RotateKey{OldKey: l.raw("cqc/admin/h1"), NewKey: l.raw("a2")}), &codeMalformed)
	l.refused(do(l, "cqc", cqcAdmins, l.RotateKey, &memberv1.RotateKey{OldKey: l.raw("cqc/admin/h1")}), &codeMalformed)
	l.refused(do(l, "cqc", cqcAdmins, l.RotateKey, &memberv1.RotateKey{}), &codeMalformed)
	l.must(rotate(cqcAdmins, "cqc/admin/h1", "a2", exec.DutyAdmin))
	l.refused(rotate(cqcAdmins, "cqc/admin/h1", "a3", exec.DutyAdmin), &codeKeyState)
	l.refused(rotate(cqcAdmins, "a2", "a3", exec.DutyAdmin), &codeKeyState)
	l.refused(rotate(cqcAdmins, "cqc/operator/operator", "o3", exec.DutyOperator), &codeKeyState)
	l.usableAt("cqc/admin/h1", at.Add(delay-1), true)
	l.usableAt("cqc/admin/h1", at.Add(delay), false)
	l.usableAt("a2", at.Add(delay-1), false)
	l.usableAt("a2", at.Add(delay), true)

	// Cancelled, the old one goes on, and can be rotated again.
	l.later(time.Hour)
	l.must(do(l, "cqc", "cqc/admin/h2", l.CancelPendingKey, &memberv1.CancelPendingKey{Key: l.raw("a2")}))
	l.later(delay)
	l.usable("cqc/admin/h1", true)
	l.usable("a2", false)
	l.must(rotate(cqcAdmins, "cqc/admin/h1", "a3", exec.DutyAdmin))
	// h2 cannot be revoked: h1 is one person, with the old or the new key.
	l.refused(do(l, "cqc", "cqc/admin/h1", l.RevokeKey, &memberv1.RevokeKey{Key: l.raw("cqc/admin/h2")}), &codeAdminsTooFew)
	l.refused(do(l, "cqc", "cqc/admin/h1", l.RevokeKey, &memberv1.RevokeKey{Key: l.raw("cqc/admin/h1")}), &codeAdminsTooFew)
	l.later(delay)
	l.must(do(l, "cqc", "a3 cqc/admin/h2", l.AddKeys, add(l.fresh("cqc", "n1", exec.DutyAdmin, "h3"))))

	// The old key is revoked while the new one waits: cancelling does not bring
	// it back.
	l.later(delay)
	l.must(rotate("a3 n1", "cqc/approver/approver", "p2", exec.DutyApprover))
	l.must(do(l, "cqc", "a3", l.RevokeKey, &memberv1.RevokeKey{Key: l.raw("cqc/approver/approver")}))
	l.usable("cqc/approver/approver", false)
	l.must(do(l, "cqc", "a3", l.CancelPendingKey, &memberv1.CancelPendingKey{Key: l.raw("p2")}))
	l.usable("cqc/approver/approver", false)

	// So it is when it is reported compromised.
	l.must(rotate("a3 n1", "cqc/certifier/certifier", "c2", exec.DutyCertifier))
	l.must(do(l, "cqc", "a3", l.ReportCompromise, &memberv1.ReportCompromise{Key: l.raw("cqc/certifier/certifier"), Since: noon.Unix() + 1}))
	l.usable("cqc/certifier/certifier", false)
	l.later(delay)
	l.usable("c2", true)

	// If it is the new key that was in other hands, the old one goes on.
	l.must(rotate("a3 n1", "cqc/admin/h2", "a4", exec.DutyAdmin))
	l.must(do(l, "cqc", "a3", l.ReportCompromise, &memberv1.ReportCompromise{Key: l.raw("a4"), Since: l.block.Time.Unix()}))
	l.later(delay)
	l.usable("a4", false)
	l.usable("cqc/admin/h2", true)
}

func TestReportCompromise(t *testing.T) {
	l := newLedger(t)
	report := func(actor, signer, key string, since time.Time) error {
		return do(l, actor, signer, l.ReportCompromise, &memberv1.ReportCompromise{Key: l.raw(key), Since: since.Unix()})
	}
	since := func(key string) time.Time {
		at, ok, err := l.CompromisedSince(l.state, l.pub(key))
		l.must(err)
		if ok == at.IsZero() {
			t.Errorf("%s: %v, %v", key, at, ok)
		}
		return at
	}
	l.later(time.Hour)
	const key = "cqc/certifier/certifier"
	l.refused(report("cqc", key, key, noon), &codeSignature)
	l.refused(report("cqm", "cqm/admin/h1", key, noon), &codeForeignKey)
	l.refused(report("cqc", "cqc/admin/h1", "nobody", noon), &codeUnknownKey)
	l.refused(report("cqc", "cqc/admin/h1", key, l.block.Time.Add(time.Second)), &codeCompromiseTime)
	l.refused(report("cqc", "cqc/admin/h1", key, time.Unix(0, 0)), &codeMalformed)
	l.refused(report("cqc", "cqc/admin/h1", key, time.Unix(1<<62, 0)), &codeMalformed)
	if !since(key).IsZero() || !since("nobody").IsZero() {
		t.Error("compromised before the report")
	}
	l.must(report("cqc", "cqc/admin/h1", key, noon))
	l.emitted(EventKeyCompromised, AttrKey, l.pub(key).String(), AttrSince, "2017-06-01T04:00:00Z", AttrBy, "cqc")
	l.usable(key, false)
	l.usableAt(key, l.block.Time.Add(-1), true) // usable then, and flagged
	if !since(key).Equal(noon) {
		t.Errorf("since %s", since(key))
	}
	// The time moves back only.
	l.refused(report("cqc", "cqc/admin/h1", key, noon), &codeCompromiseTime)
	l.must(report("cqc", "cqc/admin/h1", key, noon.Add(-time.Hour)))

	// A key that ended earlier is flagged and keeps its end.
	l.must(do(l, "cqc", "cqc/admin/h1", l.RevokeKey, &memberv1.RevokeKey{Key: l.raw("cqc/operator/operator")}))
	l.later(time.Hour)
	l.must(report("cqc", "cqc/admin/h1", "cqc/operator/operator", noon))
	if k, _, _ := l.KeyRecord(l.state, l.pub("cqc/operator/operator")); k.End.Reason != EndRevoked || k.End.At.Equal(l.block.Time) {
		t.Errorf("the end is now %+v", k.End)
	}

	// Not before it was registered; a key that waits never comes to life.
	l.must(do(l, "cqc", cqcAdmins, l.AddKeys, add(l.fresh("cqc", "n1", exec.DutyAdmin, "h3"))))
	l.refused(report("cqc", "cqc/admin/h1", "n1", l.block.Time.Add(-time.Second)), &codeCompromiseTime)
	l.must(report("cqc", "cqc/admin/h1", "n1", l.block.Time))
	l.later(delay)
	l.usable("n1", false)

	// A report is not refused for the admins that are left. What then remains
	// cannot register a key that decides; governance helps.
	l.must(report("cqc", "cqc/admin/h1", "cqc/admin/h2", l.block.Time))
	l.refused(do(l, "cqc", "cqc/admin/h1", l.AddKeys, add(l.fresh("cqc", "n2", exec.DutyAdmin, "h3"))), &codeTwoAdmins)
	l.must(report("cqc", "cqc/admin/h1", "cqc/admin/h1", l.block.Time))
	l.refused(report("cqc", "cqc/admin/h1", "cqc/approver/approver", l.block.Time), &codeSignature)
	l.must(govern(l, l.ApplyDeclareCompromise, &memberv1.DeclareCompromise{Key: l.raw("cqc/approver/approver"), Since: noon.Unix()}))
	l.usable("cqc/approver/approver", false)
	l.refused(govern(l, l.ApplyDeclareCompromise, &memberv1.DeclareCompromise{Key: l.raw("nobody"), Since: noon.Unix()}), &codeUnknownKey)
	l.refused(govern(l, l.ApplyDeclareCompromise, &memberv1.DeclareCompromise{Key: l.raw("nobody")}), &codeMalformed)

	l.later(time.Hour)
	l.must(govern(l, l.ApplyRecoverKeys, &memberv1.RecoverKeys{Member: "cqc", Keys: []*memberv1.NewKey{
		l.fresh("cqc", "r1", exec.DutyAdmin, "h1"), l.fresh("cqc", "r2", exec.DutyAdmin, "h2")}}))
	l.must(do(l, "cqc", "r1 r2", l.AddKeys, add(l.fresh("cqc", "r3", exec.DutyCertifier, "c"))))
}

func TestRecoverKeys(t *testing.T) {
	l := newLedger(t)
	l.must(do(l, "cqc", cqcAdmins, l.AddKeys, add(l.fresh("cqc", "waits", exec.DutyAdmin, "h3"))))
	l.must(do(l, "cqc", cqcAdmins, l.RotateKey, l.rotation("cqc", "cqc/admin/h1", "follows", exec.DutyAdmin)))
	r1, r2 := l.fresh("cqc", "r1", exec.DutyAdmin, "h1"), l.fresh("cqc", "r2", exec.DutyAdmin, "h2")
	recover := func(member string, keys ...*memberv1.NewKey) error {
		return govern(l, l.ApplyRecoverKeys, &memberv1.RecoverKeys{Member: member, Keys: keys})
	}
	l.later(time.Hour)
	l.refused(recover("cqc"), &codeMalformed)
	l.refused(recover("CQC", r1, r2), &codeMalformed)
	l.refused(recover("cqc", r1), &codeAdminsTooFew)
	l.refused(recover("cqc", r1, l.fresh("cqc", "r2", exec.DutyAdmin, "h1")), &codeAdminsTooFew)
	l.refused(recover("cqc", r1, l.fresh("cqc", "r2", exec.DutyOperator, "h2")), &codeMalformed)
	l.refused(recover("cqc", r1, l.fresh("cqm", "r2", exec.DutyAdmin, "h2")), &codePossession)
	l.refused(recover("cqc", r1, l.fresh("cqc", "cqc/admin/h2", exec.DutyAdmin, "h2")), &codeKeyTaken)
	l.refused(recover("nobody", r1, r2), &codeUnknownMember)
	l.must(recover("cqc", r1, r2))
	l.emitted(EventKeysRecovered, AttrMember, "cqc")
	l.usable("r1", true)
	l.usable("cqc/operator/operator", true)
	l.later(2 * delay)
	for _, dead := range []string{"cqc/admin/h1", "cqc/admin/h2", "waits", "follows"} {
		l.usable(dead, false)
	}
	l.must(govern(l, l.ApplyRemoveMember, &memberv1.RemoveMember{Member: "cqc", Reason: "ended"}))
	l.refused(recover("cqc", l.fresh("cqc", "r3", exec.DutyAdmin, "h1"), l.fresh("cqc", "r4", exec.DutyAdmin, "h2")), &codeStanding)
}

func TestReserveKey(t *testing.T) {
	l := newLedger(t)
	reserve := func(key []byte) error {
		return do(l, "cqc", "", func(c *exec.Context, key []byte) error { return l.ReserveKey(c, "cqc", "consensus", key) }, key)
	}
	taken := func(key []byte, want bool) {
		t.Helper()
		got, err := l.KeyTaken(l.state, key)
		l.must(err)
		if got != want {
			t.Errorf("%x is taken: %v", key, got)
		}
	}
	ed := []byte(strings.Repeat("e", 32))
	taken(ed, false)
	l.must(reserve(ed))
	taken(ed, true)
	l.refused(reserve(ed), &codeKeyTaken)
	l.refused(reserve(nil), &codeMalformed)
	l.refused(reserve(make([]byte, 65)), &codeMalformed)
	l.refused(reserve(l.raw("cqc/admin/h1")), &codeKeyTaken)
	l.must(reserve(l.raw("sealing")))
	l.refused(do(l, "cqc", "cqc/admin/h1", l.AddKeys, add(l.fresh("cqc", "sealing", exec.DutyOperator, "o"))), &codeKeyTaken)

	// The negative key has the same secret, but for its sign.
	privates["negative"] = negate(t, private(t, "cqc/admin/h1"))
	negative := l.raw("negative")
	if string(negative[1:]) != string(l.raw("cqc/admin/h1")[1:]) {
		t.Fatal("that is not the negative")
	}
	if err := seal.VerifyPossession(seal.Possession{ChainID: chain, Member: "cqc", Purpose: Purpose(exec.DutyOperator), Key: Key(negative)}, l.proof("cqc", "negative", exec.DutyOperator)); err != nil {
		t.Fatal(err)
	}
	taken(negative, true)
	l.refused(reserve(negative), &codeKeyTaken)
	l.refused(do(l, "cqc", "cqc/admin/h1", l.AddKeys, add(l.fresh("cqc", "negative", exec.DutyOperator, "o"))), &codeKeyTaken)

	// At genesis the same reservation may come twice.
	l.must(l.ReserveGenesisKey(l.state, "cqc", "seal", l.raw("g")))
	l.must(l.ReserveGenesisKey(l.state, "cqc", "seal", l.raw("g")))
	l.refused(l.ReserveGenesisKey(l.state, "cqc", "consensus", l.raw("g")), &codeKeyTaken)
	l.refused(l.ReserveGenesisKey(l.state, "cqm", "seal", l.raw("g")), &codeKeyTaken)
}
