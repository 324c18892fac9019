package apptest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/governance"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// Each of the following looks for transactions that stop the chain. It stops if a
// node returns an error from a block, reports one, breaks an invariant of the
// state, or returns updates that CometBFT does not take. Network.Run and
// Network.Propose see to all of that.

// siege attacks one chain after another.
type siege struct {
	testing.TB
	net *Network
	g   *Gen
}

// newSiege begins a chain in one of several states, with values at the ends of
// their ranges.
func newSiege(t testing.TB, choose Source) *siege {
	g := wide()
	validators := pick(&Gen{Choose: choose}, 4, 1, 2, 3, 7)
	g.Validator = Validators(1, validators)
	p := g.Governance.Parameters
	if choose(3) == 0 {
		p.SweepPerBlock = 1
	}
	if choose(3) == 0 {
		p.QuotaBlock, p.QuotaMempool, p.MaxMessages = 100, 100, 100
	}
	if choose(3) == 0 {
		p.ActivationBlocks = 100_000
	}
	return &siege{t, newNetwork(t, g, Options{CheckEvery: 1}), &Gen{Choose: choose, Wild: true}}
}

// block makes a block: what a proposer takes out of the mempool, or everything
// that one who is not honest has found. A governed action is decided on at once.
func (s *siege) block() {
	s.Helper()
	ctx, g := context.Background(), s.g
	after := pick(g, time.Second, time.Nanosecond, time.Hour, 24*time.Hour, 31*24*time.Hour, 400*24*time.Hour, 0)
	if after > 30*24*time.Hour && !g.one(4) {
		after = time.Second
	}
	g.Now, g.Height = s.net.Now().Add(after), s.net.Height()+1
	var pool [][]byte
	add := func(d Draft) {
		if raw, err := d.TrySign(); err == nil {
			pool = append(pool, raw)
		}
	}
	for range g.Choose(4) {
		add(g.Tx())
	}
	if g.one(2) {
		for _, d := range g.decide(g.Action()) {
			add(d)
		}
	}
	b := s.net.Next(after, pool...)
	b.Misbehavior = g.misbehaviour()
	var err error
	if g.one(2) {
		_, err = s.net.Run(ctx, sealed(b))
	} else {
		_, err = s.net.Propose(ctx, after, pool, b.Misbehavior...)
	}
	if err != nil {
		s.Fatal(err)
	}
}

// decide returns the transactions by which the regulators take an action.
func (g *Gen) decide(actions ...*governancev1.Action) (list []Draft) {
	g.Proposals++
	for i, id := range Regulators {
		m := Approve(g.Proposals)
		if i == 0 {
			m = Propose(actions...)
		}
		key := id + "/approver"
		last := g.nonces[key]
		if g.nonces == nil {
			g.nonces = map[string]uint64{}
		}
		g.nonces[key] = last + 1
		list = append(list, Draft{Nonce: last + 1, Keys: []string{key}, Expiry: g.Now.Add(time.Hour), Messages: []*txv1.Message{m}})
	}
	return list
}

func TestSiege(t *testing.T) {
	n := blocks(t, 360, 60)
	for i := 0; i < n; i += 60 {
		r := rand.New(rand.NewPCG(seed(t), uint64(i)))
		s := newSiege(t, r.IntN)
		s.g.Proposals = 0
		for range min(60, n-i) {
			s.block()
		}
		if t.Failed() {
			return
		}
	}
}

// FuzzSiege lets a fuzzer make the choices.
func FuzzSiege(f *testing.F) {
	for i := range uint64(8) {
		r := rand.New(rand.NewPCG(i, i))
		b := make([]byte, 400)
		for j := range b {
			b[j] = byte(r.Uint32())
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newSiege(t, func(n int) int {
			if len(data) == 0 || n < 2 {
				return 0
			}
			c := int(data[0])
			data = data[1:]
			if n > 256 && len(data) > 0 {
				c, data = c<<8|int(data[0]), data[1:]
			}
			return c % n
		})
		for i := 0; len(data) > 0 && i < 12; i++ {
			s.block()
		}
		for range 3 { // what is due comes
			s.block()
		}
	})
}

// attack is a chain that single attacks are made on.
type attack struct {
	*testing.T
	net *Network
	g   *Gen
}

func newAttack(t *testing.T, validators int, edit ...func(*governance.Params)) *attack {
	g := wide()
	g.Validator = Validators(1, validators)
	for _, f := range edit {
		f(g.Governance.Parameters)
	}
	r := rand.New(rand.NewPCG(1, 1))
	a := &attack{t, newNetwork(t, g, Options{CheckEvery: 1}), &Gen{Choose: r.IntN}}
	a.g.Now = a.net.Now()
	return a
}

// run runs drafts in a block.
func (a *attack) run(after time.Duration, drafts ...Draft) {
	a.Helper()
	var txs [][]byte
	for _, d := range drafts {
		if d.Expiry.IsZero() {
			d.Expiry = a.net.Now().Add(after + time.Hour)
		}
		txs = append(txs, d.Sign())
	}
	if _, err := a.net.Run(context.Background(), a.net.Next(after, txs...)); err != nil {
		a.Fatal(err)
	}
	a.g.Now = a.net.Now()
}

