package member

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

const (
	chain = "hallmark-test"
	delay = 24 * time.Hour
)

// noon of 2017-06-01 in Beijing, when the first block of a test is made.
var noon = time.Date(2017, 6, 1, 4, 0, 0, 0, time.UTC)

type fixedParams struct{ err error }

func (p fixedParams) KeyDelay(store.Reader) (time.Duration, error) { return delay, p.err }

// ledger is a state that messages are run on, with the invariants checked
// after each.
type ledger struct {
	*testing.T
	*Module
	state  *storetest.Mem
	block  exec.Block
	events []exec.Event // of the last message that was not refused
}

// newLedger has two regulators, an accreditation body at home and one abroad,
// two certification bodies, and one member of each other role. Each has an admin
// key of each of the holders h1 and h2, and a key of each other duty that its
// roles have, of holders named by the duty: key names are "cqc/admin/h1".
func newLedger(t *testing.T) *ledger {
	t.Helper()
	l := &ledger{T: t, Module: New(fixedParams{}), state: new(storetest.Mem), block: exec.Block{ChainID: chain, Height: 100, Time: noon}}
	if err := l.InitGenesis(l.state, testGenesis(t)); err != nil {
		t.Fatal(err)
	}
	return l
}

func testGenesis(t testing.TB) *Genesis {
	g := new(Genesis)
	for i, id := range []string{"cnca", "samr-gd", "cnas", "ukas", "cqc", "cqm", "lab", "insp", "maker", "press"} {
		g.Members = append(g.Members, GenesisMember{ID: id, Member: Member{Profile: testProfile(i, id)}})
		for _, duty := range []exec.Duty{exec.DutyAdmin, exec.DutyOperator, exec.DutyCertifier, exec.DutyApprover} {
			if !allows(testRoles[id], duty) {
				continue
			}
			holders := []string{duty.String()}
			if duty == exec.DutyAdmin {
				holders = []string{"h1", "h2"}
			}
			for _, h := range holders {
				key := private(t, fmt.Sprintf("%s/%s/%s", id, duty, h))
				g.Keys = append(g.Keys, GenesisKey{Key: key.Public().Bytes(), Duty: duty.String(), KeyRecord: KeyRecord{Member: id, Holder: h}})
			}
		}
	}
	return g
}

var testRoles = map[string][]Role{
	"cnca": {RoleRegulator}, "samr-gd": {RoleRegulator}, "cnas": {RoleAccreditationBody}, "ukas": {RoleAccreditationBody},
	"cqc": {RoleCertificationBody}, "cqm": {RoleCertificationBody, RoleLaboratory}, "lab": {RoleLaboratory},
	"insp": {RoleInspectionBody}, "maker": {RoleOperator}, "press": {RoleObserver},
}

func testProfile(i int, id string) Profile {
	p := Profile{NameZh: "机构" + id, NameEn: "Institution " + id, Roles: testRoles[id], USCC: uscc(fmt.Sprintf("911100000000%05d", i)), Region: "110000"}
	switch id {
	case "cnas":
		p.Marks = []string{"01"}
	case "ukas":
		p.USCC, p.Region, p.Marks = "", "", []string{"02", "99"}
		p.Foreign = ForeignRegistration{"GBR", "Companies House", "03076190"}
	case "cqc":
		p.ApprovalNumber = "CNCA-R-2002-001"
	case "cqm":
		p.ApprovalNumber = "CNCA-R-2002-002"
	}
	return p
}

// uscc adds the check character to 17 others.
func uscc(first string) string {
	for _, c := range usccAlphabet {
		if CheckUSCC(first+string(c)) == nil {
			return first + string(c)
		}
	}
	panic(first)
}

// private is the key with a name.
func private(t testing.TB, name string) *sm2.PrivateKey {
	t.Helper()
	if name == "" {
		t.Fatal("no name of a key")
	}
	if k, ok := privates[name]; ok {
		return k
	}
	h := sm3.Sum([]byte(name))
	k, err := sm2.NewPrivateKey(h[:])
	if err != nil {
		t.Fatal(err)
	}
	privates[name] = k
	return k
}

var privates = map[string]*sm2.PrivateKey{}

// pub is the public key with a name.
func (l *ledger) pub(name string) Key { l.Helper(); return private(l, name).Public().Bytes() }

func (l *ledger) raw(name string) []byte { l.Helper(); k := l.pub(name); return k[:] }

// proof proves possession of the key with a name.
func (l *ledger) proof(member, name string, duty exec.Duty) []byte {
	l.Helper()
	p := seal.Possession{ChainID: chain, Member: member, Purpose: Purpose(duty), Key: l.pub(name)}
	s, err := private(l, name).Sign(l.Context(), seal.ProofOfPossessionMessage(p))
	if err != nil {
		l.Fatal(err)
	}
	return s[:]
}

