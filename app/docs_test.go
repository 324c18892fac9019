package app_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// ranges are those of package exec, and the application's own.
var ranges = []struct {
	first, last uint32
	prefix      string
	title       string
}{
	{1, 99, "tx", "Transactions"},
	{100, 199, "member", "Members"},
	{200, 299, "governance", "Governance"},
	{300, 399, "validator", "Validators"},
	{400, 499, "certificate", "Certificates"},
	{500, 599, "evidence", "Evidence"},
	{600, 699, "trace", "Traces"},
	{900, 999, "node", "The node"},
}

// TestCodes keeps docs/codes.md, and checks that every code has a number of its
// own in its range, a name of its own, and both texts.
func TestCodes(t *testing.T) {
	names, last := map[string]bool{}, uint32(0)
	for _, c := range app.Codes() {
		if c.Number <= last {
			t.Errorf("%d %s comes after %d", c.Number, c.Name, last)
		}
		last = c.Number
		if names[c.Name] {
			t.Errorf("%s is there twice", c.Name)
		}
		names[c.Name] = true
		if c.English == "" || c.Chinese == "" || strings.ToLower(c.Name) != c.Name || strings.ContainsAny(c.Name, " -") {
			t.Errorf("%d %q: both texts, and a name in snake case, are needed", c.Number, c.Name)
		}
		if !inRange(c) {
			t.Errorf("%d %s is in no range", c.Number, c.Name)
		}
	}
	golden(t, "../docs/codes.md", document())
}

func inRange(c *exec.Code) bool {
	for _, r := range ranges {
		if c.Number >= r.first && c.Number <= r.last {
			return true
		}
	}
	return false
}

func document() string {
	var b strings.Builder
	b.WriteString("# Codes\n\nWritten from the source (`go test ./app -run TestCodes -update`). A code never changes its meaning. " +
		"0 says that a message or transaction was done. The text that comes with a code says what exactly was wrong.\n")
	for _, r := range ranges {
		fmt.Fprintf(&b, "\n## %s, %d–%d\n\n| code | name | | |\n|---|---|---|---|\n", r.title, r.first, r.last)
		for _, c := range app.Codes() {
			if c.Number >= r.first && c.Number <= r.last {
				fmt.Fprintf(&b, "| %d | `%s` | %s | %s |\n", c.Number, c.Name, cell(c.English), cell(c.Chinese))
			}
		}
	}
	return b.String()
}

func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

// golden compares a file with what it should be, or writes it.
func golden(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not up to date: go test ./app -update", path)
	}
}

var (
	eventType = regexp.MustCompile(`Event\w+\s*= "([a-z_.]+)"`)
	attribute = regexp.MustCompile(`Attr\w+\s*= "([a-z_]+)"`)
)

// TestEvents compares docs/events.md with the constants of all modules.
func TestEvents(t *testing.T) {
	files, err := filepath.Glob("../x/*/events.go")
	if err != nil || len(files) < 4 {
		t.Fatalf("%v, %v", files, err)
	}
	page, err := os.ReadFile("../docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, "result.go") {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range eventType.FindAllSubmatch(source, -1) {
			if !bytes.Contains(page, fmt.Appendf(nil, "| `%s` |", m[1])) {
				t.Errorf("docs/events.md lacks the event %s of %s", m[1], file)
			}
		}
		for _, m := range attribute.FindAllSubmatch(source, -1) {
			if !bytes.Contains(page, fmt.Appendf(nil, "`%s`", m[1])) {
				t.Errorf("docs/events.md lacks the attribute %s of %s", m[1], file)
			}
		}
	}
}

// undocumented returns the types of events that docs/events.md does not have.
func undocumented() (missing []string) {
	text, err := os.ReadFile("../docs/events.md")
	if err != nil {
		return []string{err.Error()}
	}
	for kind := range seen {
		if !strings.Contains(string(text), "| `"+kind+"` |") {
			missing = append(missing, kind)
		}
	}
	return missing
}
