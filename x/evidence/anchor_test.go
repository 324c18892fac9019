package evidence

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func message(a *Anchor) *evidencev1.AnchorEvidence {
	return &evidencev1.AnchorEvidence{Anchor: AnchorMessage(a)}
}

// TestMalformed breaks each rule for an anchor once.
func TestMalformed(t *testing.T) {
	long := strings.Repeat("x", 300)
	for name, c := range map[string]struct {
		spoil func(m *evidencev1.Anchor)
		code  *exec.Code
	}{
		"root of 31 bytes":       {func(m *evidencev1.Anchor) { m.Root = m.Root[:31] }, &codeTree},
		"root of 33 bytes":       {func(m *evidencev1.Anchor) { m.Root = append(m.Root, 0) }, &codeTree},
		"no root":                {func(m *evidencev1.Anchor) { m.Root = nil }, &codeTree},
		"no leaves":              {func(m *evidencev1.Anchor) { m.Leaves = 0 }, &codeTree},
		"too many leaves":        {func(m *evidencev1.Anchor) { m.Leaves = 1<<40 + 1 }, &codeTree},
		"all leaves there are":   {func(m *evidencev1.Anchor) { m.Leaves = 1<<64 - 1 }, &codeTree},
		"from after to":          {func(m *evidencev1.Anchor) { m.From = m.To + 1 }, &codePeriod},
		"from 1970":              {func(m *evidencev1.Anchor) { m.From = 0 }, &codePeriod},
		"from before 1970":       {func(m *evidencev1.Anchor) { m.From = -1 << 63 }, &codePeriod},
		"to in the future":       {func(m *evidencev1.Anchor) { m.To += int64(11*time.Minute + 1) }, &codePeriod},
		"to at the end of time":  {func(m *evidencev1.Anchor) { m.To = 1<<63 - 1 }, &codePeriod},
		"no kind":                {func(m *evidencev1.Anchor) { m.Kind = 0 }, &codeMalformed},
		"unknown kind":           {func(m *evidencev1.Anchor) { m.Kind = 9 }, &codeMalformed},
		"kind 257, which is 1":   {func(m *evidencev1.Anchor) { m.Kind = 257 }, &codeMalformed},
		"negative kind":          {func(m *evidencev1.Anchor) { m.Kind = -255 }, &codeMalformed},
		"no retention":           {func(m *evidencev1.Anchor) { m.Retention = 0 }, &codeMalformed},
		"unknown retention":      {func(m *evidencev1.Anchor) { m.Retention = 5 }, &codeMalformed},
		"long method":            {func(m *evidencev1.Anchor) { m.Method = long[:201] }, &codeMalformed},
		"method with a line end": {func(m *evidencev1.Anchor) { m.Method = "a\nb" }, &codeMalformed},
		"method turned around":   {func(m *evidencev1.Anchor) { m.Method = "a\u202eb" }, &codeMalformed},
		"method not UTF-8":       {func(m *evidencev1.Anchor) { m.Method = "a\xff" }, &codeMalformed},
		"no member":              {func(m *evidencev1.Anchor) { m.Member = "" }, &codeMalformed},
		"no subject":             {func(m *evidencev1.Anchor) { m.Subject = nil }, &codeMalformed},
		"empty subject":          {func(m *evidencev1.Anchor) { m.Subject = &evidencev1.Subject{} }, &codeMalformed},
		"long issuer":            {func(m *evidencev1.Anchor) { m.Subject = subjectMessage(OfCertificate(strings.ToUpper(long[:25]), "1")) }, &codeMalformed},
		"no issuer":              {func(m *evidencev1.Anchor) { m.Subject = subjectMessage(OfCertificate("", "1")) }, &codeMalformed},
		"no number":              {func(m *evidencev1.Anchor) { m.Subject = subjectMessage(OfCertificate("CNCA-R-2002-001", "")) }, &codeMalformed},
		"long number": {func(m *evidencev1.Anchor) {
			m.Subject = subjectMessage(OfCertificate("CNCA-R-2002-001", strings.Repeat("1", 61)))
		}, &codeMalformed},
		"small letters": {func(m *evidencev1.Anchor) { m.Subject = subjectMessage(OfCertificate("CNCA-R-2002-001", "a1")) }, &codeMalformed},
		"no reference":  {func(m *evidencev1.Anchor) { m.Subject = subjectMessage(OfEngagement("CNCA-R-2002-001", "B01", "")) }, &codeMalformed},
		"long reference": {func(m *evidencev1.Anchor) {
			m.Subject = subjectMessage(OfEngagement("CNCA-R-2002-001", "B01", long[:61]))
		}, &codeMalformed},
		"reference with space": {func(m *evidencev1.Anchor) {
			m.Subject = subjectMessage(OfEngagement("CNCA-R-2002-001", "B01", "Li Si"))
		}, &codeMalformed},
		"reference of a person": {func(m *evidencev1.Anchor) {
			m.Subject = subjectMessage(OfEngagement("CNCA-R-2002-001", "B01", "李四"))
		}, &codeMalformed},
		"no scheme":             {func(m *evidencev1.Anchor) { m.Subject = subjectMessage(OfEngagement("CNCA-R-2002-001", "", "1")) }, &codeMalformed},
		"scheme of half a pair": {func(m *evidencev1.Anchor) { m.Subject = subjectMessage(OfEngagement("CNCA-R-2002-001", "B010", "1")) }, &codeMalformed},
		"scheme D01":            {func(m *evidencev1.Anchor) { m.Subject = subjectMessage(OfEngagement("CNCA-R-2002-001", "D01", "1")) }, &codeMalformed},
		"scheme B00":            {func(m *evidencev1.Anchor) { m.Subject = subjectMessage(OfEngagement("CNCA-R-2002-001", "B00", "1")) }, &codeMalformed},
		"scheme of four pairs": {func(m *evidencev1.Anchor) {
			m.Subject = subjectMessage(OfEngagement("CNCA-R-2002-001", "B01010101", "1"))
		}, &codeMalformed},
		"no URI":   {func(m *evidencev1.Anchor) { m.Subject = subjectMessage(OfProduct("")) }, &codeMalformed},
		"long URI": {func(m *evidencev1.Anchor) { m.Subject = subjectMessage(OfProduct("https://" + long)) }, &codeMalformed},
	} {
		w := newWorld(t)
		msg := message(w.anchor("samr", Supervision, certificate))
		c.spoil(msg.Anchor)
		t.Run(name, func(t *testing.T) {
			w.T = t
			w.refuse(c.code, w.file("samr", []exec.Signer{sign("samr", exec.DutyOperator)}, msg))
		})
	}
	w := newWorld(t)
	w.refuse(&codeMalformed, w.file("samr", []exec.Signer{sign("samr", exec.DutyOperator)}, &evidencev1.AnchorEvidence{}))
}