// fresh is a new key of the member.
func (l *ledger) fresh(member, name string, duty exec.Duty, holder string) *memberv1.NewKey {
	l.Helper()
	return &memberv1.NewKey{Key: l.raw(name), Duty: memberv1.Duty(duty), Holder: holder, Proof: l.proof(member, name, duty)}
}

// later makes the next block, d after the last.
func (l *ledger) later(d time.Duration) {
	l.block.Height++
	l.block.Time = l.block.Time.Add(d)
}

// do runs a handler for the actor, under those of the keys named that can be
// authenticated, writes what it wrote unless it fails, and checks the invariants.
func do[M any](l *ledger, actor, signers string, handler func(*exec.Context, M) error, message M) error {
	l.Helper()
	b := store.NewBranch(l.state)
	c := &exec.Context{Block: l.block, Store: b, TxID: sm3.Sum([]byte(l.block.Time.String())), Actor: actor}
	for _, name := range strings.Fields(signers) {
		k, _, err := keys.Get(l.state, l.pub(name))
		if err != nil {
			l.Fatal(err)
		}
		if !k.alive(l.block.Time) {
			continue
		}
		c.Signers = append(c.Signers, exec.Signer{Member: k.Member, Key: l.pub(name), Duty: k.Duty, Holder: k.Holder})
	}
	if m, ok := any(message).(proto.Message); ok { // it comes over the wire
		b, err := proto.Marshal(m)
		if err != nil {
			l.Fatal(err)
		}
		if err := proto.Unmarshal(b, m); err != nil {
			l.Fatal(err)
		}
	}
	err := handler(c, message)
	if err != nil {
		if _, ok := exec.AsRefusal(err); !ok {
			l.Fatalf("fault: %v", err)
		}
		return err
	}
	if err := b.Write(); err != nil {
		l.Fatal(err)
	}
	l.events = c.Events()
	if err := Check(l.state); err != nil {
		l.Fatalf("%T: %v", message, err)
	}
	return nil
}

// govern runs a governed action.
func govern[M any](l *ledger, handler func(*exec.Context, M) error, action M) error {
	l.Helper()
	return do(l, "cnca", "cnca/approver/approver", handler, action)
}

// must fails the test unless err is nil.
func (l *ledger) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// refused fails the test unless err is a refusal with the code.
func (l *ledger) refused(err error, code *exec.Code) {
	l.Helper()
	if !code.Is(err) {
		l.Errorf("got %v, want %s", err, code.Name)
	}
}

// usable fails the test unless the key can be used now, or cannot.
func (l *ledger) usable(name string, want bool) {
	l.Helper()
	l.usableAt(name, l.block.Time, want)
}

func (l *ledger) usableAt(name string, at time.Time, want bool) {
	l.Helper()
	f, ok, err := l.Module.Key(l.state, l.pub(name), at)
	l.must(err)
	if f.Usable != want || ok && want != (f.Reason == "") {
		l.Errorf("%s is usable at %s: %v (%s)", name, at, f.Usable, f.Reason)
	}
}

func (l *ledger) facts(id string) Facts {
	l.Helper()
	f, ok, err := l.Module.Member(l.state, id)
	l.must(err)
	if !ok {
		l.Fatalf("no member %s", id)
	}
	return f
}

func date(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// emitted reports whether the last message made an event of the kind, with the
// pairs among its attributes.
func (l *ledger) emitted(kind string, pairs ...string) {
	l.Helper()
	for _, e := range l.events {
		ok := e.Type == kind
		for i := 0; i+1 < len(pairs); i += 2 {
			ok = ok && slices.Contains(e.Attributes, exec.Attribute{Key: pairs[i], Value: pairs[i+1]})
		}
		if ok {
			return
		}
	}
	l.Errorf("no event %s with %q among %v", kind, pairs, l.events)
}

// negate returns the private key whose public key has the other sign of y.
func negate(t testing.TB, k *sm2.PrivateKey) *sm2.PrivateKey {
	n, _ := new(big.Int).SetString("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123", 16)
	d := k.Bytes()
	b := new(big.Int).Sub(n, new(big.Int).SetBytes(d[:])).FillBytes(make([]byte, 32))
	out, err := sm2.NewPrivateKey(b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// broken is a store that fails.
type broken struct{ store.ReadWriter }

var errBroken = errors.New("broken")

func (broken) Get([]byte) ([]byte, bool, error)       { return nil, false, errBroken }
func (broken) Scan([]byte, []byte, store.Visit) error { return errBroken }
func (broken) Set([]byte, []byte) error               { return errBroken }
func (broken) Delete([]byte) error                    { return errBroken }
