//go:build unix

package keystore

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key.pem")
	if err := os.WriteFile(path, cheapFile(t), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666, 0o777} {
		os.Chmod(path, mode)
		_, err := load(path, never(t), cheap)
		if !errors.Is(err, ErrPermissions) || !strings.Contains(err.Error(), `chmod 600 "`+path+`"`) {
			t.Errorf("mode %04o: %v, want ErrPermissions", mode, err)
		}
	}
	for _, mode := range []fs.FileMode{0o600, 0o400, 0o700} {
		os.Chmod(path, mode)
		if _, err := load(path, says(passphrase), cheap); err != nil {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}

	link, fifo, large := filepath.Join(dir, "link"), filepath.Join(dir, "fifo"), filepath.Join(dir, "large")
	if err := errors.Join(os.Symlink(path, link), syscall.Mkfifo(fifo, 0o600), os.WriteFile(large, make([]byte, maxSize+1), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := load(link, says(passphrase), cheap); err != nil {
		t.Errorf("through a link: %v", err)
	}
	for at, want := range map[string]error{
		dir: ErrNotRegular, fifo: ErrNotRegular, "/dev/null": ErrNotRegular, large: ErrTooLarge,
		filepath.Join(dir, "none"): fs.ErrNotExist,
	} {
		done := make(chan error, 1)
		go func() { _, err := load(at, never(t), cheap); done <- err }()
		select {
		case err := <-done:
			if !errors.Is(err, want) || !strings.Contains(err.Error(), at) {
				t.Errorf("%s: %v, want %v", at, err, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: load hangs", at)
		}
	}
	if _, err := load(path, says([]byte("wrong")), cheap); !errors.Is(err, ErrPassphrase) || !strings.Contains(err.Error(), path) {
		t.Errorf("%v, want ErrPassphrase with the path", err)
	}
	if _, err := Load(path, never(t)); !errors.Is(err, ErrWeak) {
		t.Errorf("%v, want ErrWeak", err)
	}
}

func TestPassphraseIsCleared(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	var given []byte
	pass := func(Request) ([]byte, error) { given = bytes.Clone(passphrase); return given, nil }
	if err := createCheap(path, testKey(t), pass, false); err != nil {
		t.Fatal(err)
	}
	if len(bytes.Trim(given, "\x00")) > 0 {
		t.Error("Create leaves the pass phrase in memory")
	}
	if _, err := load(path, pass, cheap); err != nil {
		t.Fatal(err)
	}
	if len(bytes.Trim(given, "\x00")) > 0 {
		t.Error("Load leaves the pass phrase in memory")
	}
}
