package light

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// ledger is a real chain in one process: signed transactions, blocks, a store.
// Its heights are sealed by the seal keys of its validators.
type ledger struct {
	testing.TB
	net     *apptest.Network
	genesis sm3.Hash
	block   *abci.RequestFinalizeBlock // the newest
	nonces  map[string]uint64
	passed  uint64                       // proposals
	seals   map[[33]byte]*sm2.PrivateKey // by public key
}

// newLedger begins a chain.
func newLedger(t testing.TB, validators int) *ledger {
	t.Helper()
	ctx := context.Background()
	net, err := apptest.New(ctx, apptest.Genesis(1, validators), apptest.Options{Retain: 512})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := net.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &ledger{TB: t, net: net, genesis: sm3.Hash(net.Root()), nonces: map[string]uint64{}, seals: map[[33]byte]*sm2.PrivateKey{}}
	for i := range validators {
		l.know(fmt.Sprintf("seal/val-%02d", i))
	}
	l.empty(time.Second)
	return l
}

// know makes a seal key one that the test can sign with.
func (l *ledger) know(name string) {
	k := apptest.Key(name)
	l.seals[k.Public().Bytes()] = k
}

func (l *ledger) run(after time.Duration, txs ...[]byte) *abci.ResponseFinalizeBlock {
	l.Helper()
	b := l.net.Next(after, txs...)
	res, err := l.net.Run(context.Background(), b)
	if err != nil {
		l.Fatal(err)
	}
	l.block = b
	return res
}

func (l *ledger) empty(after time.Duration) { l.Helper(); l.run(after) }

// to makes an empty block at an hour of a day in Beijing, at once if that is over.
func (l *ledger) to(day civil.Date, hour time.Duration) {
	l.Helper()
	l.empty(max(time.Second, day.Start().Add(hour*time.Hour).Sub(l.net.Now())))
}

func (l *ledger) today() civil.Date { return civil.DateOf(l.net.Now()) }

// send signs messages with keys and executes them; all must be done.
func (l *ledger) send(keys []string, list ...proto.Message) {
	l.Helper()
	var messages []*txv1.Message
	for _, m := range list {
		messages = append(messages, wrap(&txv1.Message{}, proto.Clone(m)))
	}
	l.nonces[keys[0]]++
	raw := apptest.Draft{Nonce: l.nonces[keys[0]], Keys: keys, Messages: messages, Expiry: l.net.Now().Add(time.Hour)}.Sign()
	res := l.run(time.Second, raw).TxResults[0]
	if res.Code != 0 {
		l.Fatalf("refused: %s", res.Log)
	}
	var results txv1.Results
	if err := proto.Unmarshal(res.Data, &results); err != nil {
		l.Fatal(err)
	}
	for i, code := range results.Codes {
		if code != 0 {
			l.Fatalf("message %d refused with code %d: %s", i, code, res.Log)
		}
	}
}

// decide lets two of the three regulators take an action.
func (l *ledger) decide(action proto.Message) {
	l.Helper()
	l.passed++
	l.send([]string{"cnca/approver"}, apptest.Propose(wrap(&governancev1.Action{}, action)).GetPropose())
	l.send([]string{"samr-bj/approver"}, &governancev1.Approve{Proposal: l.passed})
}

// wrap puts a message into the one field of a oneof that takes it.
func wrap[M proto.Message](outer M, m proto.Message) M {
	r := outer.ProtoReflect()
	for i := range r.Descriptor().Fields().Len() {
		f := r.Descriptor().Fields().Get(i)
		if f.Message() != nil && f.Message().FullName() == m.ProtoReflect().Descriptor().FullName() {
			r.Set(f, protoreflect.ValueOfMessage(m.ProtoReflect()))
			return outer
		}
	}
	panic("no field for " + reflect.TypeOf(m).String())
}

func (l *ledger) view() *app.Reader {
	l.Helper()
	r, err := l.net.View()
	if err != nil {
		l.Fatal(err)
	}
	return r
}

// sets returns the set that decides the newest height and the next, if there is
// one.
func (l *ledger) sets() (now validator.Set, next *validator.Set) {
	l.Helper()
	r := l.view()
	list, err := r.Validator.Sets(r, 0, 1000)
	if err != nil {
		l.Fatal(err)
	}
	for _, s := range list {
		if s.Begin <= uint64(l.net.Height()) {
			now = s
		} else if next == nil {
			next = &s
		}
	}
	return now, next
}

