package certificate

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// parts has a change of each part of the text of a product, and the amendments
// that may make it.
var parts = []struct {
	name   string
	change func(d *certificatev1.Details)
	may    []rules.Action
}{
	{"document", func(d *certificatev1.Details) { d.Document = slices.Repeat([]byte{7}, 32) }, []rules.Action{rules.Extend, rules.Reduce, rules.Name, rules.Address, rules.Model, rules.Standard, rules.Particulars}},
	{"scope", func(d *certificatev1.Details) { d.ScopeZh = "别的" }, []rules.Action{rules.Extend, rules.Reduce, rules.Model}},
	{"more codes", func(d *certificatev1.Details) { d.ScopeCodes = append(d.ScopeCodes, "09") }, []rules.Action{rules.Extend}},
	{"fewer codes", func(d *certificatev1.Details) { d.ScopeCodes = d.ScopeCodes[:1] }, []rules.Action{rules.Reduce}},
	{"more models", func(d *certificatev1.Details) { d.Models = append(d.Models, "M3") }, []rules.Action{rules.Extend, rules.Model}},
	{"fewer models", func(d *certificatev1.Details) { d.Models = d.Models[:1] }, []rules.Action{rules.Reduce, rules.Model}},
	{"GTIN", func(d *certificatev1.Details) { d.Gtins = []string{"06901234567892"} }, []rules.Action{rules.Extend, rules.Model}},
	{"trade mark", func(d *certificatev1.Details) { d.TradeMark = "T" }, []rules.Action{rules.Model}},
	{"standard", func(d *certificatev1.Details) { d.Standards = []string{"GB 1"} }, []rules.Action{rules.Standard}},
	{"name of the holder", func(d *certificatev1.Details) { d.Holder.NameEn = "H" }, []rules.Action{rules.Name}},
	{"name of the factory", func(d *certificatev1.Details) { d.Factory.NameEn = "H" }, []rules.Action{rules.Name}},
	{"address of the producer", func(d *certificatev1.Details) { d.Producer.AddressEn = "H" }, []rules.Action{rules.Address}},
	{"region", func(d *certificatev1.Details) { d.Holder.Region = "371300" }, []rules.Action{rules.Address}},
	{"marks", func(d *certificatev1.Details) { d.Marks = []string{"01"} }, []rules.Action{rules.Particulars}},
	{"components", func(d *certificatev1.Details) {
		d.Components = []*certificatev1.Ref{{Issuer: cqcNumber, Number: "C-1"}}
	}, []rules.Action{rules.Extend, rules.Model, rules.Particulars}},
	{"main", func(d *certificatev1.Details) { d.Main = &certificatev1.Ref{Issuer: cqcNumber, Number: "C-1"} }, []rules.Action{rules.Particulars}},
}

func TestPartsOfAmendments(t *testing.T) {
	const f = rules.VoluntaryProduct
	for _, p := range parts {
		for a := rules.Extend; a <= rules.Particulars; a++ {
			w := newWorld(t, "2017-06-01")
			w.issue(f, "C-1")
			ref := w.issue(f, "V-1")
			d := details(f)
			p.change(d)
			msg := &certificatev1.Amend{
				Number: ref.Number, Decided: w.day(), Action: certificatev1.Action(a), ChangeType: changeFor(f, a), Details: d,
			}
			if slices.Contains(p.may, a) {
				w.ok(cqc, body(cqc), msg)
				h := w.head(ref)
				was, ok, err := Former(w.state, ref, 1)
				r, _, _ := Record(w.state, ref, 2)
				if h.Version != 2 || !ok || err != nil || rules.DigestDetails(was) != r.DetailsBefore || !proto.Equal(w.text(ref), d) {
					t.Errorf("%s by %v: version %d, %v, %v", p.name, a, h.Version, ok, err)
				}
			} else {
				w.refuse(&codePart, cqc, body(cqc), msg)
			}
		}
	}
}

