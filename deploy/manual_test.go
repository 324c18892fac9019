package deploy_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/node"
)

var update = flag.Bool("update", false, "write the configuration into the manual")

// TestConfiguration: the manual shows the file that hallmarkd writes.
func TestConfiguration(t *testing.T) {
	const path, begin, end = "../docs/operator.md", "<!-- configuration -->\n", "<!-- end of configuration -->"
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), begin)
	got, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the manual has no place for the configuration")
	}
	want := "```toml\n" + strings.TrimSpace(string(node.Default("/var/lib/hallmarkd").TOML(false))) + "\n```\n"
	if got == want {
		return
	}
	if !*update {
		t.Fatal("the manual shows another configuration; write it with: go test ./deploy -update")
	}
	if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
