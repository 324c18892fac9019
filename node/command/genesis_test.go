package command

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/node"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// hallmarkd runs the command and returns what it prints.
func hallmarkd(args ...string) (code int, out, errOut string) {
	var stdout, stderr bytes.Buffer
	c := New()
	c.SetArgs(args)
	c.SetOut(&stdout)
	c.SetErr(&stderr)
	code = run(context.Background(), c, &stderr)
	return code, stdout.String(), stderr.String()
}

// TestGenesis: two organisations make the genesis of four validators, each by
// itself, and it is the same.
func TestGenesis(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for i, name := range []string{"val-bj", "val-gd", "val-sh", "val-sz"} {
		id, err := node.InitHome(filepath.Join(dir, name), node.InitOptions{
			ChainID: apptest.Chain, Member: apptest.Regulators[i%3], Iterations: 100_000,
			Passphrase: func(keystore.Request) ([]byte, error) { return []byte("a pass phrase"), nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, filepath.Join(dir, name+".json"))
		write(t, files[i], id)
	}
	state := apptest.Genesis(1, 4)
	state.Validator = validator.Genesis{}
	write(t, filepath.Join(dir, "state.json"), state)
	arguments := func(out string, files ...string) []string {
		return append([]string{
			"genesis", "make", "--chain-id", apptest.Chain, "--time", "2026-06-01T04:00:00Z",
			"--state", filepath.Join(dir, "state.json"), "--out", filepath.Join(dir, out),
		}, files...)
	}
	code, first, errOut := hallmarkd(arguments("a.json", files...)...)
	if code != 0 {
		t.Fatal(errOut)
	}
	code, second, errOut := hallmarkd(arguments("b.json", files[2], files[1], files[0], files[3])...)
	if code != 0 || first != second {
		t.Fatalf("%s\n%s\nis not\n%s", errOut, second, first)
	}
	code, third, errOut := hallmarkd("genesis", "check", filepath.Join(dir, "a.json"))
	if code != 0 || third != first || !strings.Contains(first, "val-sz") || !strings.Contains(first, "SM3") {
		t.Errorf("%s\n%s", errOut, third)
	}

	if code, _, _ := hallmarkd(arguments("a.json", files...)...); code != exitFailed {
		t.Error("a file was overwritten")
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files[0], bytes.Replace(raw, []byte(`"cnca"`), []byte(`"samr-bj"`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errOut = hallmarkd(arguments("c.json", files...)...)
	if code != exitFailed || !strings.Contains(errOut, "proof") {
		t.Errorf("a validator under another member's name: %d %s", code, errOut)
	}
}

func write(t *testing.T, path string, v any) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}