func TestAmendRefuses(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	ref := w.issue(ms, "A-1")
	msg := func(a rules.Action) *certificatev1.Amend { return w.message(ms, a, ref, 0, 0).(*certificatev1.Amend) }
	m := msg(rules.Name)
	m.Details = details(ms)
	w.refuse(&codeUnchanged, cqc, body(cqc), m)
	m.Holder = holder
	w.refuse(&codeUnchanged, cqc, body(cqc), m)
	m.Holder = "x"
	w.refuse(&rules.CodeHolder, cqc, body(cqc), m)
	m.Holder, m.Details = holder2, nil
	w.refuse(&codeMalformed, cqc, body(cqc), m)
	m.Details = details(ms)
	m.Details.Document = []byte{1}
	w.refuse(&codeMalformed, cqc, body(cqc), m)
	m.Details = details(ms)
	m.Details.ScopeZh = "\xff"
	w.refuse(&codeMalformed, cqc, body(cqc), m)
	m = msg(rules.Address)
	m.Holder = holder2
	w.refuse(&codePart, cqc, body(cqc), m)
	m = msg(rules.Address)
	m.ChangeType = "01"
	w.refuse(&rules.CodeChange, cqc, body(cqc), m)
	for _, a := range []certificatev1.Action{0, -1, 99, 263, certificatev1.Action_ACTION_SUSPEND, certificatev1.Action_ACTION_CORRECT} {
		m.Action = a
		w.refuse(&codeMalformed, cqc, body(cqc), m)
	}

	// The code alone may change; that is a new text too.
	m = msg(rules.Name)
	m.ChangeType, m.Holder, m.Details, m.ReissueReason = "09", holder2, details(ms), "0104"
	w.ok(cqc, body(cqc), m)
	if h := w.head(ref); h.Version != 2 || h.Holder != holder2 {
		t.Errorf("head %+v", h)
	}
	if list, err := ByHolder(w.state, holder, rules.Ref{}, 9); err != nil || len(list) != 0 {
		t.Errorf("the old holder still has %v, %v", list, err)
	}
}

func TestMarks(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	w.unmarked = []string{"cqc 02"}
	msg := &certificatev1.Issue{Certificate: w.certificate(ms, "A-1"), Decided: w.day()}
	msg.Certificate.Details.Marks = []string{"01", "02"}
	w.refuse(&codeMarks, cqc, body(cqc), msg)
	msg.Certificate.Details.Marks = []string{"01"}
	w.ok(cqc, body(cqc), msg)
	ref := rules.Ref{Issuer: cqcNumber, Number: "A-1"}
	w.unmarked = []string{"cqc 01"} // what is claimed already is not asked for again
	w.ok(cqc, body(cqc), w.message(ms, rules.Address, ref, 0, 0))
	// For another scheme it is.
	w.refuse(&codeMarks, cqc, body(cqc), &certificatev1.Correct{Number: "A-1", Decided: w.day(), Note: "x", Scheme: "A020101"})
	w.unmarked, w.uncovered = nil, []string{"cqc A020101"}
	w.refuse(&codeApproval, cqc, body(cqc), &certificatev1.Correct{Number: "A-1", Decided: w.day(), Note: "x", Scheme: "A020101"})
}

func TestSubCertificates(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	main := w.issue(ms, "A-1")
	sub := func(number string, of rules.Ref) *certificatev1.Issue {
		m := &certificatev1.Issue{Certificate: w.certificate(ms, number), Decided: w.day()}
		m.Certificate.Details.Main = &certificatev1.Ref{Issuer: of.Issuer, Number: of.Number}
		return m
	}
	w.refuse(&codeMainInvalid, cqc, body(cqc), sub("A-2", rules.Ref{Issuer: cqcNumber, Number: "A-9"}))
	w.refuse(&codeMainInvalid, cqm, body(cqm), sub("A-2", main)) // of another body
	w.refuse(&rules.CodeMain, cqc, body(cqc), sub("A-7", rules.Ref{Issuer: cqcNumber, Number: "A-7"}))
	w.ok(cqc, body(cqc), sub("A-2", main))
	ref := rules.Ref{Issuer: cqcNumber, Number: "A-2"}
	w.refuse(&codeMainInvalid, cqc, body(cqc), sub("A-3", ref)) // of a sub-certificate
	w.flags(ref, rules.FlagSub)

	w.suspend(main, "2017-07-01")
	w.flags(ref, rules.FlagSub|rules.FlagComponentSuspended)
	w.refuse(&codeMainInvalid, cqc, body(cqc), sub("A-3", main))
	w.refuse(&codeMainInvalid, cqc, body(cqc), w.message(ms, rules.Extend, ref, 0, 0))
	w.ok(cqc, body(cqc), w.message(ms, rules.Reduce, ref, 0, 0))
	w.suspend(ref, "2017-07-01")
	w.refuse(&codeMainInvalid, cqc, body(cqc), w.message(ms, rules.Reinstate, ref, 0, 0))
	w.ok(cqc, body(cqc), w.message(ms, rules.Reinstate, main, 0, 0))
	w.ok(cqc, body(cqc), w.message(ms, rules.Reinstate, ref, 0, 0))
	w.flags(ref, rules.FlagSub)
	if list, err := Dependants(w.state, main, rules.Ref{}, 9); err != nil || len(list) != 1 || list[0] != ref {
		t.Errorf("subs %v, %v", list, err)
	}
}

