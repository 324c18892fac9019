package light

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestReasonTable: docs/verifier.md lists every code with its texts.
func TestReasonTable(t *testing.T) {
	const file, begin, end = "../docs/verifier.md", "<!-- reasons -->\n", "<!-- end -->"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), begin)
	old, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the table is not there")
	}
	var table strings.Builder
	table.WriteString("| code | text | 说明 |\n|---|---|---|\n")
	seen := map[string]bool{}
	for _, r := range slices.Concat(reasons, anchoredReasons, tracedReasons) {
		if seen[r.Code] || r.English == "" || r.Chinese == "" {
			t.Errorf("%s is there twice, or lacks a text", r.Code)
		}
		seen[r.Code] = true
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", r.Code, r.English, r.Chinese)
	}
	if old == table.String() {
		return
	}
	if !*update {
		t.Fatal("the table is not that of reasons.go: go test ./light -run ReasonTable -update")
	}
	if err := os.WriteFile(file, []byte(before+begin+table.String()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