// TestBounds files what is just in order.
func TestBounds(t *testing.T) {
	w := newWorld(t)
	a := w.anchor("samr", Supervision, certificate)
	a.Leaves, a.From, a.To, a.Method = 1<<40, time.Unix(0, 1), w.now.Add(MaxAhead), strings.Repeat("x", 200)
	w.ok(a)
	a.Leaves, a.From, a.Method = 1, a.To, ""
	w.ok(a)
	w.now = w.now.Add(-time.Second)
	a.Leaves = 2
	w.refuse(&codePeriod, w.try(a))
}

// TestOnce files an anchor again: nothing twice, whoever signs; and what differs in
// any part is another anchor.
func TestOnce(t *testing.T) {
	w := newWorld(t)
	a := w.anchor("cqc", Audit, certificate)
	id := w.ok(a)
	w.now = w.now.Add(time.Hour)
	w.refuse(&codeAnchored, w.try(a))
	w.refuse(&codeAnchored, w.file("cqc", []exec.Signer{sign("cqc", exec.DutyApprover)}, message(a)))
	ids := []sm3.Hash{id}
	for _, change := range []func(a *Anchor){
		func(a *Anchor) { a.Kind = Other }, func(a *Anchor) { a.Subject = engagement }, func(a *Anchor) { a.Root[31]++ },
		func(a *Anchor) { a.Leaves++ }, func(a *Anchor) { a.From = a.From.Add(1) }, func(a *Anchor) { a.To = a.To.Add(1) },
		func(a *Anchor) { a.Method = "" }, func(a *Anchor) { a.Retention = Permanent },
	} {
		b := *a
		change(&b)
		next := w.ok(&b)
		if slices.Contains(ids, next) {
			t.Errorf("%v is the id of two anchors", next)
		}
		ids = append(ids, next)
	}
	got, err := ByMember(w.state, "cqc", 1, 100)
	if err != nil || !slices.Equal(got, ids) {
		t.Errorf("by member %v, %v", got, err)
	}
	if got, err = ByMember(w.state, "cqc", 3, 2); err != nil || !slices.Equal(got, ids[2:4]) {
		t.Errorf("from the third on %v, %v", got, err)
	}
	if got, err = BySubject(w.state, engagement, 1, 100); err != nil || len(got) != 1 || got[0] != ids[2] {
		t.Errorf("by subject %v, %v", got, err)
	}
	n, err := Count(w.state, "cqc")
	k, err2 := CountAbout(w.state, certificate)
	if err != nil || err2 != nil || n != 9 || k != 8 {
		t.Errorf("counts %d and %d, %v %v", n, k, err, err2)
	}
	r, ok, err := Find(w.state, id)
	if err != nil || !ok || r.Anchor != *a || r.Height != 2 || !r.Time.Equal(w.now.Add(-time.Hour)) || len(r.Signers) != 1 {
		t.Errorf("%+v, %v, %v", r, ok, err)
	}
	other := sm3.Sum([]byte("another id"))
	if err := anchors.Set(w.state, other, r); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Find(w.state, other); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("an anchor under another id: %v", err)
	}
	if ok, err := w.m.Anchored(w.state, sm3.Sum(nil)); ok || err != nil {
		t.Error("an anchor that nobody filed", err)
	}
}

