package store_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Verifiers in browsers build keys with this package, so it stays pure.
func TestBuildsForWasm(t *testing.T) {
	run := func(args ...string) string {
		cmd := exec.Command("go", args...)
		cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	run("build", "-o", os.DevNull, ".")
	for _, path := range strings.Fields(run("list", "-f", "{{range .Imports}}{{.}}\n{{end}}", ".")) {
		if strings.Contains(path, ".") && path != "github.com/hallmark-ledger/hallmark/crypto/sm3" {
			t.Errorf("imports %s", path)
		}
	}
}
