package record

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

const (
	suspendHead = "action,number,decided,reason,suspended_until\n"
	suspendRow  = "suspend,00226Q1,2026-06-01,0111,2026-11-30\n"
)

// TestFaults has what each way of being wrong is told, and where.
func TestFaults(t *testing.T) {
	object := func(more string) string {
		return `{"action":"reinstate","number":"00226Q1","decided":"2026-06-01"` + more + "}\n"
	}
	for _, c := range []struct {
		name, text string
		options    Options
		want       string // the start of the fault
	}{
		{"empty", "", options(CSV), "rows.csv: the file is empty"},
		{"unknown column", "action,numbre\n", options(CSV), "rows.csv:1:8: field numbre: there is no field"},
		{"column twice", "number,action,证书编号\n", options(CSV), "rows.csv:1:15: field number: the columns number and 证书编号 are the same"},
		{"cells", suspendHead + "suspend,00226Q1\n" + suspendRow, options(CSV), "rows.csv:2: the row does not have 5 cells"},
		{"quote", suspendHead + suspendRow + "suspend,\"00226Q1,2026\n", options(CSV), "rows.csv:3:23: the CSV is malformed"},
		{"date", suspendHead + "suspend,00226Q1,2026/6/1,0111,2026-11-30\n", options(CSV), `rows.csv:2:17: field decided: "2026/6/1" is no date`},
		{"lost zero", suspendHead + "suspend,00226Q1,2026-06-01,111,2026-11-30\n", options(CSV), `rows.csv:2:28: field reason: "111" is no code`},
		{"reason", suspendHead + "suspend,00226Q1,2026-06-01,0198,2026-11-30\n", options(CSV), "rows.csv:2:28: field reason: The reason code is not one of this action"},
		{"too long", suspendHead + "suspend,00226Q1,2026-06-01,0111,2027-11-30\n", options(CSV), "rows.csv:2:33: field suspended_until: The suspension would last longer"},
		{"future", suspendHead + "suspend,00226Q1,2026-06-02,0111,2026-11-30\n", options(CSV), "rows.csv:2:17: field decided: The date is after the day"},
		{"number", suspendHead + "suspend,00226q1,2026-06-01,0111,2026-11-30\n", options(CSV), "rows.csv:2:9: field number: The certificate number is malformed"},
		{"missing", suspendHead + "suspend,00226Q1,2026-06-01,,2026-11-30\n", options(CSV), "rows.csv:2: field reason: it is missing: “suspend” needs it"},
		{"strange", suspendHead + "reinstate,00226Q1,2026-06-01,0111,\n", options(CSV), "rows.csv:2:30: field reason: “reinstate” does not take it"},
		{"action", suspendHead + "freeze,00226Q1,2026-06-01,0111,2026-11-30\n", options(CSV), `rows.csv:2:1: field action: there is no action "freeze"`},
		{"chain's action", suspendHead + "lapse,00226Q1,2026-06-01,,\n", options(CSV), `rows.csv:2:1: field action: there is no action "lapse"`},
		{"no action", "number,decided\n00226Q1,2026-06-01\n", options(CSV), "rows.csv:2: field action: it is missing"},
		{"wrong encoding", "action,number\n\xb0\xe4\xb7\xa2,1\n", options(CSV), "rows.csv:2:1: field action: the text is not UTF-8: save"},
		{"wrong header", "\xb2\xd9\xd7\xf7\n", options(CSV), "rows.csv:1:1: the text is not UTF-8: save"},
		{"UTF-16", "\xff\xfea\x00", options(CSV), "rows.csv: the file is UTF-16"},
		{"hash", "action,number,decided,evidence\nreinstate,1,2026-06-01,ABCD\n", options(CSV), `rows.csv:2:24: field evidence: "ABCD" is no SM3 hash`},
		{"component", "action,number,components\nextend,1,123\n", options(CSV), `rows.csv:2:10: field components: "123" names no certificate`},
		{"order number", "action,number,decided,order\nclose order,1,2026-06-01,0\n", options(CSV), `rows.csv:2:26: field order: "0" is no number`},

		{"not an object", "[1]\n", options(JSONLines), "rows.jsonl:1:2: it is no object"},
		{"unknown field", object(`,"numbre":"1"`), options(JSONLines), "rows.jsonl:1:77: field numbre: there is no field"},
		{"unknown object", object(`,"x":{"y":[1,{}]},"note":"n"`), options(JSONLines), "rows.jsonl:1:70: field x: there is no field"},
		{"unknown below", object(`,"details":{"holder":{"name":"x"}}`), options(JSONLines), "rows.jsonl:1:96: field details.holder.name: there is no field"},
		{"twice", object(`,"number":"2"`), options(JSONLines), "rows.jsonl:1:73: field number: it is there twice"},
		{"as a number", `{"number":20160109}`, options(JSONLines), "rows.jsonl:1:19: field number: it is a text"},
		{"boolean", `{"number":true}`, options(JSONLines), "rows.jsonl:1:15: field number: it is a text"},
		{"no list", `{"evidence":"00"}`, options(JSONLines), "rows.jsonl:1:17: field evidence: it is a list"},
		{"entry", `{"evidence":[7]}`, options(JSONLines), "rows.jsonl:1:15: field evidence: its entries are texts"},
		{"no object", `{"details":"x"}`, options(JSONLines), "rows.jsonl:1:15: field details: it is an object"},
		{"decision", `{"decisions":[{"action":"issue"}]}`, options(JSONLines), `rows.jsonl:1:33: field decisions: "issue" is no past decision`},
		{"decision's field", `{"decisions":[{"action":"revoke","decided":"2016-01-01","by":"x"}]}`, options(JSONLines), "rows.jsonl:1:66: field decisions: there is no field"},
		{"two on a line", "{} {}\n", options(JSONLines), "rows.jsonl:1:5: something follows"},
		{"syntax", `{"number" "1"}`, options(JSONLines), "rows.jsonl:1:11: the JSON is malformed"},
		{"too early", `{"number":`, options(JSONLines), "rows.jsonl:1:"},
		{"UTF-8", "{\"note\":\"\xff\"}", options(JSONLines), "rows.jsonl:1: the text is not UTF-8"},
		{"neither", "7", options(JSON), "rows.json:1:2: the file is neither"},
		{"second line", "[\n{},\n" + object(`,"x":1`) + "]", options(JSON), "rows.json:2: field action: it is missing"},
		{"after the list", "[]\n{}", options(JSON), "rows.json:2:2: something follows"},
		{"list too early", "[", options(JSON), "rows.json:1:2: the JSON ends too early"},

		{"format", "", Options{File: "rows.xls", Format: "xls"}, "rows.xls: the format is neither"},
		{"encoding", "", Options{File: "x", Format: CSV, Encoding: "latin1"}, `x: there is no encoding "latin1"`},
		{"mark and encoding", "\xef\xbb\xbfa", Options{File: "x", Format: CSV, Encoding: "gb18030"}, "x: the file begins with a mark of UTF-8"},
		{"encoding of JSON", "{}", Options{File: "x", Format: JSON, Encoding: "gbk"}, "x: JSON is UTF-8 always"},
		{"default", "", Options{File: "x", Format: CSV, Defaults: map[string]string{"x": ""}}, "x: field x: there is no field"},
		{"default's value", object(""), Options{File: "x", Format: JSONLines, Issuer: body, Today: today, Defaults: map[string]string{"evidence": "z"}}, `x:1: field evidence: "z" is no SM3 hash`},
		{"other command", object(""), Options{File: "x", Format: JSONLines, Actions: Amendments, Issuer: body, Today: today}, "x:1:22: field action: “reinstate” is not for this command, only: extend,"},
	} {
		_, faults := readAll(t, c.text, c.options)
		if len(faults) == 0 || !strings.HasPrefix(faults[0].Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, faults, c.want)
			continue
		}
		if zh := faults[0].Chinese(); !strings.ContainsFunc(zh, func(r rune) bool { return r >= 0x4e00 }) {
			t.Errorf("%s: in Chinese it is %q", c.name, zh)
		}
	}
}