// decide lets the regulators take actions, and reports whether they were done.
func (a *attack) decide(actions ...*governancev1.Action) governance.Status {
	a.Helper()
	a.run(time.Second, a.g.decide(actions...)...)
	r := a.view()
	p, ok, err := r.Governance.Proposal(r, a.g.Proposals)
	if err != nil || !ok {
		a.Fatal(ok, err)
	}
	a.Logf("proposal %d: %v %v", p.Number, p.Status, p.Failure)
	return p.Status
}

func (a *attack) view() *app.Reader {
	a.Helper()
	r, err := a.net.View()
	if err != nil {
		a.Fatal(err)
	}
	return r
}

// TestSweepsBehind: more falls due than a block does, and what nobody has got to
// is acted upon meanwhile.
func TestSweepsBehind(t *testing.T) {
	a := newAttack(t, 4, func(p *governance.Params) { p.SweepPerBlock = 1 })
	today := a.g.today()
	d := Draft{Nonce: 1, Mode: txv1.Mode_MODE_EACH, Keys: []string{"cqc/certifier", "cqc/approver"}}
	for i := range 20 {
		m := Issue(fmt.Sprintf("N-%02d", i), today)
		m.GetIssue().Certificate.Expires = int32(today) + 40
		d.Messages = append(d.Messages, m)
	}
	a.run(time.Second, d)
	d = Draft{Nonce: 2, Mode: txv1.Mode_MODE_EACH, Keys: d.Keys}
	for i := range 10 {
		d.Messages = append(d.Messages, Suspend(fmt.Sprintf("N-%02d", i), today))
	}
	a.run(time.Second, d)
	// After 31 days ten are overdue, after 41 all have run out.
	a.run(50 * 24 * time.Hour)
	for i := range 25 {
		r := Revoke(fmt.Sprintf("N-%02d", i), a.g.today(), "0111")
		a.run(time.Second, Draft{Nonce: uint64(3 + i), Keys: d.Keys, Messages: []*txv1.Message{r}})
	}
	before := a.net.Root()
	for range 20 {
		a.run(time.Second)
		if string(before) == string(a.net.Root()) {
			return
		}
		before = a.net.Root()
	}
	t.Error("the sweep never ends")
}

// TestValidatorsAttacked: the regulators decide on changes that would leave
// CometBFT without validators, or with more power than it takes.
func TestValidatorsAttacked(t *testing.T) {
	remove := func(i int) *validatorv1.Change {
		return &validatorv1.Change{Change: &validatorv1.Change_Remove{Remove: &validatorv1.RemoveValidator{Name: validators[i]}}}
	}
	power := func(i int, p uint64) *validatorv1.Change {
		return &validatorv1.Change{Change: &validatorv1.Change_SetPower{SetPower: &validatorv1.SetPower{Name: validators[i], Power: p}}}
	}
	const most = math.MaxInt64 / 8
	for _, n := range []int{1, 3, 4} {
		a := newAttack(t, n)
		set := func(want governance.Status, exempt bool, changes ...*validatorv1.Change) {
			t.Helper()
			got := a.decide(action(&validatorv1.SetValidators{Changes: changes, Exempt: exempt}))
			if got != want {
				t.Errorf("%d validators, %v: %v, want %v", n, changes, got, want)
			}
		}
		var all, full []*validatorv1.Change
		for i := range n {
			all, full = append(all, remove(i)), append(full, power(i, most))
		}
		set(governance.Failed, false, all...)
		set(governance.Failed, n < 4, all...)
		set(governance.Failed, false, full...)
		if n < 4 {
			want := governance.Failed // together they have more than CometBFT takes
			if n == 1 {
				want = governance.Executed
			}
			set(want, true, full...)
			if n > 1 {
				set(governance.Executed, true, power(0, most-10*uint64(n-1)))
			}
		}
		if n == 4 {
			for i := range 10 { // more than may wait
				want := governance.Executed
				if i >= validator.MaxPending {
					want = governance.Failed
				}
				set(want, false, power(0, uint64(11+i)))
			}
		}
		for range map[bool]int{true: 190, false: 45}[n == 4] { // all of them come
			a.run(time.Second)
		}
	}
}

// TestDatesAtTheEnd: days at the end of the calendar are no trap.
func TestDatesAtTheEnd(t *testing.T) {
	const last = 2932896 // 9999-12-31
	a := newAttack(t, 4)
	day := int32(a.g.today())
	keys := eyes("cqc")
	issue := Issue("V-END", a.g.today())
	c := issue.GetIssue().Certificate
	c.Scheme, c.Expires, c.Details = "B0301", last, Text("B0301")
	a.run(time.Second,
		Draft{Nonce: 1, Keys: keys, Messages: []*txv1.Message{issue}},
		Draft{Nonce: 1, Keys: []string{"cnca/approver"}, Messages: []*txv1.Message{
			msg(&certificatev1.FileOrder{Issuer: CQC, Number: "V-END", Decided: day, Note: "by the end of time", Due: last}),
		}},
		Draft{Nonce: 2, Keys: keys, Messages: []*txv1.Message{
			msg(&certificatev1.Suspend{Number: "V-END", Decided: day, Reason: "0299", Until: day + 30}),
		}},
	)
	a.run(40 * 24 * time.Hour) // overdue
	h, ok, err := certificate.Head(a.view(), rules.Ref{Issuer: CQC, Number: "V-END"})
	if err != nil || !ok || h.Flags&rules.FlagOverdue == 0 || h.OrderDue != last {
		t.Fatalf("%+v, %v, %v", h, ok, err)
	}
	reborn(t, a.net, uint64(a.net.Height()))
	a.run(79 * 365 * 24 * time.Hour)
}
