package certificate

import (
	"fmt"
	"math/rand"
	"testing"

	"google.golang.org/protobuf/proto"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// powerBanks is how many CCC certificates were suspended at once in July 2025.
const powerBanks = 8756

// powerBank returns the number of the i-th certificate.
func powerBank(i int) string { return fmt.Sprintf("20230109%08d", 11000000+i) }

// stocked returns a world with n certificates for power banks, in July 2025.
func stocked(t testing.TB, n int) *world {
	w := newWorld(t, "2025-06-27")
	w.state, w.unchecked = store.NewBranch(nothing{}), true
	for i := range n {
		w.issue(rules.CCC, powerBank(i))
	}
	return w
}

// suspension returns the row of the i-th certificate.
func (w *world) suspension(i int) *certificatev1.Suspend {
	return &certificatev1.Suspend{Number: powerBank(i), Decided: w.day(), Reason: "0202", Until: int32(w.today().AddMonths(12))}
}

// bulk runs messages on one branch, each done or refused by itself, as mode “each”
// does, and returns how many were refused.
func (w *world) bulk(rw store.ReadWriter, list []*certificatev1.Suspend) (refused int) {
	w.height++
	signers := body(cqc)
	for i, msg := range list {
		branch := store.NewBranch(rw)
		c := w.context(branch, cqc, signers)
		c.Index = i
		err := w.m.Suspend(c, msg)
		if _, ok := exec.AsRefusal(err); ok {
			refused++
			continue
		}
		if err == nil {
			err = branch.Write()
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
	return refused
}

// TestBulkSuspension: three stale rows among many do not void the rest.
func TestBulkSuspension(t *testing.T) {
	const n = 300
	w := stocked(t, n)
	w.suspend(rules.Ref{Issuer: cqcNumber, Number: powerBank(3)}, "2025-12-01")
	w.ok(cqc, body(cqc), &certificatev1.Cancel{Number: powerBank(7), Decided: w.day(), Reason: "0204"})
	list := []*certificatev1.Suspend{w.suspension(n)} // one that is not there
	for i := range n {
		list = append(list, w.suspension(i))
	}
	if got := w.bulk(w.state, list); got != 3 {
		t.Errorf("%d refused, want 3", got)
	}
	for i := range n {
		want := rules.Suspended
		if i == 7 {
			want = rules.Cancelled
		}
		if h := w.head(rules.Ref{Issuer: cqcNumber, Number: powerBank(i)}); h.Status != want {
			t.Errorf("%s is %v", powerBank(i), h.Status)
		}
	}
	w.unchecked = false
	w.check()
}

// TestSuspensionsFit: all of July 2025 fits in one transaction of 1 MiB.
func TestSuspensionsFit(t *testing.T) {
	w := newWorld(t, "2025-06-28")
	body := &txv1.Body{ChainId: "hallmark-1", Mode: txv1.Mode_MODE_EACH, Nonce: 1 << 40, Expiry: 1 << 32}
	for range 2 {
		body.Signers = append(body.Signers, &txv1.Signer{Member: "china-quality-certification-centre", Key: make([]byte, 33)})
	}
	for i := range powerBanks {
		body.Messages = append(body.Messages, &txv1.Message{
			Actor: "china-quality-certification-centre", Signers: []uint32{0, 1}, Action: &txv1.Message_Suspend{Suspend: w.suspension(i)},
		})
	}
	size := proto.Size(&txv1.Tx{Body: make([]byte, proto.Size(body)), Signatures: [][]byte{make([]byte, 64), make([]byte, 64)}})
	if size > 1<<20 {
		t.Errorf("%d suspensions take %d bytes", powerBanks, size)
	}
	t.Logf("%d suspensions take %d bytes, %d each", powerBanks, size, size/powerBanks)
}

// BenchmarkSuspend runs the suspensions of July 2025, three of them stale,
// without signatures and without a database: one op is all of them.
func BenchmarkSuspend(b *testing.B) {
	w := stocked(b, powerBanks-1)
	w.suspend(rules.Ref{Issuer: cqcNumber, Number: powerBank(3)}, "2025-12-01")
	w.ok(cqc, body(cqc), &certificatev1.Cancel{Number: powerBank(7), Decided: w.day(), Reason: "0204"})
	var list []*certificatev1.Suspend
	for i := range powerBanks {
		list = append(list, w.suspension(i))
	}
	b.ReportAllocs()
	for b.Loop() {
		if got := w.bulk(store.NewBranch(w.state), list); got != 3 {
			b.Fatalf("%d refused", got)
		}
	}
	b.ReportMetric(float64(powerBanks)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// TestRandomLives takes actions at random on some certificates and holds every
// result against the table of transitions, and all invariants after each step.
func TestRandomLives(t *testing.T) {
	for seed := range int64(20) {
		r := rand.New(rand.NewSource(seed))
		w := newWorld(t, "2017-06-01")
		w.window, w.sweeps = 1000, 1
		var refs []rules.Ref
		family := map[rules.Ref]rules.Family{}
		for i := range 6 {
			f := rules.Families[i%3]
			ref := rules.Ref{Issuer: cqcNumber, Number: fmt.Sprintf("R-%d", i)}
			if f == rules.CCC {
				ref.Number = fmt.Sprintf("2009010702358%03d", i)
			}
			refs, family[ref] = append(refs, ref), f
		}
		actions := rules.Actions()
		done := 0
		for range 150 {
			ref := refs[r.Intn(len(refs))]
			f, a := family[ref], actions[r.Intn(len(actions))]
			status := rules.None
			var records uint32
			if h, ok, _ := Head(w.state, ref); ok {
				status, records = rules.Effective(h.Standing, w.now, rules.Facts{}).Status, h.Records
			}
			to, code := rules.Next(f, status, a)
			actor, signers := by(a)
			msg := w.message(f, a, ref, 1+uint32(r.Intn(5)), records)
			if msg == nil {
				w.now = w.now.AddDate(0, 0, r.Intn(40))
				w.endBlock()
				continue
			}
			err := w.do(actor, signers, msg)
			switch {
			case code != nil && err == nil && !(status == rules.None && a.Begins()):
				t.Fatalf("%d: %v of %v was done", seed, a, status)
			case err == nil:
				done++
				if h := w.head(ref); to != rules.AsStated && h.Status != to {
					t.Fatalf("%d: %v of %v gave %v, not %v", seed, a, status, h.Status, to)
				}
			}
		}
		if done < 10 {
			t.Errorf("seed %d: only %d acts were done", seed, done)
		}
	}
}