// TestGoesOn: a fault of a row leaves the others readable.
func TestGoesOn(t *testing.T) {
	good := `{"action":"reinstate","number":"00226Q1","decided":"2026-06-01"}`
	for _, c := range []struct {
		format Format
		text   string
	}{
		{CSV, suspendHead + "suspend,00226Q1\n" + "suspend,00226Q1,x,0111,2026-11-30\n" + suspendRow},
		{JSONLines, `{"action":` + "\n" + `{"action":"x","a":[{}],"number":"1"}` + "\n\n" + good},
		{JSON, "[" + `{"action":7}` + ",\n" + `{"x":{"y":[1]},"number":"1"}` + ",\n" + good + "]"},
	} {
		rows, faults := readAll(t, c.text, options(c.format))
		if len(rows) != 1 || rows[0].N != 3 || len(faults) != 2 || faults[0].Row != 1 || faults[1].Row != 2 {
			t.Errorf("%s: %d rows, %v", c.format, len(rows), faults)
		}
	}
}

func TestUnclosedQuote(t *testing.T) {
	_, faults := readAll(t, suspendHead+`suspend,"`+strings.Repeat("x\n", maxRow), options(CSV))
	if len(faults) != 1 || !strings.Contains(faults[0].Error(), "a row has more than") {
		t.Error(faults)
	}
	_, faults = readAll(t, strings.Repeat(" ", maxRow+1), options(JSONLines))
	if len(faults) != 1 || !strings.Contains(faults[0].Error(), "the line has more than") {
		t.Error(faults)
	}
}

