package member

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// seen is an answer about the past, asked for when it had just become the past.
type seen struct {
	key  Key
	at   time.Time
	day  civil.Date
	want bool
}

// TestWalk lets a certification body, an accreditation body and the regulators
// do whatever comes. The invariants hold after each step (see do); enough people
// can sign as admins at any time, unless one was reported compromised; what is
// dead stays dead; and no answer about the past ever changes.
func TestWalk(t *testing.T) {
	pool := make([]string, 14) // of new keys, each of one use
	for i := range pool {
		pool[i] = fmt.Sprintf("walk%d", i)
	}
	rapid.Check(t, func(r *rapid.T) {
		l := newLedger(t)
		names := []string{"cqc/admin/h1", "cqc/admin/h2", "cqc/operator/operator", "cqc/certifier/certifier", "cqc/approver/approver"}
		next := 0
		var past []seen
		compromised := false
		for range 25 {
			l.later(rapid.SampledFrom([]time.Duration{time.Second, 5 * time.Hour, delay, 30 * time.Hour}).Draw(r, "later"))
			signers := rapid.SampledFrom([]string{"all", "one"}).Draw(r, "signers")
			admins := ""
			for _, n := range names { // whoever can
				if f, ok, _ := l.Module.Key(l.state, l.pub(n), l.block.Time); ok && f.Duty == exec.DutyAdmin && (signers == "all" || admins == "") {
					admins += n + " "
				}
			}
			key := rapid.SampledFrom(names).Draw(r, "key")
			grant := rapid.Uint64Range(0, 4).Draw(r, "grant")
			fresh := func(f func(name string) error) error {
				if next == len(pool) {
					return nil
				}
				name := pool[next]
				err := f(name)
				if err == nil {
					names = append(names, name)
					next++
				}
				return err
			}
			var err error
			switch op := rapid.IntRange(0, 12).Draw(r, "op"); op {
			case 0, 1:
				duty := rapid.SampledFrom(allDuties).Draw(r, "duty")
				holder := rapid.SampledFrom([]string{"h1", "h2", "h3"}).Draw(r, "holder")
				err = fresh(func(n string) error { return do(l, "cqc", admins, l.AddKeys, add(l.fresh("cqc", n, duty, holder))) })
			case 2, 3:
				err = fresh(func(n string) error {
					k, _, _ := l.KeyRecord(l.state, l.pub(key))
					return do(l, "cqc", admins, l.RotateKey, l.rotation("cqc", key, n, k.Duty))
				})
			case 4:
				err = do(l, "cqc", admins, l.CancelPendingKey, &memberv1.CancelPendingKey{Key: l.raw(key)})
			case 5, 6:
				err = do(l, "cqc", admins, l.RevokeKey, &memberv1.RevokeKey{Key: l.raw(key)})
			case 7:
				if rapid.IntRange(0, 3).Draw(r, "rarely") > 0 {
					continue
				}
				if err = do(l, "cqc", admins, l.ReportCompromise, &memberv1.ReportCompromise{Key: l.raw(key), Since: l.block.Time.Unix()}); err == nil {
					compromised = true
				}
			case 8:
				err = govern(l, l.ApplyApproveSchemes, &memberv1.ApproveSchemes{Body: "cqc", Schemes: []string{"A01"}, From: int32(l.block.Today()), Until: int32(l.block.Today()) + 5})
			case 9:
				err = govern(l, l.ApplyRevokeApproval, &memberv1.RevokeApproval{Body: "cqc", Grant: grant, Reason: "r"})
			case 10:
				err = govern(l, l.ApplyRestrictApproval, &memberv1.RestrictApproval{Body: "cqc", Grant: grant, Schemes: []string{"A0101"}, Reason: "r"})
			case 11, 12:
				err = steps(l, "cqc")[Change(rapid.IntRange(2, 4).Draw(r, "change"))]()
			}
			if err != nil {
				if _, ok := exec.AsRefusal(err); !ok {
					r.Fatal(err)
				}
			}

			n, err := adminHolders(l.state, "cqc", l.block.Time, Key{})
			l.must(err)
			if n < 2 && !compromised {
				r.Fatalf("%d people can sign as admins", n)
			}
			for _, name := range names {
				f, _, err := l.Module.Key(l.state, l.pub(name), l.block.Time)
				l.must(err)
				past = append(past, seen{key: l.pub(name), at: l.block.Time, want: f.Usable})
			}
			yesterday := l.block.Today() - 1
			covered, err := l.Covers(l.state, "cqc", "A010101", yesterday)
			l.must(err)
			past = append(past, seen{day: yesterday, want: covered})
		}
		for _, p := range past {
			got, err := l.Covers(l.state, "cqc", "A010101", p.day)
			if p.day == 0 {
				var f KeyFacts
				f, _, err = l.Module.Key(l.state, p.key, p.at)
				got = f.Usable
			}
			l.must(err)
			if got != p.want {
				r.Fatalf("the answer for key %s at %s, day %s, was %v", p.key, p.at, p.day, p.want)
			}
		}
	})
}
