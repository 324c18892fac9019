package record

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

const (
	body  = "CNCA-R-2002-002"
	other = "CNCA-R-2003-104"
	cqc   = "CNCA-R-2002-001"
	uscc  = "91371323760038087M"
)

var today = day("2026-06-01")

func day(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func systemText() rules.Details {
	return rules.Details{
		Holder:       rules.Party{NameChinese: "山东泓达生物科技有限公司", AddressChinese: "山东省临沂市沂水县，长安路 1 号", Country: "156", Region: "371323"},
		ScopeChinese: "饲料添加剂的生产", ScopeCodes: []string{"03.07", "29.03"},
		Standards: []string{"GB/T 19001-2016", "ISO 9001:2015"}, Marks: []string{"01"},
		Main: rules.Ref{Issuer: body, Number: "00226Q10001R0S"}, Document: sm3.Sum([]byte("document")),
		Evidence: []sm3.Hash{sm3.Sum([]byte("report"))},
	}
}

func productText() rules.Details {
	p := rules.Party{NameEnglish: `Example "Power" Ltd, Inc.`, AddressEnglish: "1 Main Street", Country: "840"}
	return rules.Details{
		Holder: p, Producer: p, Factory: p, ScopeChinese: "移动电源", ScopeEnglish: "Power bank",
		Standards: []string{"GB 4943.1-2022"}, TradeMark: "Example", Models: []string{"HD-10000", "HD-20000"},
		GTINs:      []string{"06901234567892"},
		Components: []rules.Ref{{Issuer: cqc, Number: "2013010702607951"}, {Issuer: other, Number: "10416Q20770R1S/01"}},
	}
}

// samples has a legal record of every action, of body on the day today.
func samples() []*Record {
	made := Record{
		Number: "00226Q10097R2S", Decided: day("2026-05-30"), Scheme: "A010101", Holder: uscc,
		FirstIssued: day("2020-01-15"), Issued: day("2026-05-31"), Expires: day("2029-05-30"), Details: systemText(),
		Evidence: []sm3.Hash{sm3.Sum([]byte("a")), sm3.Sum([]byte("b"))}, Note: "依据审核报告",
	}
	on := Record{Number: "00226Q10097R2S", Decided: day("2026-06-01")}
	add := func(r Record, a rules.Action, change func(*Record)) *Record {
		r.Action = a
		change(&r)
		return &r
	}
	list := []*Record{
		add(made, rules.Issue, func(*Record) {}),
		add(made, rules.Issue, func(r *Record) {
			r.Scheme, r.Holder, r.Details, r.Number = "B030101", "840:C1234567", productText(), "EX_2026(1).7"
		}),
		add(made, rules.Import, func(r *Record) {
			r.Decided, r.Issued, r.Expires, r.FirstIssued = day("2016-01-15"), day("2016-01-15"), day("2018-09-15"), day("2012-09-16")
			r.Status, r.ReissueReason = rules.Valid, "0102"
			r.Decisions = []Decision{
				{rules.Suspend, day("2016-03-01"), "0111", day("2016-03-01"), day("2016-08-31"), ""},
				{rules.Reinstate, day("2016-05-20"), "", 0, 0, ""},
				{rules.Revoke, day("2017-09-01"), "0116", 0, 0, ""},
			}
		}),
		add(made, rules.Renew, func(r *Record) { r.OldNumber, r.ReissueReason = "00223Q10097R1S", "0102" }),
		add(made, rules.Transfer, func(r *Record) { r.OldNumber, r.OldIssuer = "10423Q20770R1S/3500", other }),
		add(on, rules.Suspend, func(r *Record) { r.Reason, r.SuspendedFrom, r.SuspendedUntil = "0111", r.Decided, day("2026-11-30") }),
		add(on, rules.Reinstate, func(*Record) {}),
		add(on, rules.Revoke, func(r *Record) { r.Reason, r.Issuer = "0116", other }),
		add(on, rules.Cancel, func(r *Record) { r.Reason = "0202" }),
		add(on, rules.Correct, func(r *Record) { r.Note, r.Expires = "到期日期录入有误", day("2029-05-29") }),
		add(on, rules.Correct, func(r *Record) { r.Note, r.Details = "名称录入有误", systemText() }),
		add(on, rules.Annul, func(r *Record) { r.Note = "重复填报" }),
		add(on, rules.Order, func(r *Record) { r.Note, r.Due, r.Issuer = "整改", day("2026-07-01"), other }),
		add(on, rules.CloseOrder, func(r *Record) { r.Order, r.Issuer = 12, other }),
		add(on, rules.Flag, func(r *Record) { r.Note, r.Issuer = "假冒线索", other }),
		add(on, rules.Unflag, func(r *Record) { r.Member, r.Issuer = "samr", other }),
	}
	for i, change := range []string{"05", "06", "01", "02", "07", "08", "96"} {
		list = append(list, add(on, Amendments[i], func(r *Record) { r.ChangeType, r.Details = change, systemText() }))
	}
	list[len(list)-1].ReissueReason = "0104"
	return list
}

// options are those of body on the day today.
func options(f Format) Options {
	return Options{File: "rows." + string(f), Format: f, Issuer: body, Today: today}
}

// readAll reads rows and faults.
func readAll(t testing.TB, text string, o Options) (rows []*Row, faults []*Fault) {
	t.Helper()
	add := func(err error) bool {
		var f *Fault
		if !errors.As(err, &f) {
			t.Fatalf("not a fault: %v", err)
		}
		faults = append(faults, f)
		return !f.Fatal
	}
	r, err := NewReader(strings.NewReader(text), o)
	if err != nil {
		add(err)
		return nil, faults
	}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, faults
		}
		if err == nil {
			rows = append(rows, row)
		} else if !add(err) {
			if _, again := r.Next(); again != err {
				t.Fatalf("after %v: %v", err, again)
			}
			return rows, faults
		}
	}
}