func (l *ledger) sealSet(s validator.Set) seal.Set {
	l.Helper()
	set, err := s.Seal()
	if err != nil {
		l.Fatal(err)
	}
	return set
}

// statement is that of the newest height.
func (l *ledger) statement() (seal.Statement, seal.Set) {
	l.Helper()
	now, next := l.sets()
	set := l.sealSet(now)
	st := seal.Statement{
		Chain: sm3.Sum([]byte(apptest.Chain)), Genesis: l.genesis, AppVersion: 1, Height: uint64(l.block.Height), Time: l.block.Time.UnixNano(),
		Block: sm3.Sum(fmt.Appendf(nil, "block %d", l.block.Height)), // that of apptest depends on signatures, which are random
		State: sm3.Hash(l.net.Root()), Set: set.Hash(),
	}
	if next != nil {
		if h := l.sealSet(*next).Hash(); h != st.Set {
			st.Next, st.NextHeight = h, next.Begin
		}
	}
	return st, set
}

// ones makes signatures that are the same each time.
type ones struct{}

func (ones) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 1
	}
	return len(b), nil
}

// seal signs a statement with the first keys of a set that are a quorum.
func (l *ledger) seal(st *seal.Statement, set seal.Set) seal.Seal {
	l.Helper()
	var places []int
	var signatures []sm2.Signature
	power := uint64(0)
	for i, e := range set.Entries() {
		if set.Quorum(power) {
			break
		}
		sig, err := l.seals[e.Key].SignWith(ones{}, st.Append(nil))
		if err != nil {
			l.Fatal(err)
		}
		places, signatures, power = append(places, i), append(signatures, sig), power+e.Power
	}
	return seal.New(set.Len(), places, signatures)
}

// source is what a node has of the newest height.
func (l *ledger) source(handovers ...Handover) Source {
	l.Helper()
	st, set := l.statement()
	return Source{State: l.view(), Statement: st, Seal: l.seal(&st, set), Handovers: handovers}
}

// handover is the newest height as one.
func (l *ledger) handover() Handover {
	l.Helper()
	st, set := l.statement()
	_, next := l.sets()
	return Handover{Statement: st, Seal: l.seal(&st, set), Next: l.sealSet(*next)}
}

// cardOf returns a card of a set, from a height on, signed by a regulator.
func (l *ledger) cardOf(set seal.Set, height uint64) *Card {
	l.Helper()
	c, err := NewCard(Card{
		ChainID: apptest.Chain, Genesis: l.genesis, Height: height, Set: set,
		Made: apptest.Begin, NotAfter: apptest.Begin.AddDate(20, 0, 0),
	})
	if err == nil {
		err = c.Sign(context.Background(), "cnca", repeatable{apptest.Key("cnca/approver")})
	}
	if err != nil {
		l.Fatal(err)
	}
	return c
}

// repeatable signs the same message alike each time.
type repeatable struct{ *sm2.PrivateKey }

func (r repeatable) Sign(_ context.Context, message []byte) (sm2.Signature, error) {
	return r.SignWith(ones{}, message)
}

func (l *ledger) card() *Card {
	l.Helper()
	_, set := l.statement()
	return l.cardOf(set, 1)
}

// prove builds a bundle of the newest height for a claim, and verifies it.
func (l *ledger) prove(claim Claim, headOnly bool) []byte {
	l.Helper()
	b, err := Build(l.source(), claim, headOnly)
	if err != nil {
		l.Fatal(err)
	}
	return b
}

func (l *ledger) verdict(claim Claim) *Verdict {
	l.Helper()
	return Verify(l.prove(claim, false), l.card(), claim, Limits{}, l.net.Now().Add(time.Minute))
}

// codes are the codes of reasons.
func codes(list []Reason) []string {
	out := []string{}
	for _, r := range list {
		out = append(out, r.Code)
	}
	return out
}

// is checks outcome and codes of the reasons, and that JSON and texts can be
// written.
func is(t testing.TB, v *Verdict, o Outcome, reasons ...string) {
	t.Helper()
	if v.Outcome != o || !slices.Equal(codes(v.Reasons), reasons) {
		t.Errorf("outcome %v for %v, want %v for %v", v.Outcome, v.Reasons, o, reasons)
	}
	readable(t, v)
}
