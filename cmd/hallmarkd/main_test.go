package main

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

const (
	exitFailed = 1
	exitUsage  = 3
)

// asCommand makes the test binary behave as hallmarkd.
const asCommand = "TEST_AS_HALLMARKD"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}

func TestCommands(t *testing.T) {
	for _, c := range []struct {
		args   string
		code   int
		stdout string // patterns; nothing may be printed where it is empty
		stderr string
	}{
		{"version", 0, `^hallmarkd .*go1\.`, ""},
		{"", 0, `(?s)Usage:.*config.*demo.*export.*init.*keys.*start.*status.*testnet.*version`, ""},
		{"demo --help", 0, `(?s)--dir.*--lang.*--once`, ""},
		{"demo --lang=fr", exitUsage, "", `no language "fr"`},
		{"demo --dir=.", exitFailed, "", `the folder is not empty`},
		{"demo --forever", exitUsage, "", `unknown flag: --forever`},
		{"testnet run nothing.toml", exitFailed, "", `nothing.toml: no such file`},
		{"testnet run", exitUsage, "", `accepts 1 arg`},
		{"testnet init .", exitFailed, "", `the folder is not empty`},
		{"testnet init --validators=0 nothing", exitFailed, "", `at least one`},
		{"testnet init --validators=99 nothing", exitFailed, "", `1 to 50 validators`},
		{"testnet start .", exitFailed, "", `hallmarkd testnet init`},
		{"demo more", exitUsage, "", `unknown command "more"`},
		{"version more", exitUsage, "", `unknown command "more"`},
		{"nothing", exitUsage, "", `unknown command "nothing"`},
	} {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			cmd := exec.CommandContext(t.Context(), os.Args[0], strings.Fields(c.args)...)
			cmd.Env = append(os.Environ(), asCommand+"=1")
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			var exit *exec.ExitError
			if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if code := cmd.ProcessState.ExitCode(); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			matches(t, "stdout", stdout.String(), c.stdout)
			matches(t, "stderr", stderr.String(), c.stderr)
		})
	}
}

func matches(t *testing.T, what, got, pattern string) {
	t.Helper()
	if pattern == "" && got != "" || !regexp.MustCompile(pattern).MatchString(got) {
		t.Errorf("%s is %q, want %q", what, got, pattern)
	}
}
