package connected

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of reasons in docs/verifier.md")

// TestReasonTable: docs/verifier.md lists every reason why there is no header.
func TestReasonTable(t *testing.T) {
	const file, begin, end = "../../docs/verifier.md", "<!-- connected reasons -->\n", "<!-- connected end -->"
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
	// The last is of package light, whose tests hold it to its own text.
	for _, r := range append(slices.Clone(reasons), reason("block-before-date-ended", "The block was made before that date ended.", "区块早于该日期结束。")) {
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
		t.Fatal("the table is not that of reasons.go: go test ./light/connected -run ReasonTable -update")
	}
	if err := os.WriteFile(file, []byte(before+begin+table.String()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
