package testnet_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
)

// TestMemberGuide runs the session of docs/member.md, as a reader would type it,
// with the real programs on a network of four processes.
func TestMemberGuide(t *testing.T) {
	if testing.Short() {
		t.Skip("runs four nodes")
	}
	steps, err := session("../docs/member.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) < 15 {
		t.Fatalf("the session has %d commands", len(steps))
	}
	bin := buildPrograms(t)
	network := startNetwork(t, filepath.Join(bin, "hallmarkd"))
	dir := t.TempDir()
	script := filepath.Join(dir, "member.txt")
	if err := os.WriteFile(script, []byte(testscriptOf(steps)), 0o600); err != nil {
		t.Fatal(err)
	}
	params := testscript.Params{
		Files:               []string{script},
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			for name, value := range map[string]string{
				"PATH": bin + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME": env.WorkDir, "LANG": "en_US.UTF-8", "LC_ALL": "",
				"HALLMARK_NODES": strings.Join(network.URLs(), ","), "HALLMARK_PASSPHRASE": generate.Passphrase,
				"KEYS": network.Path(network.Keys),
			} {
				env.Setenv(name, value)
			}
			var errs []error
			for i, s := range steps {
				errs = append(errs, os.WriteFile(filepath.Join(env.WorkDir, s.file(i)), []byte(s.shell()), 0o600))
			}
			return errors.Join(errs...)
		},
	}
	t.Run("session", func(t *testing.T) { testscript.Run(t, params) })
	checkMetrics(t, network)
}

// step is a command of the session and the lines that are shown of its output.
type step struct {
	command string
	output  []string
}

// session returns the commands of the blocks marked “sh session”. A line that
// begins with "$ " is a command, "> " goes on with it, others are output.
func session(path string) (steps []step, err error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	inside := false
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSuffix(line, "\n")
		command, isCommand := strings.CutPrefix(line, "$ ")
		more, isMore := strings.CutPrefix(line, "> ")
		switch {
		case line == "```sh session":
			inside = true
		case !inside:
		case line == "```":
			inside = false
		case isCommand:
			steps = append(steps, step{command: command})
		case len(steps) == 0:
			return nil, fmt.Errorf("%s: the session begins with output: %q", path, line)
		case isMore:
			steps[len(steps)-1].command += "\n" + more
		default:
			last := &steps[len(steps)-1]
			last.output = append(last.output, line)
		}
	}
	return steps, nil
}

func (step) file(i int) string { return fmt.Sprintf("command-%02d.sh", i) }

// shell is a script that runs the command with the variables that those before
// have exported.
func (s step) shell() string {
	return "set -eu\nexec 2>&1\nif [ -f variables ]; then . ./variables; fi\n" + s.command + "\nexport -p > variables\n"
}

// testscriptOf runs each command and looks for each line that is shown.
func testscriptOf(steps []step) string {
	var b strings.Builder
	for i, s := range steps {
		fmt.Fprintf(&b, "# %s\nexec sh %s\n", strings.ReplaceAll(s.command, "\n", "\n# "), s.file(i))
		for _, line := range s.output {
			pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(line)), "…", ".+")
			pattern = regexp.MustCompile(` +`).ReplaceAllString(pattern, ` +`) // columns are as wide as they must be
			fmt.Fprintf(&b, "stdout '^ *%s *$'\n", strings.ReplaceAll(pattern, "'", "''"))
		}
	}
	return b.String()
}

// buildPrograms builds hallmark and hallmarkd and returns their folder.
func buildPrograms(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	c := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "../cmd/hallmark", "../cmd/hallmarkd")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// startNetwork starts four validators as processes.
func startNetwork(t *testing.T, program string) *runner.Network {
	t.Helper()
	summary, err := generate.Create(t.Context(), filepath.Join(t.TempDir(), "net"), generate.Options{Validators: 4})
	if err != nil {
		t.Fatal(err)
	}
	n, err := runner.New(t.Context(), summary, runner.Options{Program: []string{program}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := n.Start(ctx); err != nil {
		t.Fatal(err)
	}
	return n
}
