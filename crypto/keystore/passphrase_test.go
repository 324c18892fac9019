package keystore

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFromFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pass")
	for content, want := range map[string]string{
		"secret":       "secret",
		"secret\n":     "secret",
		"secret\r\n":   "secret",
		" secret \n":   " secret ",
		"secret\n\n":   "secret\n", // refused later: more than one line
		"\n":           "",
		"two\nlines\n": "two\nlines",
		strings.Repeat("x", maxPassphrase) + "\r\n": strings.Repeat("x", maxPassphrase),
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := FromFile(path)(Request{}); err != nil || string(got) != want {
			t.Errorf("%.20q gives %.20q, %v", content, got, err)
		}
	}
	os.WriteFile(path, bytes.Repeat([]byte("x"), maxPassphrase+3), 0o600)
	if _, err := FromFile(path)(Request{}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v, want ErrTooLarge", err)
	}
	os.Chmod(path, 0o640)
	if _, err := FromFile(path)(Request{}); !errors.Is(err, ErrPermissions) {
		t.Errorf("%v, want ErrPermissions", err)
	}
	if _, err := FromFile(path + "-none")(Request{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want ErrNotExist", err)
	}
}

func TestFromEnvironment(t *testing.T) {
	t.Setenv("HALLMARK_TEST_PASSPHRASE", "secret")
	if got, err := FromEnvironment("HALLMARK_TEST_PASSPHRASE")(Request{}); err != nil || string(got) != "secret" {
		t.Errorf("%q, %v", got, err)
	}
	for _, name := range []string{"HALLMARK_TEST_UNSET", "HALLMARK_TEST_EMPTY"} {
		if name == "HALLMARK_TEST_EMPTY" {
			t.Setenv(name, "")
		}
		if _, err := FromEnvironment(name)(Request{}); !errors.Is(err, ErrEmptyPassphrase) || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want ErrEmptyPassphrase with the name", err)
		}
	}
}

func TestNoTerminal(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if _, err := FromTerminal(r, io.Discard)(Request{}); !errors.Is(err, ErrNoTerminal) {
		t.Errorf("%v, want ErrNoTerminal", err)
	}
}
