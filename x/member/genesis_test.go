package member

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// busy is a ledger on which something of everything has happened.
func busy(t *testing.T) *ledger {
	l := newLedger(t)
	l.later(time.Hour + 123*time.Nanosecond)
	l.must(do(l, "cqc", cqcAdmins, l.AddKeys, add(l.fresh("cqc", "b1", exec.DutyAdmin, "h3"), l.fresh("cqc", "b2", exec.DutyOperator, "o2"))))
	l.must(do(l, "cqc", cqcAdmins, l.RotateKey, l.rotation("cqc", "cqc/admin/h1", "b3", exec.DutyAdmin)))
	l.must(do(l, "cqc", cqcAdmins, l.RotateKey, l.rotation("cqc", "cqc/approver/approver", "b4", exec.DutyApprover)))
	l.must(do(l, "cqc", "cqc/admin/h1", l.CancelPendingKey, &memberv1.CancelPendingKey{Key: l.raw("b4")}))
	l.must(do(l, "cqc", "cqc/admin/h1", l.RevokeKey, &memberv1.RevokeKey{Key: l.raw("cqc/operator/operator")}))
	l.must(do(l, "cqc", "cqc/admin/h1", l.ReportCompromise, &memberv1.ReportCompromise{Key: l.raw("b2"), Since: l.block.Time.Unix()}))
	l.must(govern(l, l.ApplyApproveSchemes, approve("2002-01-01", "2018-12-31", "A01", "CCC")))
	l.must(do(l, "cnas", cnasApprover, l.Accredit, &memberv1.Accredit{Body: "cqc", Mark: "01", Number: "1", Schemes: []string{"A01"}, From: 1, Until: 50000}))
	l.must(govern(l, l.ApplyRestrictApproval, &memberv1.RestrictApproval{Body: "cqc", Grant: 1, Schemes: []string{"A0101"}, Reason: "r"}))
	l.must(do(l, "cnas", cnasApprover, l.SuspendAccreditation, &memberv1.SuspendAccreditation{Body: "cqc", Grant: 2, Reason: "r"}))
	for _, c := range []Change{ChangeAmend, ChangeStop, ChangeSuspend, ChangeCaretaker, ChangeRemove} {
		l.later(time.Hour)
		l.must(steps(l, "cqc")[c]())
	}
	l.must(do(l, "cqm", "", func(c *exec.Context, k []byte) error { return l.ReserveKey(c, "cqm", "consensus", k) }, []byte(strings.Repeat("e", 32))))
	l.must(govern(l, l.ApplyRecoverKeys, &memberv1.RecoverKeys{Member: "lab", Keys: []*memberv1.NewKey{l.fresh("lab", "b9", exec.DutyAdmin, "h1")}}))
	return l
}