func TestEvent(t *testing.T) {
	w := newWorld(t)
	id := w.ok(w.anchor("lab", Report, certificate))
	want := []exec.Attribute{
		{Key: AttrAnchor, Value: id.String()}, {Key: AttrMember, Value: "lab"}, {Key: AttrKind, Value: "report"},
		{Key: AttrSubject, Value: certificate.String()}, {Key: AttrLeaves, Value: "3"},
		{Key: AttrFrom, Value: "2026-06-01T03:00:00Z"}, {Key: AttrTo, Value: "2026-06-01T03:59:00Z"}, {Key: AttrRetention, Value: "six-years"},
	}
	if len(w.events) != 1 || w.events[0].Type != EventAnchored || !slices.Equal(w.events[0].Attributes, want) {
		t.Errorf("%+v", w.events)
	}
}

// TestID holds the id and the encodings to fixed bytes: a second implementation
// must arrive at them.
func TestID(t *testing.T) {
	a := &Anchor{
		Member: "lab", Kind: Report, Subject: certificate, Root: sm3.Sum([]byte("root")), Leaves: 3,
		From: time.Unix(1780282800, 0), To: time.Unix(1780286340, 5), Method: "GB/T 2828.1", Retention: SixYears,
	}
	const encoding = "0a036c616210011a250a230a0f434e43412d522d323030322d30303112103230323330313039313130303030303122200c060426c577159bb945909712f946ba6ef8524b96fc37f4343bee3ea5a7789728033080c0f3ade3b8b5da183885d0b8f1e69fb6da18420b47422f5420323832382e314802"
	if got := hex.EncodeToString(EncodeAnchor(a)); got != encoding {
		t.Errorf("encoding\n%s\n%s", got, encoding)
	}
	tag := make([]byte, 64)
	copy(tag, "hallmark/anchor/v1")
	if got := a.ID(); got != sm3.Sum(append(tag, EncodeAnchor(a)...)) || got.String() != "fcdddb62363c4606ce1276fa83e97dc7d071fb02b67afdc940a5d349184110b7" {
		t.Errorf("id %v", got)
	}
}

// TestOneEncoding: a record in any other encoding is corrupt.
func TestOneEncoding(t *testing.T) {
	w := newWorld(t)
	id := w.ok(w.anchor("cqc", Audit, certificate))
	b, _, err := w.state.Get(AnchorKey(id))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := DecodeRecord(b); err != nil {
		t.Fatal(err)
	}
	for i := range b {
		if _, err := DecodeRecord(b[:i]); err == nil {
			t.Errorf("the first %d bytes are a record", i)
		}
	}
	for name, other := range map[string][]byte{
		"a field after the end": protowire.AppendVarint(protowire.AppendTag(slices.Clone(b), 15, protowire.VarintType), 1),
		"twice":                 append(slices.Clone(b), b...),
		"a default":             protowire.AppendVarint(protowire.AppendTag(slices.Clone(b), 2, protowire.VarintType), 0),
	} {
		if _, err := DecodeRecord(other); err == nil {
			t.Error(name)
		}
	}
}

