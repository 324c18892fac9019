package rules

import (
	"fmt"
	"strings"
	"testing"
)

// TestDocument keeps docs/rules.md, for those who read the rules and not the
// code, equal to the tables.
func TestDocument(t *testing.T) { golden(t, "../../../docs/rules.md", []byte(document())) }

func document() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# Rules of certificates\n")
	p("Written from the tables of `x/certificate/rules` by its tests (`go test ./x/certificate/rules -update`); the grounds of what differs by family are in that package's documentation. Codes and Chinese texts are those of the certification reporting specification (CNCA); the English is ours.\n")
	p("## Scheme families\n")
	p("| | longest validity | longest suspension | after the last day | when renewed or transferred | cancellation |")
	p("|---|---|---|---|---|---|")
	for _, f := range Families {
		r := f.Rules()
		p("| %s %s | %s | %s | %s | %s | %s |", r.Name.English, r.Name.Chinese, months(r.ValidityMonths), months(r.SuspensionMonths),
			close(r.Lapses), close(r.Replaced), map[bool]string{true: "yes", false: "no"}[r.Cancels()])
	}
	p("\nA certificate begins at most %d months after its decision. Renewed, it may last for the longest validity from the last day of the old one, if that is at most %d months after the day of issue; else from the day of issue.", AheadMonths, AheadMonths)
	p("\nPeriods of months end with the day of the same number, or the last of the month, and include it.\n")
	p("## Who may do what, and from which status\n")
	p("Every pair, by family: `x/certificate/rules/testdata/matrix.txt`. What a body decides needs two people, a certifier and an approver.\n")
	p("| action | decided by | from | also by a stopped body |")
	p("|---|---|---|---|")
	by := []string{"", "the body", "the body and a regulator", "a regulator", "governance", "the chain", "both bodies"}
	for _, a := range Actions() {
		var from []string
		for _, s := range append([]Status{None}, Statuses...) {
			if _, code := Next(CCC, s, a); code == nil {
				from = append(from, s.String())
			}
		}
		stopped := "no"
		if a.OpenToStopped() {
			stopped = "yes"
		}
		if by := a.By(); by == ByRegulator || by == ByGovernance || by == ByChain {
			stopped = ""
		}
		p("| %s %s | %s | %s | %s |", a, a.Text().Chinese, by[a.By()], strings.Join(from, ", "), stopped)
	}
	p("\nManagement systems and services have no cancellation. Of a renewal or transfer, the new certificate comes from none.\n")
	for _, t := range []struct {
		title  string
		family Family
	}{{"Management systems and services", ManagementSystem}, {"CCC and voluntary products", CCC}} {
		for _, s := range []Status{Suspended, Revoked, Cancelled} {
			reasons(p, t.title, s, t.family.Rules().Reasons(s))
		}
		p("## %s: change types\n", t.title)
		p("| code | for | 中文 | English | reported as |")
		p("|---|---|---|---|---|")
		for _, c := range t.family.Rules().ChangeTypes() {
			p("| %s | %s | %s | %s | %s |", c.Code, list(c.For), c.Chinese, c.English, c.Report)
		}
		p("")
	}
	p("## Reissue reasons\n")
	p("| code | for | 中文 | English |")
	p("|---|---|---|---|")
	for _, r := range ReissueReasons {
		p("| %s | %s | %s | %s |", r.Code, list(r.For), r.Chinese, r.English)
	}
	p("\n## Flags\n")
	p("| flag | 中文 | the claim \"valid\" holds with it |")
	p("|---|---|---|")
	for _, f := range flagNames {
		p("| %s | %s | %s |", f.name.English, f.name.Chinese, map[bool]string{true: "no", false: "yes"}[f.flag&Blocking != 0])
	}
	return b.String()
}

func reasons(p func(string, ...any), title string, s Status, table []Reason) {
	if len(table) == 0 {
		return
	}
	act := map[Status]Action{Suspended: Suspend, Revoked: Revoke, Cancelled: Cancel}[s]
	p("## %s: reasons to %v %s\n", title, act, act.Text().Chinese)
	if s == Suspended {
		p("A suspension bars nobody.\n")
		p("| code | 中文 | English |")
		p("|---|---|---|")
		for _, r := range table {
			p("| %s | %s | %s |", r.Code, r.Chinese, r.English)
		}
		p("")
		return
	}
	p("| code | 中文 | English | barred | grounds |")
	p("|---|---|---|---|---|")
	for _, r := range table {
		grounds := r.Grounds
		if r.Reserved {
			grounds += " (never given by hand)"
		}
		p("| %s | %s | %s | %s | %s |", r.Code, r.Chinese, r.English, map[bool]string{true: months(r.BarMonths), false: "no"}[r.BarMonths > 0], grounds)
	}
	p("")
}

func months(n int) string {
	if n == 0 {
		return "no limit"
	}
	return fmt.Sprintf("%d months", n)
}

func close(c Close) string {
	return strings.TrimSpace(fmt.Sprintf("%v %s %s", c.Status, c.Status.Code(), c.Reason))
}

func list(actions []Action) string {
	var names []string
	for _, a := range actions {
		names = append(names, a.String())
	}
	return strings.Join(names, ", ")
}
