package member

import (
	"fmt"
	"strings"
	"testing"
	"time"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// steps runs each change of a member's standing, for every member.
func steps(l *ledger, id string) map[Change]func() error {
	m, err := find(l.state, id)
	l.must(err)
	profile := m.Profile
	profile.NameEn = "Another name"
	return map[Change]func() error{
		ChangeAmend: func() error {
			return govern(l, l.ApplyAmendMember, &memberv1.AmendMember{Member: id, Profile: encodeProfile(profile)})
		},
		ChangeSuspend: func() error {
			return govern(l, l.ApplySuspendMember, &memberv1.SuspendMember{Member: id, Reason: "under investigation"})
		},
		ChangeReinstate: func() error {
			return govern(l, l.ApplyReinstateMember, &memberv1.ReinstateMember{Member: id, Reason: "in order again"})
		},
		ChangeRemove: func() error {
			return govern(l, l.ApplyRemoveMember, &memberv1.RemoveMember{Member: id, Reason: "approval revoked"})
		},
		ChangeStop: func() error {
			return do(l, "samr-gd", "samr-gd/approver/approver", l.StopBody, &memberv1.StopBody{Body: id, Reason: "order 2017-6"})
		},
		ChangeResume: func() error {
			return do(l, "cnca", "cnca/approver/approver", l.ResumeBody, &memberv1.ResumeBody{Body: id, Reason: "order closed"})
		},
		ChangeCaretaker: func() error {
			return govern(l, l.ApplyNameCaretaker, &memberv1.NameCaretaker{Member: id, Caretaker: "cqm"})
		},
	}
}

// Every (status, stopped, change) is tried and is legal or not as written here.
func TestTransitions(t *testing.T) {
	type standing struct {
		status  Status
		stopped bool
	}
	reach := map[standing][]Change{
		{StatusActive, false}:    {},
		{StatusActive, true}:     {ChangeStop},
		{StatusSuspended, false}: {ChangeSuspend},
		{StatusSuspended, true}:  {ChangeStop, ChangeSuspend},
		{StatusRemoved, false}:   {ChangeRemove},
		{StatusRemoved, true}:    {ChangeStop, ChangeRemove},
	}
	to := map[standing]map[Change]standing{
		{StatusActive, false}: {
			ChangeAmend: {StatusActive, false}, ChangeSuspend: {StatusSuspended, false}, ChangeRemove: {StatusRemoved, false}, ChangeStop: {StatusActive, true}},
		{StatusActive, true}: {
			ChangeAmend: {StatusActive, true}, ChangeSuspend: {StatusSuspended, true}, ChangeRemove: {StatusRemoved, true}, ChangeResume: {StatusActive, false}},
		{StatusSuspended, false}: {
			ChangeAmend: {StatusSuspended, false}, ChangeReinstate: {StatusActive, false}, ChangeRemove: {StatusRemoved, false},
			ChangeStop: {StatusSuspended, true}, ChangeCaretaker: {StatusSuspended, false}},
		{StatusSuspended, true}: {
			ChangeAmend: {StatusSuspended, true}, ChangeReinstate: {StatusActive, true}, ChangeRemove: {StatusRemoved, true},
			ChangeResume: {StatusSuspended, false}, ChangeCaretaker: {StatusSuspended, true}},
		{StatusRemoved, false}: {ChangeCaretaker: {StatusRemoved, false}},
		{StatusRemoved, true}:  {ChangeCaretaker: {StatusRemoved, true}},
	}
	for from, path := range reach {
		for change := ChangeAmend; change <= ChangeCaretaker; change++ {
			l := newLedger(t)
			for _, c := range path {
				l.later(time.Minute)
				l.must(steps(l, "cqc")[c]())
			}
			l.later(time.Minute)
			err := steps(l, "cqc")[change]()
			want, legal := to[from][change]
			if legal != (err == nil) || err != nil && !codeStanding.Is(err) {
				t.Errorf("%v: %s: %v", from, change, err)
			}
			if f := l.facts("cqc"); legal && (standing{f.Status, f.Stopped} != want) {
				t.Errorf("%v: %s leads to %v", from, change, f)
			}
			l.usable("cqc/operator/operator", l.facts("cqc").Status == StatusActive)
		}
	}
}

func TestStopBody(t *testing.T) {
	l := newLedger(t)
	for id, code := range map[string]*exec.Code{
		"cnca": &codeNotABody, "cnas": &codeNotABody, "maker": &codeNotABody, "press": &codeNotABody, "nobody": &codeUnknownMember, "": &codeMalformed,
		"lab": nil, "insp": nil, "cqc": nil,
	} {
		err := do(l, "cnca", "cnca/approver/approver", l.StopBody, &memberv1.StopBody{Body: id, Reason: "r"})
		if code == nil && err != nil || code != nil && !code.Is(err) {
			t.Errorf("%s: %v", id, err)
		}
	}
	l.emitted(EventStopped, AttrBy, "cnca", AttrVersion, "2")
	l.refused(do(l, "cnca", "cnca/approver/approver", l.ResumeBody, &memberv1.ResumeBody{Body: "nobody", Reason: "r"}), &codeUnknownMember)
	l.refused(do(l, "cnca", "cnca/approver/approver", l.ResumeBody, &memberv1.ResumeBody{Body: "cqc"}), &codeMalformed)
	l.refused(do(l, "cnca", "cnca/approver/approver", l.StopBody, &memberv1.StopBody{Body: "cqm", Reason: "two\nlines"}), &codeMalformed)
	l.refused(do(l, "cnca", "cnca/approver/approver", l.StopBody, &memberv1.StopBody{Body: "cqm", Reason: strings.Repeat("长", 201)}), &codeMalformed)
	l.must(do(l, "cnca", "cnca/approver/approver", l.StopBody, &memberv1.StopBody{Body: "cqm", Reason: strings.Repeat("长", 200)}))
	// A stopped body still sees to its keys.
	l.must(do(l, "cqc", cqcAdmins, l.AddKeys, add(l.fresh("cqc", "n1", exec.DutyCertifier, "c"))))
}

func TestAdmitMember(t *testing.T) {
	l := newLedger(t)
	profile := func() *memberv1.Profile {
		return &memberv1.Profile{NameZh: "山东世通质量认证有限公司", Uscc: uscc("91370000000001234"), Roles: []memberv1.Role{3}, Region: "371323", ApprovalNumber: "CNCA-R-2003-104"}
	}
	keys := func() []*memberv1.NewKey {
		return []*memberv1.NewKey{l.fresh("shitong", "s1", exec.DutyAdmin, "h1"), l.fresh("shitong", "s2", exec.DutyAdmin, "h2"), l.fresh("shitong", "s3", exec.DutyCertifier, "c")}
	}
	try := func(id string, p *memberv1.Profile, k []*memberv1.NewKey) error {
		return govern(l, l.ApplyAdmitMember, &memberv1.AdmitMember{Member: id, Profile: p, Keys: k})
	}
	with := func(f func(p *memberv1.Profile)) *memberv1.Profile { p := profile(); f(p); return p }
	foreign := func(p *memberv1.Profile) {
		p.Uscc, p.Region, p.NameZh, p.NameEn = "", "", "", "Certifier Ltd"
		p.Foreign = &memberv1.ForeignRegistration{Country: "GBR", Authority: "Companies House", Number: "123"}
		p.ApprovalNumber = "CNCA-RF-2002-07"
	}
	for name, c := range map[string]struct {
		profile *memberv1.Profile
		code    *exec.Code
	}{
		"no profile":             {nil, &codeMalformed},
		"no name":                {with(func(p *memberv1.Profile) { p.NameZh = "" }), &codeMalformed},
		"English alone":          {with(func(p *memberv1.Profile) { p.NameZh, p.NameEn = "", "Shitong" }), &codeMalformed},
		"long name":              {with(func(p *memberv1.Profile) { p.NameZh = strings.Repeat("长", 201) }), &codeMalformed},
		"hidden order":           {with(func(p *memberv1.Profile) { p.NameEn = "a\u202eb" }), &codeMalformed},
		"zero width":             {with(func(p *memberv1.Profile) { p.NameEn = "a\u200bb" }), &codeMalformed},
		"space at the end":       {with(func(p *memberv1.Profile) { p.NameEn = "a\u3000" }), &codeMalformed},
		"no role":                {with(func(p *memberv1.Profile) { p.Roles = nil }), &codeMalformed},
		"roles that do not mix":  {with(func(p *memberv1.Profile) { p.Roles = []memberv1.Role{1, 3} }), &codeMalformed},
		"unknown role":           {with(func(p *memberv1.Profile) { p.Roles = []memberv1.Role{3, 8} }), &codeMalformed},
		"wrapped role":           {with(func(p *memberv1.Profile) { p.Roles = []memberv1.Role{259} }), &codeMalformed},
		"no code":                {with(func(p *memberv1.Profile) { p.Uscc = "" }), &codeMalformed},
		"wrong code":             {with(func(p *memberv1.Profile) { p.Uscc = "91371323760038087N" }), &codeMalformed},
		"taken code":             {with(func(p *memberv1.Profile) { p.Uscc = testProfile(4, "cqc").USCC }), &codeRegistrationTaken},
		"code and foreign":       {with(func(p *memberv1.Profile) { p.Foreign = &memberv1.ForeignRegistration{Country: "GBR"} }), &codeMalformed},
		"no region":              {with(func(p *memberv1.Profile) { p.Region = "" }), &codeMalformed},
		"no such province":       {with(func(p *memberv1.Profile) { p.Region = "990000" }), &codeMalformed},
		"no approval number":     {with(func(p *memberv1.Profile) { p.ApprovalNumber = "" }), &codeMalformed},
		"approval number's form": {with(func(p *memberv1.Profile) { p.ApprovalNumber = "CNCA-R-2002-1" }), &codeMalformed},
		"taken approval number":  {with(func(p *memberv1.Profile) { p.ApprovalNumber = "CNCA-R-2002-001" }), &codeApprovalTaken},
		"marks of a CB":          {with(func(p *memberv1.Profile) { p.Marks = []string{"01"} }), &codeMalformed},
		"foreign without office": {with(func(p *memberv1.Profile) { foreign(p); p.Foreign.Authority = "" }), &codeMalformed},
		"foreign without number": {with(func(p *memberv1.Profile) { foreign(p); p.Foreign.Number = " 1" }), &codeMalformed},
		"foreign in China":       {with(func(p *memberv1.Profile) { foreign(p); p.Foreign.Country = "CHN" }), &codeMalformed},
		"foreign in alpha-2":     {with(func(p *memberv1.Profile) { foreign(p); p.Foreign.Country = "GB" }), &codeMalformed},
		"foreign, wrong region":  {with(func(p *memberv1.Profile) { foreign(p); p.Region = "1" }), &codeMalformed},
		"taken foreign":          {with(func(p *memberv1.Profile) { foreign(p); p.Foreign.Number = "03076190" }), &codeRegistrationTaken},
	} {
		if err := try("shitong", c.profile, keys()); !c.code.Is(err) {
			t.Errorf("%s: %v, want %s", name, err, c.code.Name)
		}
	}
	accreditor := with(func(p *memberv1.Profile) { p.Roles, p.ApprovalNumber, p.Marks = []memberv1.Role{2}, "", []string{"07"} })
	l.refused(try("shitong", accreditor, keys()[:2]), &codeMalformed)
	accreditor.Marks = []string{"02", "01"}
	l.refused(try("shitong", accreditor, keys()[:2]), &codeMalformed)
	accreditor.Marks = nil
	l.refused(try("shitong", accreditor, keys()[:2]), &codeMalformed)

	for _, id := range []string{"", "ab", "-ab", "ab-", "Abc", "a b", "a_b", strings.Repeat("a", 41), "机构一"} {
		l.refused(try(id, profile(), keys()), &codeMalformed)
	}
	l.refused(try("cqc", profile(), keys()), &codeMemberExists)
	l.refused(try("shitong", profile(), nil), &codeMalformed)
	l.refused(try("shitong", profile(), keys()[1:]), &codeAdminsTooFew)
	l.refused(try("shitong", with(func(p *memberv1.Profile) { p.Roles, p.ApprovalNumber = []memberv1.Role{1}, "" }), keys()), &codeDuty)
	l.refused(try("st-other", profile(), keys()), &codePossession)

	l.must(try("shitong", profile(), keys()))
	l.emitted(EventAdmitted, AttrMember, "shitong", AttrVersion, "1")
	l.emitted(EventKeyAdded, AttrMember, "shitong", AttrDuty, "certifier")
	l.usable("s3", true)
	id, ok, err := l.ByApprovalNumber(l.state, "CNCA-R-2003-104")
	l.must(err)
	if id != "shitong" || !ok {
		t.Errorf("the approval number is of %q", id)
	}
	f := l.facts("shitong")
	if fmt.Sprint(f) != fmt.Sprint(Facts{ID: "shitong", Roles: []Role{3}, Status: StatusActive, ApprovalNumber: "CNCA-R-2003-104", Region: "371323", USCC: uscc("91370000000001234"), NameZh: "山东世通质量认证有限公司"}) {
		t.Errorf("got %+v", f)
	}
	abroad := with(foreign)
	l.must(try("abroad", abroad, []*memberv1.NewKey{l.fresh("abroad", "f1", exec.DutyAdmin, "h1"), l.fresh("abroad", "f2", exec.DutyAdmin, "h2")}))

	// After removal the institution may come again, under another id and
	// approval number.
	l.later(time.Hour)
	l.must(govern(l, l.ApplyRemoveMember, &memberv1.RemoveMember{Member: "shitong", Reason: "r"}))
	again := []*memberv1.NewKey{l.fresh("shitong2", "t1", exec.DutyAdmin, "h1"), l.fresh("shitong2", "t2", exec.DutyAdmin, "h2")}
	l.refused(try("shitong", profile(), again), &codeMemberExists)
	l.refused(try("shitong2", profile(), again), &codeApprovalTaken)
	l.must(try("shitong2", with(func(p *memberv1.Profile) { p.ApprovalNumber = "CNCA-R-2017-300" }), again))
}

func TestAmendMember(t *testing.T) {
	l := newLedger(t)
	amend := func(id string, f func(p *Profile)) error {
		m, _, err := members.Get(l.state, id)
		l.must(err)
		f(&m.Profile)
		return govern(l, l.ApplyAmendMember, &memberv1.AmendMember{Member: id, Profile: encodeProfile(m.Profile)})
	}
	l.later(time.Hour)
	l.refused(amend("cqc", func(p *Profile) { p.ApprovalNumber = "CNCA-R-2002-003" }), &codeApprovalFixed)
	l.refused(amend("cqc", func(p *Profile) { p.USCC = testProfile(5, "cqm").USCC }), &codeRegistrationTaken)
	l.refused(amend("cqc", func(p *Profile) { p.NameZh = "" }), &codeMalformed)
	l.refused(amend("lab", func(p *Profile) { p.ApprovalNumber = "CNCA-R-2002-001" }), &codeApprovalTaken)
	l.refused(amend("nobody", func(p *Profile) { *p = testProfile(50, "cqc") }), &codeUnknownMember)
	l.refused(amend("", func(p *Profile) { *p = testProfile(50, "cqc") }), &codeMalformed)
	l.must(amend("cqc", func(p *Profile) { p.USCC, p.NameZh = uscc("91110000000009999"), "中国质量认证中心有限公司" }))
	l.emitted(EventAmended, AttrMember, "cqc", AttrVersion, "2")
	// The old registration is free.
	l.must(amend("cqm", func(p *Profile) { p.USCC = testProfile(4, "cqc").USCC }))
	old, ok, err := l.MemberAt(l.state, "cqc", noon)
	l.must(err)
	if !ok || old.NameZh != "机构cqc" || old.Version != 1 {
		t.Errorf("it was %+v", old)
	}

	// Keys whose duty the roles no longer have rest.
	l.must(amend("cqc", func(p *Profile) { p.Roles = []Role{RoleLaboratory} }))
	l.usable("cqc/certifier/certifier", false)
	l.usableAt("cqc/certifier/certifier", noon, true)
	l.usable("cqc/approver/approver", true)
	l.refused(govern(l, l.ApplyApproveSchemes, &memberv1.ApproveSchemes{Body: "cqc", Schemes: []string{"A01"}, From: 1, Until: 2}), &codeNotABody)
	l.must(do(l, "cqc", "cqc/admin/h1", l.RevokeKey, &memberv1.RevokeKey{Key: l.raw("cqc/admin/h2")}))
	l.refused(amend("cqc", func(p *Profile) { p.Roles = []Role{RoleCertificationBody} }), &codeAdminsTooFew)
	l.must(do(l, "cqc", "cqc/admin/h1", l.AddKeys, add(l.fresh("cqc", "n1", exec.DutyAdmin, "h2"))))
	l.later(delay)
	l.must(amend("cqc", func(p *Profile) { p.Roles = []Role{RoleCertificationBody} }))
	l.usable("cqc/certifier/certifier", true)

	// The last regulator stays.
	l.must(amend("samr-gd", func(p *Profile) { p.Roles = []Role{RoleObserver} }))
	l.refused(amend("cnca", func(p *Profile) { p.Roles = []Role{RoleObserver} }), &codeLastRegulator)
}

func TestRegulators(t *testing.T) {
	l := newLedger(t)
	want := func(ids ...string) {
		t.Helper()
		got, err := l.Regulators(l.state)
		l.must(err)
		if fmt.Sprint(got) != fmt.Sprint(ids) {
			t.Errorf("regulators %v, want %v", got, ids)
		}
	}
	want("cnca", "samr-gd")
	profile := func(roles ...memberv1.Role) *memberv1.Profile { return &memberv1.Profile{Roles: roles} }
	for i, c := range []struct {
		action any
		after  []string
	}{
		{&memberv1.AdmitMember{Member: "new", Profile: profile(1)}, []string{"cnca", "new", "samr-gd"}},
		{&memberv1.AdmitMember{Member: "new", Profile: profile(3)}, []string{"cnca", "samr-gd"}},
		{&memberv1.AmendMember{Member: "cnca", Profile: profile(3)}, []string{"samr-gd"}},
		{&memberv1.AmendMember{Member: "cnca", Profile: profile(1)}, []string{"cnca", "samr-gd"}},
		{&memberv1.AmendMember{Member: "maker", Profile: profile(1)}, []string{"cnca", "maker", "samr-gd"}},
		{&memberv1.SuspendMember{Member: "samr-gd"}, []string{"cnca"}},
		{&memberv1.RemoveMember{Member: "samr-gd"}, []string{"cnca"}},
		{&memberv1.RemoveMember{Member: "cqc"}, []string{"cnca", "samr-gd"}},
		{&memberv1.ReinstateMember{Member: "cqc"}, []string{"cnca", "samr-gd"}},
		{&memberv1.RecoverKeys{Member: "cnca"}, []string{"cnca", "samr-gd"}},
		{nil, []string{"cnca", "samr-gd"}},
	} {
		got, err := l.RegulatorsAfter(l.state, c.action)
		l.must(err)
		if fmt.Sprint(got) != fmt.Sprint(c.after) {
			t.Errorf("%d: %v, want %v", i, got, c.after)
		}
	}
	l.must(steps(l, "samr-gd")[ChangeSuspend]())
	want("cnca")
	if got, _ := l.RegulatorsAfter(l.state, &memberv1.AmendMember{Member: "samr-gd", Profile: profile(1)}); len(got) != 1 {
		t.Errorf("an amendment reinstates: %v", got)
	}
	if got, _ := l.RegulatorsAfter(l.state, &memberv1.ReinstateMember{Member: "samr-gd"}); len(got) != 2 {
		t.Errorf("a reinstatement does not: %v", got)
	}
	l.refused(steps(l, "cnca")[ChangeSuspend](), &codeLastRegulator)
	l.refused(steps(l, "cnca")[ChangeRemove](), &codeLastRegulator)
	l.must(steps(l, "samr-gd")[ChangeReinstate]())
	l.must(steps(l, "cnca")[ChangeRemove]())
	want("samr-gd")
}

func TestCaretaker(t *testing.T) {
	l := newLedger(t)
	name := func(id, caretaker string) error {
		return govern(l, l.ApplyNameCaretaker, &memberv1.NameCaretaker{Member: id, Caretaker: caretaker})
	}
	l.later(time.Hour)
	l.must(steps(l, "cqc")[ChangeSuspend]())
	l.refused(name("cqc", "cqc"), &codeCaretaker)
	l.refused(name("cqc", "lab"), &codeCaretaker)
	l.refused(name("cqc", "nobody"), &codeUnknownMember)
	l.refused(name("nobody", "cqc"), &codeUnknownMember)
	l.refused(name("cqc", ""), &codeMalformed)
	l.refused(name("", "cqm"), &codeMalformed)
	l.refused(name("lab", "cqm"), &codeStanding)
	l.must(steps(l, "cqm")[ChangeStop]())
	l.refused(name("cqc", "cqm"), &codeCaretaker)
	l.must(steps(l, "cqm")[ChangeResume]())
	l.must(name("cqc", "cqm"))
	l.emitted(EventCaretaker, AttrMember, "cqc", AttrCaretaker, "cqm")
	if f := l.facts("cqc"); f.Caretaker != "cqm" {
		t.Errorf("caretaker %q", f.Caretaker)
	}
	l.must(steps(l, "cqc")[ChangeReinstate]())
	if f := l.facts("cqc"); f.Caretaker != "" {
		t.Errorf("caretaker %q of an active member", f.Caretaker)
	}
	l.must(steps(l, "cqc")[ChangeRemove]())
	l.must(name("cqc", "cqm"))
}

// Who was what when.
func TestKeyByTime(t *testing.T) {
	l := newLedger(t)
	times := []time.Time{l.block.Time}
	for _, c := range []Change{ChangeSuspend, ChangeReinstate, ChangeStop, ChangeSuspend, ChangeRemove} {
		l.later(time.Hour)
		l.must(steps(l, "cqc")[c]())
		times = append(times, l.block.Time)
	}
	for i, want := range []bool{true, false, true, true, false, false} {
		l.usableAt("cqc/operator/operator", times[i], want)
		l.usableAt("cqc/operator/operator", times[i].Add(time.Hour-1), want)
	}
	if _, ok, _ := l.Module.Key(l.state, l.pub("nobody"), noon); ok {
		t.Error("an unknown key is known")
	}
	if _, ok, _ := l.MemberAt(l.state, "nobody", noon); ok {
		t.Error("an unknown member is known")
	}
	if _, ok, _ := l.Module.Member(l.state, "nobody"); ok {
		t.Error("an unknown member is known")
	}
}

func TestMayValidate(t *testing.T) {
	l := newLedger(t)
	l.must(steps(l, "insp")[ChangeStop]())
	l.must(steps(l, "lab")[ChangeSuspend]())
	for id, want := range map[string]bool{
		"cnca": true, "cnas": true, "cqc": true, "cqm": true, "insp": true, "lab": false, "maker": false, "press": false, "nobody": false,
	} {
		if got, err := l.MayValidate(l.state, id); err != nil || got != want {
			t.Errorf("%s: %v, %v", id, got, err)
		}
	}
}
