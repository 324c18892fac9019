package demo

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/node/command"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/words"
)

// asNode makes the test binary behave as hallmarkd.
const asNode = "TEST_AS_HALLMARKD"

func TestMain(m *testing.M) {
	if os.Getenv(asNode) != "" {
		os.Exit(command.Main())
	}
	os.Exit(m.Run())
}

// TestRun is the whole demonstration with four processes.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("runs four nodes for half a minute")
	}
	var out bytes.Buffer
	dir := filepath.Join(t.TempDir(), "demo")
	err := Run(t.Context(), &out, Options{Dir: dir, Once: true, Env: []string{asNode + "=1"}, Language: words.Both})
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{
		"1/16 Start", "15/16 Kill", "16/16 Write", "nobody ever issued it (", "nothing is established", "00114E22766R2L/3502", "expired 05", "过期失效 05", "holder_barred (460)", "certificate_revoked (404)",
		"body_stopped (455)", "no body has ever issued it", "All is as it should be", "全部符合预期",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q", want)
		}
	}
	for _, not := range []string{"%!", "\x1b"} {
		if strings.Contains(out.String(), not) {
			t.Errorf("the output has %q", not)
		}
	}
	if t.Failed() {
		t.Log(out.String())
	}
	if err := Run(t.Context(), &out, Options{Dir: dir}); !errors.Is(err, generate.ErrNotEmpty) {
		t.Errorf("a second run in the same folder: %v", err)
	}
}

// TestFails: what is not as it should be ends the demonstration, and leaves no
// process and no folder behind.
func TestFails(t *testing.T) {
	if testing.Short() {
		t.Skip("starts nodes")
	}
	t.Setenv("TMPDIR", t.TempDir())
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if err := Run(ctx, &bytes.Buffer{}, Options{Once: true, Env: []string{asNode + "=1"}}); err == nil {
		t.Error("it went on though it was told to stop")
	}
	begin := time.Now()
	err := Run(t.Context(), &bytes.Buffer{}, Options{Once: true, Program: []string{"/bin/sh", "-c", "echo it cannot work; exit 1"}})
	if err == nil || !strings.Contains(err.Error(), "it cannot work") || time.Since(begin) > patience {
		t.Errorf("the nodes do not start: after %v: %v", time.Since(begin), err)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "hallmark-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