func TestComponents(t *testing.T) {
	const f = rules.VoluntaryProduct
	w := newWorld(t, "2017-06-01")
	cell := w.issue(f, "CELL")
	with := func(number string, of ...rules.Ref) *certificatev1.Issue {
		m := &certificatev1.Issue{Certificate: w.certificate(f, number), Decided: w.day()}
		for _, r := range of {
			m.Certificate.Details.Components = append(m.Certificate.Details.Components, &certificatev1.Ref{Issuer: r.Issuer, Number: r.Number})
		}
		return m
	}
	w.refuse(&codeComponentInvalid, cqm, body(cqm), with("P-1", rules.Ref{Issuer: cqcNumber, Number: "NONE"}))
	w.ok(cqm, body(cqm), with("P-1", cell))
	bank := rules.Ref{Issuer: cqmNumber, Number: "P-1"}
	w.flags(bank, rules.FlagComponents)
	before := *w.head(bank)
	w.suspend(cell, "2017-12-01")
	w.flags(bank, rules.FlagComponents|rules.FlagComponentSuspended)
	if v := w.view(bank); v.Status.Status != rules.Valid || v.Status.Holds() || len(v.Unsound) != 1 || *w.head(bank) != before {
		t.Errorf("view %+v", v)
	}
	w.refuse(&codeComponentInvalid, cqm, body(cqm), with("P-2", cell))
	// An amendment does not ask again for what it has.
	w.ok(cqm, body(cqm), w.message(f, rules.Address, bank, 0, 0))
	w.ok(cqc, body(cqc), w.message(f, rules.Reinstate, cell, 0, 0))
	w.flags(bank, rules.FlagComponents)

	// A renewed component is what it became.
	w.ok(cqc, body(cqc), w.message(f, rules.Renew, cell, 0, 0))
	w.flags(bank, rules.FlagComponents)
	w.refuse(&codeComponentInvalid, cqm, body(cqm), with("P-2", cell)) // but it is not named any more
	w.ok(cqm, body(cqm), with("P-2", rules.Ref{Issuer: cqcNumber, Number: "N-2"}))
	w.suspend(rules.Ref{Issuer: cqcNumber, Number: "N-2"}, "2017-12-01")
	w.flags(bank, rules.FlagComponents|rules.FlagComponentSuspended)

	// The index follows the text.
	d := w.text(bank)
	d.Components = nil
	w.ok(cqm, body(cqm), &certificatev1.Amend{
		Number: "P-1", Decided: w.day(), Action: certificatev1.Action_ACTION_REDUCE, ChangeType: changeFor(f, rules.Reduce), Details: d,
	})
	if list, err := Dependants(w.state, cell, rules.Ref{}, 9); err != nil || len(list) != 0 {
		t.Errorf("dependants %v, %v", list, err)
	}
}

func TestCorrect(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	ref := w.issue(ms, "A-1")
	msg := &certificatev1.Correct{Number: "A-1", Decided: w.day()}
	w.refuse(&codeMalformed, cqc, body(cqc), msg)
	msg.Note = "typing error"
	w.refuse(&codeUnchanged, cqc, body(cqc), msg)
	for _, c := range []struct {
		set  func(m *certificatev1.Correct)
		code func(error) bool
	}{
		{func(m *certificatev1.Correct) { m.Scheme = "B010101" }, rules.CodeScheme.Is},
		{func(m *certificatev1.Correct) { m.Scheme = "?" }, rules.CodeScheme.Is},
		{func(m *certificatev1.Correct) { m.Holder = "?" }, rules.CodeHolder.Is},
		{func(m *certificatev1.Correct) { m.Expires = days("2020-06-02") }, rules.CodeValidity.Is},
		{func(m *certificatev1.Correct) { m.Issued = days("2019-01-01") }, rules.CodeDateOrder.Is},
		{func(m *certificatev1.Correct) { m.FirstIssued = days("2019-01-01") }, rules.CodeDateOrder.Is},
		{func(m *certificatev1.Correct) { m.Expires = -1 }, rules.CodeDate.Is},
		{func(m *certificatev1.Correct) { m.Details = &certificatev1.Details{} }, rules.CodeText.Is},
	} {
		m := proto.CloneOf(msg)
		c.set(m)
		if err := w.do(cqc, body(cqc), m); !c.code(err) {
			t.Errorf("%v: %v", m, err)
		}
	}
	msg.FirstIssued, msg.Issued, msg.Expires, msg.Holder, msg.Scheme = days("2014-06-01"), days("2017-05-30"), days("2020-05-30"), holder2, "A020101"
	w.ok(cqc, body(cqc), msg)
	h := w.head(ref)
	before, _, _ := Record(w.state, ref, 1)
	if h.FirstIssued != date("2014-06-01") || h.Expires != date("2020-05-30") || h.Holder != holder2 || h.Version != 1 ||
		before.After.Holder != holder || before.After.Expires != date("2018-06-01") {
		t.Errorf("head %+v", h)
	}
	w.to("2018-06-02")
	w.endBlock()
	w.status(ref, rules.Valid, "")
}
