package keystore

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// Load reads the key file at path, which may be a symbolic link, and asks pass
// for its pass phrase. It takes about 0.4 s at DefaultIterations. Errors: those
// of Parse, ErrNotRegular, ErrPermissions, those of the file system, and what
// pass returns; each names the file.
func Load(path string, pass PassphraseFunc) (*sm2.PrivateKey, error) {
	return load(path, pass, accepted)
}

func load(path string, pass PassphraseFunc, accept span) (*sm2.PrivateKey, error) {
	file, err := readSecret(path, maxSize)
	if err != nil {
		return nil, err
	}
	var passphrase []byte
	defer func() { clear(passphrase) }()
	key, err := parse(file, accept, func() (_ []byte, err error) {
		passphrase, err = pass(Request{Path: path})
		return passphrase, err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

// readSecret reads a regular file of at most most bytes that nobody but its
// owner may use. All checks are on the opened file, so that it cannot be
// exchanged after them.
func readSecret(path string, most int) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe must not block here
	if err != nil {
		return nil, fmt.Errorf("keystore: %w", err)
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("keystore: %w", err)
	}
	if !stat.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w (it is %v)", path, ErrNotRegular, stat.Mode())
	}
	// Windows has no such bits; its access lists are the operator's.
	if mode := stat.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("%s: %w (mode %04o); run: chmod 600 %q", path, ErrPermissions, mode, path)
	}
	data, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err != nil {
		return nil, fmt.Errorf("keystore: %w", err)
	}
	if len(data) > most {
		return nil, fmt.Errorf("%s: %w (at most %d bytes)", path, ErrTooLarge, most)
	}
	return data, nil
}
