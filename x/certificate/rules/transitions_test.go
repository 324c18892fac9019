package rules

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/x/exec"
)

var update = flag.Bool("update", false, "write testdata and docs/rules.md anew")

// golden compares got with a file of the repository.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; go test -update writes it anew:\n%s", file, got)
	}
}

// matrix prints the result of every (family, status, action): a status, or a
// refusal by its number.
func matrix() []byte {
	var b strings.Builder
	b.WriteString("Status after an action, by scheme family and effective status before.\n")
	b.WriteString("A number is the code of the refusal; \"as stated\" is named by the act itself.\n")
	for _, f := range Families {
		fmt.Fprintf(&b, "\n%v\n\n%-13s", f, "")
		for _, s := range append([]Status{None}, Statuses...) {
			fmt.Fprintf(&b, " %-10v", s)
		}
		b.WriteByte('\n')
		for _, a := range Actions() {
			fmt.Fprintf(&b, "%-13v", a)
			for _, s := range append([]Status{None}, Statuses...) {
				to, code := Next(f, s, a)
				cell := to.String()
				if code != nil {
					cell = fmt.Sprint(code.Number)
				}
				fmt.Fprintf(&b, " %-10s", cell)
			}
			b.WriteByte('\n')
		}
	}
	b.WriteByte('\n')
	for _, c := range Codes()[:12] {
		fmt.Fprintf(&b, "%d %s\n", c.Number, c.Name)
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return []byte(strings.Join(lines, "\n"))
}

func TestMatrix(t *testing.T) { golden(t, "testdata/matrix.txt", matrix()) }

// TestNext holds the matrix against design §6, line by line, in a second way.
func TestNext(t *testing.T) {
	for _, f := range Families {
		for _, from := range append([]Status{None}, Statuses...) {
			for _, a := range Actions() {
				to, code := Next(f, from, a)
				want, ok := expected(f, from, a)
				if ok != (code == nil) || ok && to != want {
					t.Errorf("%v, %v, %v: got %v, %v; want %v, %t", f, from, a, to, code, want, ok)
				}
				if code != nil && to != None {
					t.Errorf("%v, %v, %v: refused, but %v", f, from, a, to)
				}
			}
		}
	}
}

func expected(f Family, from Status, a Action) (Status, bool) {
	live := from == Valid || from == Suspended
	system := f == ManagementSystem || f == Service
	switch a {
	case Issue:
		return Valid, from == None
	case Import:
		return AsStated, from == None
	case Suspend:
		return Suspended, from == Valid
	case Reinstate:
		return Valid, from == Suspended
	case Revoke:
		return Revoked, live
	case Cancel:
		return Cancelled, live && !system
	case Extend, Name, Address, Model, Standard, Particulars:
		return Valid, from == Valid
	case Reduce:
		return from, live
	case Correct:
		return from, from != None
	case Annul:
		return Annulled, from != None && from != Annulled
	case Reverse:
		return AsStated, from != None && !live
	case Renew, Transfer:
		if from == Valid {
			return map[bool]Status{true: Revoked, false: Cancelled}[system], true
		}
		return Valid, from == None
	case Lapse:
		return map[bool]Status{true: Expired, false: Cancelled}[system], live
	case Overdue:
		return Suspended, from == Suspended
	case Order:
		return from, live
	case CloseOrder, Flag, Unflag:
		return from, from != None
	}
	return None, false
}

func TestNextOfUnknown(t *testing.T) {
	for _, c := range []struct {
		family Family
		from   Status
		action Action
		want   *exec.Code
	}{
		{0, Valid, Suspend, &CodeScheme},
		{5, Valid, Suspend, &CodeScheme},
		{CCC, Valid, 0, &CodeAction},
		{CCC, Valid, 25, &CodeAction},
		{CCC, None, 25, &CodeAction},
		{CCC, 7, Suspend, &CodeAction},
		{CCC, AsStated, Suspend, &CodeAction},
		{CCC, same, Flag, &CodeAction},
	} {
		if to, code := Next(c.family, c.from, c.action); code != c.want || to != None {
			t.Errorf("%v, %v, %v: got %v, %v; want %v", c.family, c.from, c.action, to, code, c.want.Name)
		}
	}
}

func TestCodes(t *testing.T) {
	codes := Codes()
	names := map[string]bool{}
	for i, c := range codes {
		if c.Number != 400+uint32(i) || c.Number > 449 {
			t.Errorf("%s has number %d at place %d", c.Name, c.Number, i)
		}
		if names[c.Name] || c.Name == "" || c.English == "" || c.Chinese == "" {
			t.Errorf("%d %q is there twice or lacks a text", c.Number, c.Name)
		}
		names[c.Name] = true
	}
}

func TestNames(t *testing.T) {
	for _, s := range append([]Status{None, AsStated, 9}, Statuses...) {
		if s.String() == "" || s.Text().Chinese == "" {
			t.Errorf("status %d has no name", s)
		}
	}
	codes := ""
	for _, s := range append([]Status{None, AsStated}, Statuses...) {
		codes += s.Code() + " "
	}
	if codes != "  01 02 03 04 05  " {
		t.Errorf("national codes: %q", codes)
	}
	if len(Actions()) != 24 {
		t.Errorf("%d actions", len(Actions()))
	}
	for _, a := range Actions() {
		if a.Text().English == "" || a.Text().Chinese == "" || a.By() == 0 {
			t.Errorf("action %d lacks a name or who decides", a)
		}
	}
	if a := Action(99); a.String() != "unknown" || a.By() != 0 || a.OpenToStopped() || Family(9).String() != "unknown" {
		t.Error("unknown action or family")
	}
	if len((StoredFlags|Blocking|FlagOrder|FlagBodyStopped).Names()) != len(flagNames) || FlagImported.String() != "imported" {
		t.Error("flags without a name")
	}
}

// TestStoppedBody holds the actions of a stopped body against design §6.
func TestStoppedBody(t *testing.T) {
	open := ""
	for _, a := range Actions() {
		if by := a.By(); a.OpenToStopped() && (by == ByBody || by == ByBothBodies || by == ByBodyAndRegulator) {
			open += a.String() + " "
		}
	}
	if open != "suspend revoke cancel reduce annul transfer " {
		t.Errorf("a stopped body may %s", open)
	}
}
