//go:build unix

package keystore

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

func says(p []byte) PassphraseFunc {
	return func(Request) ([]byte, error) { return bytes.Clone(p), nil }
}

func never(t *testing.T) PassphraseFunc {
	return func(Request) ([]byte, error) {
		t.Error("asked for a pass phrase that is of no use")
		return nil, errors.New("asked")
	}
}

// createCheap is Create with 2 iterations.
func createCheap(path string, key *sm2.PrivateKey, pass PassphraseFunc, overwrite bool) error {
	return create(path, key, pass, Options{Iterations: 2, Overwrite: overwrite}, cheap)
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestCreateAndLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	key := testKey(t)
	var asked []Request
	pass := func(r Request) ([]byte, error) {
		asked = append(asked, r)
		return bytes.Clone(passphrase), nil
	}
	if err := Create(path, key, pass, Options{}); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path, pass)
	if err != nil || got.Bytes() != key.Bytes() {
		t.Fatal(err)
	}
	var _ sm2.Signer = got
	if len(asked) != 2 || asked[0] != (Request{path, true}) || asked[1] != (Request{path, false}) {
		t.Errorf("asked %v", asked)
	}
	if got := names(t, filepath.Dir(path)); len(got) != 1 {
		t.Errorf("left over: %v", got)
	}
}

// TestMode: 0600 whatever the umask.
func TestMode(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	for _, umask := range []int{0, 0o022, 0o077, 0o177, 0o777} {
		path := filepath.Join(t.TempDir(), "key.pem")
		syscall.Umask(umask)
		err := createCheap(path, testKey(t), says(passphrase), false)
		syscall.Umask(0)
		if err != nil {
			t.Fatal(err)
		}
		if stat, err := os.Stat(path); err != nil || stat.Mode() != 0o600 {
			t.Errorf("umask %04o: mode %v (%v)", umask, stat.Mode(), err)
		}
	}
}

func TestOverwrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key.pem")
	if err := createCheap(path, testKey(t), says(passphrase), false); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	other, err := sm2.Generate(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := createCheap(path, other, never(t), false); !errors.Is(err, ErrExists) || !strings.Contains(err.Error(), path) {
		t.Errorf("%v, want ErrExists with the path", err)
	}
	if err := writeFile(path, []byte("x"), false); !errors.Is(err, ErrExists) { // appeared meanwhile
		t.Errorf("%v, want ErrExists", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) || len(names(t, dir)) != 1 {
		t.Errorf("the file was changed, or something is left: %v", names(t, dir))
	}
	if err := createCheap(path, other, says(passphrase), true); err != nil {
		t.Fatal(err)
	}
	if got, err := load(path, says(passphrase), cheap); err != nil || !got.Public().Equal(other.Public()) {
		t.Errorf("not overwritten: %v", err)
	}
	for name, at := range map[string]string{"folder": dir, "dangling link": filepath.Join(dir, "link")} {
		os.Symlink("nowhere", filepath.Join(dir, "link"))
		if err := createCheap(at, other, never(t), false); !errors.Is(err, ErrExists) {
			t.Errorf("%s: %v, want ErrExists", name, err)
		}
	}
	if err := createCheap(dir, other, says(passphrase), true); err == nil {
		t.Error("a folder was overwritten")
	}
}

// TestRace: of many that create one file at once, one wins and its key is there.
func TestRace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	var won atomic.Pointer[sm2.PrivateKey]
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			key, err := sm2.Generate(nil)
			if err != nil {
				t.Error(err)
				return
			}
			switch err := createCheap(path, key, says(passphrase), false); {
			case err == nil && !won.CompareAndSwap(nil, key):
				t.Error("two have created the file")
			case err != nil && !errors.Is(err, ErrExists):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got, err := load(path, says(passphrase), cheap); err != nil || got.Bytes() != won.Load().Bytes() {
		t.Errorf("the winner's key is not there: %v", err)
	}
	if got := names(t, filepath.Dir(path)); len(got) != 1 {
		t.Errorf("left over: %v", got)
	}
}

// TestLeftOver: what a crash leaves beside the file is neither read nor in the way.
func TestLeftOver(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key.pem")
	os.WriteFile(filepath.Join(dir, ".key.pem.123.tmp"), []byte("-----BEGIN ENCR"), 0o600)
	if _, err := load(path, never(t), cheap); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want ErrNotExist", err)
	}
	if err := createCheap(path, testKey(t), says(passphrase), false); err != nil {
		t.Fatal(err)
	}
	if got, err := load(path, says(passphrase), cheap); err != nil || got.Bytes() != testKey(t).Bytes() {
		t.Error(err)
	}
}

func TestCreateFails(t *testing.T) {
	dir := t.TempDir()
	sentinel := errors.New("no answer")
	for name, c := range map[string]struct {
		path string
		pass PassphraseFunc
		opts Options
		want error
	}{
		"no folder":       {filepath.Join(dir, "none", "key"), says(passphrase), Options{}, fs.ErrNotExist},
		"no pass phrase":  {filepath.Join(dir, "key"), func(Request) ([]byte, error) { return nil, sentinel }, Options{}, sentinel},
		"empty":           {filepath.Join(dir, "key"), says(nil), Options{}, ErrEmptyPassphrase},
		"few iterations":  {filepath.Join(dir, "key"), never(t), Options{Iterations: 1}, ErrWeak},
		"minus":           {filepath.Join(dir, "key"), never(t), Options{Iterations: -1}, ErrWeak},
		"many iterations": {filepath.Join(dir, "key"), never(t), Options{Iterations: MaxIterations + 1}, ErrCostly},
		"two lines":       {filepath.Join(dir, "key"), says([]byte("a\nb")), Options{}, ErrMalformedPassphrase},
	} {
		if c.opts.Iterations == 0 {
			c.opts.Iterations = MinIterations
		}
		if err := Create(c.path, testKey(t), c.pass, c.opts); !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.path) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if got := names(t, dir); len(got) != 0 {
		t.Errorf("left over: %v", got)
	}
}