// The export of a state, as JSON and back, makes the same keys and values.
func TestExport(t *testing.T) {
	l := busy(t)
	g, err := l.ExportGenesis(l.state)
	l.must(err)
	text, err := json.MarshalIndent(g, "", " ")
	l.must(err)
	var back Genesis
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	l.must(d.Decode(&back))
	var again storetest.Mem
	l.must(l.InitGenesis(&again, &back))
	if again.Root() != l.state.Root() {
		for _, kv := range l.state.All() {
			if v, ok, _ := again.Get(kv.Key); !ok || string(v) != string(kv.Value) {
				t.Errorf("%x is %x, want %x", kv.Key, v, kv.Value)
			}
		}
		t.Errorf("%d entries, want %d", len(again.All()), len(l.state.All()))
	}
	for _, want := range []string{`"regulator"`, `"duty": "admin"`, `"status": "removed"`, `"from": "2002-01-01"`, `"restrict"`, `"change": "caretaker"`, `"since": "2017-06-01T05:00:00Z"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in the export", want)
		}
	}
	if strings.Contains(string(text), "T05:00:00Z\",\n  \"at\"") {
		t.Error("times are cut")
	}
}

func TestGenesisRefused(t *testing.T) {
	key := func(g *Genesis, n int) *GenesisKey { return &g.Keys[n] }
	for want, change := range map[string]func(*Genesis){
		"no member is an active regulator": func(g *Genesis) { g.Members, g.Keys, g.Grants = nil, nil, nil },
		"a member id has":                  func(g *Genesis) { g.Members[0].ID = "CNCA" },
		"stands there twice":               func(g *Genesis) { g.Members = append(g.Members, g.Members[0]) },
		"must be":                          func(g *Genesis) { g.Members[0].USCC = g.Members[0].USCC[:17] + "X" },
		"member_registration_taken":        func(g *Genesis) { g.Members[1].USCC = g.Members[0].USCC },
		"member_approval_number_taken":     func(g *Genesis) { g.Members[5].ApprovalNumber = g.Members[4].ApprovalNumber },
		"is no duty":                       func(g *Genesis) { key(g, 0).Duty = "king" },
		"not a public key":                 func(g *Genesis) { key(g, 0).Key = Key{} },
		"a holder id has":                  func(g *Genesis) { key(g, 0).Holder = "王伟" },
		"no member \"nobody\"":             func(g *Genesis) { key(g, 0).Member = "nobody" },
		"have no keys of duty certifier":   func(g *Genesis) { key(g, 0).Duty = "certifier" },
		"or its negative":                  func(g *Genesis) { key(g, 1).Key = key(g, 0).Key; key(g, 1).Key[0] ^= 1 },
		"needs admin keys of 2 holders":    func(g *Genesis) { key(g, 0).Holder = key(g, 1).Holder },
		"no such member":                   func(g *Genesis) { g.Grants[0].Body = "nobody" },
		"is not a date":                    func(g *Genesis) { g.Grants[0].From = "2002" },
		"is not a date like":               func(g *Genesis) { g.Grants[0].Until = "" },
		"in this order":                    func(g *Genesis) { g.Grants[0].Until = "2001-01-01" },
		"is no item code":                  func(g *Genesis) { g.Grants[0].Schemes[0] = "x" },
		"an approval has none of them":     func(g *Genesis) { g.Grants[0].By = "cnas" },
		"is no code of an accreditation":   func(g *Genesis) { g.Grants[0].By, g.Grants[0].Mark, g.Grants[0].Number = "cnas", "07", "1" },
		"the number of an accreditation":   func(g *Genesis) { g.Grants[0].By, g.Grants[0].Mark, g.Grants[0].Number = "cnas", "01", " 1" },
		"\"nobody\" is no member":          func(g *Genesis) { g.Grants[0].By, g.Grants[0].Mark, g.Grants[0].Number = "nobody", "01", "1" },
		"out of order":                     func(g *Genesis) { g.Grants[0].Steps = []GenesisStep{{"2003-01-01", Step{Kind: StepReinstate}}} },
		"\"2003\" is not a date":           func(g *Genesis) { g.Grants[0].Steps = []GenesisStep{{"2003", Step{Kind: StepReinstate}}} },
		"names schemes":                    func(g *Genesis) { g.Grants[0].Steps = []GenesisStep{{"2003-01-01", Step{Kind: StepRestrict}}} },
		"key_taken":                        func(g *Genesis) { g.Reserved = append(g.Reserved, GenesisReservation{Key: g.Keys[0].Key[:]}) },
		"which is no member":               func(g *Genesis) { g.Members[4].Status, g.Members[4].Caretaker = StatusSuspended, "nobody" },
		"has no caretaker":                 func(g *Genesis) { g.Members[4].Caretaker = "cqm" },
		"the reason":                       func(g *Genesis) { g.Members[4].Reason = " " },
		"after active": func(g *Genesis) {
			g.Members[4].Earlier = []Member{g.Members[4].Member}
			g.Members[4].Earlier[0].Status, g.Members[4].Earlier[0].Change = StatusActive, ChangeAdmit
		},
		"it began with": func(g *Genesis) { g.Members[4].Change = ChangeAmend },
	} {
		g := testGenesis(t)
		g.Grants = []GenesisGrant{{Body: "cqc", From: "2002-01-01", Until: "2018-12-31", Grant: Grant{Schemes: []string{"A01"}}}}
		change(g)
		err := New(fixedParams{}).InitGenesis(new(storetest.Mem), g)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "genesis: ") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// A genesis as someone writes it by hand.
func TestGenesisByHand(t *testing.T) {
	text := fmt.Sprintf(`{
	 "members": [{"id": "cnca", "name_zh": "国家认证认可监督管理委员会", "uscc": %q, "roles": ["regulator"], "region": "110000"}],
	 "keys": [{"key": %q, "member": "cnca", "duty": "admin", "holder": "a1"}, {"key": %q, "member": "cnca", "duty": "admin", "holder": "a2"}]}`,
		uscc("11100000000000001"), Key(private(t, "x").Public().Bytes()), Key(private(t, "y").Public().Bytes()))
	var g Genesis
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		t.Fatal(err)
	}
	var state storetest.Mem
	m := New(fixedParams{})
	if err := m.InitGenesis(&state, &g); err != nil {
		t.Fatal(err)
	}
	f, ok, err := m.Key(&state, private(t, "x").Public().Bytes(), noon)
	if err != nil || !ok || !f.Usable || f.Holder != "a1" || f.Duty != exec.DutyAdmin || f.Member != "cnca" {
		t.Errorf("%+v, %v, %v", f, ok, err)
	}
	for _, bad := range []string{`{"roles": ["king"]}`, `{"status": "unknown"}`, `{"change": "x"}`} {
		if json.Unmarshal([]byte(bad), new(GenesisMember)) == nil {
			t.Errorf("%s is read", bad)
		}
	}
	for _, bad := range []string{`{"key": "02"}`, `{"key": "` + strings.Repeat("zz", 33) + `"}`, `{"end": {"reason": "x"}}`, `{"registered": {"tx": "0"}}`} {
		if json.Unmarshal([]byte(bad), new(GenesisKey)) == nil {
			t.Errorf("%s is read", bad)
		}
	}
	if json.Unmarshal([]byte(`{"kind": "x"}`), new(GenesisStep)) == nil {
		t.Error("a step of no kind is read")
	}
}

// Check finds every entry that is missing, and every one that is another's.
func TestInvariantsFindDamage(t *testing.T) {
	l := busy(t)
	l.must(Check(l.state))
	for _, kv := range l.state.All() {
		b := store.NewBranch(l.state)
		l.must(b.Delete(kv.Key))
		if err := Check(b); err == nil && !strings.HasPrefix(string(kv.Key), reserved.Prefix()) {
			t.Errorf("%x may be missing", kv.Key)
		}
	}
	for name, f := range map[string]func(store.ReadWriter) error{
		"a role too many":         func(w store.ReadWriter) error { return roles.Set(w, roleKey{1, "cqm"}, struct{}{}) },
		"a registration too many": func(w store.ReadWriter) error { return registrations.Set(w, registration{"CHN", "", "x"}, "cqm") },
		"a number too many":       func(w store.ReadWriter) error { return approvals.Set(w, "x", "cqm") },
		"another's number":        func(w store.ReadWriter) error { return approvals.Set(w, "CNCA-R-2002-002", "cqc") },
		"a version too many": func(w store.ReadWriter) error {
			return versions.Set(w, place{"nobody", 1}, Member{Version: 1, Status: 1, Change: 1})
		},
		"a count too many":        func(w store.ReadWriter) error { return counts.Set(w, countKey{"nobody", 1}, 1) },
		"another count":           func(w store.ReadWriter) error { return counts.Set(w, countKey{"cqm", 1}, 3) },
		"a holding too many":      func(w store.ReadWriter) error { return held.Set(w, heldKey{"cqm", true, 1, Key{2}}, struct{}{}) },
		"a grant count":           func(w store.ReadWriter) error { return grantCounts.Set(w, "cqc", 3) },
		"a grant count too many":  func(w store.ReadWriter) error { return grantCounts.Set(w, "cqm", 1) },
		"a list too many":         func(w store.ReadWriter) error { return grantIndex.Set(w, scope{"cqc", "", "A02"}, []uint64{1}) },
		"an empty list":           func(w store.ReadWriter) error { return grantIndex.Set(w, scope{"cqc", "", "A02"}, nil) },
		"a reserved member's key": func(w store.ReadWriter) error { return reserved.Set(w, string(l.raw("cqc/admin/h1")), Reservation{}) },
		"a key's negative": func(w store.ReadWriter) error {
			k := l.pub("cqm/admin/h1")
			k[0] ^= 1
			return register(w, k, KeyRecord{Member: "cqm", Duty: 1, Holder: "h1"})
		},
		"nobody's key": func(w store.ReadWriter) error {
			return register(w, l.pub("free"), KeyRecord{Member: "nobody", Duty: 1, Holder: "h1"})
		},
		"no holder": func(w store.ReadWriter) error { return register(w, l.pub("free"), KeyRecord{Member: "cqm", Duty: 1}) },
		"too early a use": func(w store.ReadWriter) error {
			return register(w, l.pub("free"), KeyRecord{Member: "cqm", Duty: 1, Holder: "h", Registered: Act{Time: noon}})
		},
		"too early an end": func(w store.ReadWriter) error {
			k := KeyRecord{Member: "cqm", Duty: 1, Holder: "h", Registered: Act{Time: noon}, UsableFrom: noon}
			return errors.Join(register(w, l.pub("free"), k), end(w, l.pub("free"), k, KeyEnd{EndRevoked, noon.Add(-1), Act{}}))
		},
		"too early a compromise": func(w store.ReadWriter) error {
			return register(w, l.pub("free"), KeyRecord{Member: "cqm", Duty: 1, Holder: "h", Registered: Act{Time: noon}, UsableFrom: noon, Compromise: Compromise{Since: noon.Add(-time.Hour)}})
		},
		"a compromised key that lives": func(w store.ReadWriter) error {
			return register(w, l.pub("free"), KeyRecord{Member: "cqm", Duty: 1, Holder: "h", Compromise: Compromise{Since: noon}})
		},
		"another's place": func(w store.ReadWriter) error {
			return register(w, l.pub("free"), KeyRecord{Member: "cqm", Duty: 1, Holder: "h", Replaces: l.pub("cqm/admin/h1")})
		},
		"another version": func(w store.ReadWriter) error {
			m, _, err := members.Get(w, "cqm")
			m.NameEn = "x"
			return errors.Join(err, members.Set(w, "cqm", m))
		},
		"a corrupt value": func(w store.ReadWriter) error { return w.Set(members.Key("cqm"), []byte{0xff}) },
		"a corrupt key":   func(w store.ReadWriter) error { return w.Set([]byte(members.Prefix()+"x"), nil) },
	} {
		b := store.NewBranch(l.state)
		l.must(f(b))
		if Check(b) == nil {
			t.Errorf("%s is not found", name)
		}
	}
}

func TestQueries(t *testing.T) {
	l := busy(t)
	var ids []string
	for start := ""; ; {
		list, next, err := l.Members(l.state, 0, start, 3)
		l.must(err)
		for _, m := range list {
			ids = append(ids, m.ID)
		}
		if start = next; next == "" {
			break
		}
	}
	if fmt.Sprint(ids) != "[cnas cnca cqc cqm insp lab maker press samr-gd ukas]" {
		t.Errorf("members %v", ids)
	}
	list, next, err := l.Members(l.state, RoleLaboratory, "", 1)
	l.must(err)
	if len(list) != 1 || list[0].ID != "cqm" || next != "lab" {
		t.Errorf("laboratories %v, %q", list, next)
	}
	list, next, err = l.Members(l.state, RoleLaboratory, next, 1000000)
	l.must(err)
	if len(list) != 1 || list[0].ID != "lab" || next != "" {
		t.Errorf("laboratories %v, %q", list, next)
	}
	var changes []string
	for start := uint64(1); start != 0; {
		vs, next, err := l.Versions(l.state, "cqc", start, 2)
		l.must(err)
		for _, v := range vs {
			changes = append(changes, v.Change.String())
		}
		start = next
	}
	if fmt.Sprint(changes) != "[admit amend stop suspend caretaker remove]" {
		t.Errorf("changes %v", changes)
	}
	all, _, err := l.Keys(l.state, "cqc", nil, 100)
	l.must(err)
	var paged []KeyEntry
	for cursor := []byte(nil); ; {
		list, next, err := l.Keys(l.state, "cqc", cursor, 2)
		l.must(err)
		paged = append(paged, list...)
		if cursor = next; next == nil {
			break
		}
	}
	if len(all) != 9 || fmt.Sprint(all) != fmt.Sprint(paged) || all[0].ended() || !all[8].ended() {
		t.Errorf("keys %v, in pages %v", all, paged)
	}
	if !slices.ContainsFunc(all, func(k KeyEntry) bool { return k.Key == l.pub("b4") && k.End.Reason == EndCancelled }) {
		t.Error("the cancelled key is not listed")
	}
	first, more, err := l.Grants(l.state, "cqc", 1, 1)
	l.must(err)
	second, end, err := l.Grants(l.state, "cqc", more, 0)
	l.must(err)
	if len(first) != 1 || len(second) != 1 || second[0].N != 2 || second[0].Mark != "01" || end != 0 {
		t.Errorf("grants %v, %v", first, second)
	}
	for _, key := range [][]byte{MemberKey("cqc"), VersionKey("cqc", 6), KeyKey(l.pub("b1")), GrantKey("cqc", 2)} {
		if _, ok, _ := l.state.Get(key); !ok {
			t.Errorf("nothing at %x", key)
		}
	}
}

// A fault of the store is a fault of every function, never a refusal and never
// "not found".
func TestFaults(t *testing.T) {
	l := busy(t)
	admin := []exec.Signer{{Member: "cqm", Key: l.pub("cqm/admin/h1"), Duty: exec.DutyAdmin, Holder: "h1"}, {Member: "cqm", Key: l.pub("cqm/admin/h2"), Duty: exec.DutyAdmin, Holder: "h2"}}
	// failing fails at the n-th call.
	for n := 0; ; n++ {
		b := &failing{ReadWriter: store.NewBranch(l.state), left: n}
		c := &exec.Context{Block: l.block, Store: b, Actor: "cqm", Signers: admin}
		err := errors.Join(
			l.AddKeys(c, add(l.fresh("cqm", "f1", exec.DutyOperator, "o"), l.fresh("cqm", "f2", exec.DutyAdmin, "h3"))),
			l.RotateKey(c, l.rotation("cqm", "cqm/admin/h1", "f3", exec.DutyAdmin)),
			l.CancelPendingKey(c, &memberv1.CancelPendingKey{Key: l.raw("f3")}),
			l.RevokeKey(c, &memberv1.RevokeKey{Key: l.raw("cqm/operator/operator")}),
			l.ApplyRecoverKeys(c, &memberv1.RecoverKeys{Member: "cqm", Keys: []*memberv1.NewKey{l.fresh("cqm", "f4", exec.DutyAdmin, "h1"), l.fresh("cqm", "f5", exec.DutyAdmin, "h2")}}),
			l.ApplyApproveSchemes(c, &memberv1.ApproveSchemes{Body: "cqm", Schemes: []string{"A01"}, From: 1, Until: 50000}),
			l.ApplyRevokeApproval(c, &memberv1.RevokeApproval{Body: "cqm", Grant: 1, Reason: "r"}),
			l.ApplyAmendMember(c, &memberv1.AmendMember{Member: "cqm", Profile: encodeProfile(testProfile(77, "cqm"))}),
			l.ApplyRemoveMember(c, &memberv1.RemoveMember{Member: "samr-gd", Reason: "r"}),
		)
		if b.left >= 0 {
			if err != nil {
				t.Fatalf("without a fault: %v", err)
			}
			if n < 100 {
				t.Errorf("only %d calls", n)
			}
			break
		}
		if !errors.Is(err, errBroken) {
			t.Errorf("call %d fails, and the result is %v", n, err)
		}
	}
	r := broken{}
	_, _, e1 := l.Module.Key(r, l.pub("b1"), noon)
	_, _, e2 := l.Module.Member(r, "cqc")
	_, _, e3 := l.ByApprovalNumber(r, "x")
	_, e4 := l.Covers(r, "cqc", "A01", 1)
	_, e5 := l.Accredited(r, "cqc", "01", "A01", 1)
	_, e6 := l.Regulators(r)
	_, e7 := l.RegulatorsAfter(r, nil)
	_, _, e8 := l.CompromisedSince(r, l.pub("b1"))
	_, e9 := l.KeyTaken(r, []byte{1})
	_, e10 := l.ExportGenesis(r)
	e11 := l.InitGenesis(r, testGenesis(t))
	_, _, e12 := l.MemberAt(r, "cqc", noon)
	for i, err := range []error{e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e12, Check(r)} {
		if !errors.Is(err, errBroken) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if e11 == nil {
		t.Error("a genesis on a broken store")
	}
}

// failing is a store that fails at one call and at none before or after.
type failing struct {
	store.ReadWriter
	left int
}

func (f *failing) fails() bool { f.left--; return f.left == -1 }

func (f *failing) Get(k []byte) ([]byte, bool, error) {
	if f.fails() {
		return nil, false, errBroken
	}
	return f.ReadWriter.Get(k)
}

func (f *failing) Scan(p, s []byte, v store.Visit) error {
	if f.fails() {
		return errBroken
	}
	return f.ReadWriter.Scan(p, s, v)
}

func (f *failing) Set(k, v []byte) error {
	if f.fails() {
		return errBroken
	}
	return f.ReadWriter.Set(k, v)
}

func (f *failing) Delete(k []byte) error {
	if f.fails() {
		return errBroken
	}
	return f.ReadWriter.Delete(k)
}

func TestCodes(t *testing.T) {
	names := map[string]bool{}
	for i, c := range Codes() {
		if c.Number != uint32(100+i) || c.Name == "" || c.English == "" || c.Chinese == "" || names[c.Name] {
			t.Errorf("code %d: %+v", i, c)
		}
		names[c.Name] = true
	}
}

// Validate says what the handlers say of the form.
func TestValidate(t *testing.T) {
	l := newLedger(t)
	for _, m := range []any{
		&memberv1.AddKeys{}, &memberv1.CancelPendingKey{}, &memberv1.RevokeKey{}, &memberv1.RotateKey{}, &memberv1.ReportCompromise{},
		&memberv1.Accredit{}, &memberv1.SuspendAccreditation{}, &memberv1.ReinstateAccreditation{}, &memberv1.WithdrawAccreditation{},
		&memberv1.StopBody{}, &memberv1.ResumeBody{}, &memberv1.AdmitMember{}, &memberv1.AmendMember{}, &memberv1.SuspendMember{},
		&memberv1.ReinstateMember{}, &memberv1.RemoveMember{}, &memberv1.ApproveSchemes{}, &memberv1.RestrictApproval{}, &memberv1.RevokeApproval{},
		&memberv1.RecoverKeys{}, &memberv1.DeclareCompromise{}, &memberv1.NameCaretaker{},
	} {
		if err := l.Validate(m); !codeMalformed.Is(err) {
			t.Errorf("%T: %v", m, err)
		}
	}
	if err := l.Validate(&memberv1.RemoveMember{Member: "cqc", Reason: "r"}); err != nil {
		t.Error(err)
	}
	if _, ok := exec.AsRefusal(l.Validate(1)); ok || l.Validate(1) == nil {
		t.Error("a number is a message")
	}
	// Nothing in a message makes a handler panic.
	for _, id := range []string{"ukas", "nobody"} {
		l.refused(do(l, id, "", l.AddKeys, &memberv1.AddKeys{Keys: []*memberv1.NewKey{nil}}), &codeMalformed)
		l.refused(govern(l, l.ApplyAdmitMember, &memberv1.AdmitMember{Member: id}), &codeMalformed)
	}
}