// TestCheck changes one thing of a legal record.
func TestCheck(t *testing.T) {
	first := func(a rules.Action) *Record {
		for _, r := range samples() {
			if r.Action == a {
				return r
			}
		}
		panic(a)
	}
	for i, c := range []struct {
		action rules.Action
		change func(*Record)
		field  string
		want   string
	}{
		{rules.Issue, func(r *Record) { r.Issuer = other }, "issuer", "the new certificate is of"},
		{rules.Issue, func(r *Record) { r.Scheme = "X1" }, "scheme", "belongs to no scheme family"},
		{rules.Issue, func(r *Record) { r.Scheme = "B010101" }, "number", "16 digits"},
		{rules.Issue, func(r *Record) { r.Holder = uscc[:17] + "N" }, "holder", "neither a unified"},
		{rules.Issue, func(r *Record) { r.Expires = day("2029-06-01") }, "expires", "longer than its family"},
		{rules.Issue, func(r *Record) { r.Expires = day("2026-05-31") }, "expires", "run out"},
		{rules.Issue, func(r *Record) { r.Details = productText() }, "details", "product certificates"},
		{rules.Issue, func(r *Record) { r.Details.Standards = nil }, "details", "no standard"},
		{rules.Issue, func(r *Record) { r.Note = "two\nlines" }, "note", "U+000A"},
		{rules.Issue, func(r *Record) { r.Note = " x" }, "note", "space"},
		{rules.Issue, func(r *Record) { r.Note = strings.Repeat("说", 400) }, "note", "1200 bytes"},
		{rules.Issue, func(r *Record) { r.Evidence[1] = r.Evidence[0] }, "evidence", "twice"},
		{rules.Renew, func(r *Record) { r.OldIssuer = other }, "old_issuer", "within one body"},
		{rules.Renew, func(r *Record) { r.OldNumber = "ü" }, "old_number", "number is malformed"},
		{rules.Renew, func(r *Record) { r.ReissueReason = "0103" }, "reissue_reason", "not one of this action"},
		{rules.Renew, func(r *Record) { r.Issued = day("2026-06-02") }, "issued", "no gap"},
		{rules.Transfer, func(r *Record) { r.OldIssuer = body }, "old_issuer", "between two"},
		{rules.Import, func(r *Record) { r.Issued = day("2026-06-02"); r.Expires = r.Issued }, "issued", "after the day"},
		{rules.Import, func(r *Record) { r.Reason = "0111" }, "status", "reason"},
		{rules.Import, func(r *Record) { r.Decisions[1].Decided = day("2016-02-01") }, "decisions", "contradict"},
		{rules.Import, func(r *Record) { r.Decisions[1].Action = rules.Cancel }, "decisions", "not cancelled"},
		{rules.Import, func(r *Record) { r.Decisions[0].Reason = "0198" }, "decisions", "reason"},
		{rules.Import, func(r *Record) { r.Decisions = append(r.Decisions, r.Decisions[2]) }, "decisions", "has been revoked"},
		{rules.Extend, func(r *Record) { r.ChangeType = "01" }, "change_type", "change type"},
		{rules.Extend, func(r *Record) { r.Holder = uscc }, "holder", "does not take it"},
		{rules.Name, func(r *Record) { r.Holder = "x" }, "holder", "neither a unified"},
		{rules.Correct, func(r *Record) { r.Expires = 0 }, "", "nothing is corrected"},
		{rules.Order, func(r *Record) { r.Due = day("2026-05-31") }, "due", "passed"},
		{rules.Flag, func(r *Record) { r.Note = "" }, "note", "missing"},
		{rules.Cancel, func(r *Record) { r.Reason = "0201" }, "reason", "not"},
	} {
		r := first(c.action)
		c.change(r)
		f := r.check(body, today)
		if f == nil || f.Field != c.field || !strings.Contains(f.Error(), c.want) {
			t.Errorf("%d, %v: got %v, want %s: %s", i, c.action, f, c.field, c.want)
		}
	}
	r := first(rules.Suspend)
	if f := r.check("", today); f == nil || f.Field != "issuer" {
		t.Errorf("nobody's certificate: %v", f)
	}
}

func ExampleFault() {
	r, err := NewReader(strings.NewReader("证书编号,决定日期\n00226Q1,2026/6/1\n"), Options{File: "恢复.csv", Format: CSV, Actions: []rules.Action{rules.Reinstate}})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = r.Next()
	fmt.Println(err)
	fmt.Println(err.(*Fault).Chinese())
	// Output:
	// 恢复.csv:2:9: field decided: "2026/6/1" is no date: write it as 2026-06-01
	// 恢复.csv:2:9: 字段 decided: “2026/6/1”不是日期，应写作 2026-06-01
}