// TestInvariants spoils the state.
func TestInvariants(t *testing.T) {
	for name, spoil := range map[string]func(w *world, id, other sm3.Hash) error{
		"an anchor under another id": func(w *world, id, other sm3.Hash) error {
			v, _, _ := anchors.Get(w.state, id)
			return anchors.Set(w.state, other, v)
		},
		"an anchor less":      func(w *world, id, _ sm3.Hash) error { return anchors.Delete(w.state, id) },
		"a count less":        func(w *world, _, _ sm3.Hash) error { return memberCounts.Set(w.state, "cqc", 1) },
		"no count":            func(w *world, _, _ sm3.Hash) error { return subjectCounts.Delete(w.state, certificate) },
		"a gap":               func(w *world, _, _ sm3.Hash) error { return members.Delete(w.state, filed{"cqc", 1}) },
		"listed twice":        func(w *world, id, _ sm3.Hash) error { return members.Set(w.state, filed{"cqc", 3}, id) },
		"in place of another": func(w *world, _, other sm3.Hash) error { return subjects.Set(w.state, about{certificate, 1}, other) },
		"under another":       func(w *world, id, _ sm3.Hash) error { return subjects.Set(w.state, about{engagement, 1}, id) },
		"no subject":          func(w *world, _, _ sm3.Hash) error { delete(w.certificates, certificate); return nil },
		"no member": func(w *world, _, _ sm3.Hash) error {
			delete(w.members, "cqc")
			w.members["x"] = &Member{ApprovalNumber: certificate.Issuer}
			return nil
		},
	} {
		w := newWorld(t)
		a := w.anchor("cqc", Audit, certificate)
		id := w.ok(a)
		a.Leaves++
		other := w.ok(a)
		if err := spoil(w, id, other); err != nil {
			t.Fatal(err)
		}
		if err := w.m.Check(w.state); err == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
}

func TestGenesis(t *testing.T) {
	w := newWorld(t)
	for i := range 4 {
		for _, a := range []*Anchor{w.anchor("samr", Supervision, product), w.anchor("cqc", Audit, certificate), w.anchor("cqc", Other, engagement), w.anchor("lab", Report, certificate)} {
			a.Leaves = uint64(i + 1)
			w.ok(a)
		}
	}
	g, err := w.m.ExportGenesis(w.state)
	if err != nil || len(g.Anchors) != 16 {
		t.Fatal(len(g.Anchors), err)
	}
	again := &storetest.Mem{}
	if err := w.m.InitGenesis(again, g); err != nil {
		t.Fatal(err)
	}
	if w.state.(*storetest.Mem).Root() != again.Root() {
		t.Error("another state")
	}
	for name, spoil := range map[string]func(g *Genesis){
		"twice":           func(g *Genesis) { g.Anchors = append(g.Anchors, g.Anchors[0]) },
		"about 0":         func(g *Genesis) { g.Anchors[0].About = 0 },
		"a place twice":   func(g *Genesis) { g.Anchors[2].About = g.Anchors[0].About },
		"a gap":           func(g *Genesis) { g.Anchors[15].About = 99 },
		"not a record":    func(g *Genesis) { g.Anchors[0].Record = []byte(`{"x":1}`) },
		"an empty record": func(g *Genesis) { g.Anchors[0].Record = []byte(`{}`) },
	} {
		g, err := w.m.ExportGenesis(w.state)
		if err != nil {
			t.Fatal(err)
		}
		spoil(g)
		if err := w.m.InitGenesis(&storetest.Mem{}, g); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestParseSubject(t *testing.T) {
	for _, s := range []Subject{certificate, engagement, product, OfCertificate("CNCA-R-2002-001", "A/B/(C)")} {
		if got, err := ParseSubject(s.String()); err != nil || got != s {
			t.Errorf("%v: %v, %v", s, got, err)
		}
		if got, err := subjectKey.DecodeKey(subjectKey.AppendKey(nil, s)); err != nil || got != s {
			t.Errorf("key of %v: %v, %v", s, got, err)
		}
	}
	for _, text := range []string{"", "certificate", "certificate/", "certificate/A", "engagement/CNCA-R-2002-001/B01", "engagement/CNCA-R-2002-001", "product/", "unknown/x", "Product/x"} {
		if s, err := ParseSubject(text); err == nil {
			t.Errorf("%q is %v", text, s)
		}
	}
	if err := (Subject{Kind: CertificateSubject, Issuer: "A", Number: "1", Product: "x"}).Check(); err == nil {
		t.Error("a subject of two kinds")
	}
}
