package keystore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// Options are what may be told to Create; the zero value is right for most.
type Options struct {
	// Iterations of PBKDF2, MinIterations to MaxIterations; 0 means
	// DefaultIterations.
	Iterations int
	// Overwrite replaces a file that exists. The old key is then gone.
	Overwrite bool
}

// Create writes key to a new file at path under the pass phrase that pass
// gives, with mode 0600 whatever the umask. When it returns nil the file is
// durable. After a crash or an error the file is there as it was before or
// whole; a file ".NAME.*.tmp" beside it may be left over, which nothing reads
// and which holds nothing but the encrypted key. Errors: ErrExists, those of
// Encode, those of the file system, and what pass returns; each names the file.
func Create(path string, key *sm2.PrivateKey, pass PassphraseFunc, opts Options) error {
	if opts.Iterations == 0 {
		opts.Iterations = DefaultIterations
	}
	return create(path, key, pass, opts, accepted)
}

func create(path string, key *sm2.PrivateKey, pass PassphraseFunc, opts Options, accept span) error {
	if !opts.Overwrite { // again in publish, but a person should not type in vain
		if _, err := os.Lstat(path); err == nil {
			return fmt.Errorf("%s: %w", path, ErrExists)
		}
	}
	if err := accept.check(opts.Iterations); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	passphrase, err := pass(Request{Path: path, New: true})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer clear(passphrase)
	file, err := encode(nil, key, passphrase, opts.Iterations, accept)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := writeFile(path, file, opts.Overwrite); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// writeFile puts data at path in one step: a temporary file in the same folder
// is written and made durable, then takes its name, then the folder is made
// durable.
func writeFile(path string, data []byte, overwrite bool) error {
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	tmp, err := os.CreateTemp(dir, "."+name+".*.tmp")
	if err != nil {
		return fmt.Errorf("keystore: %w", err)
	}
	defer func() {
		tmp.Close() // both once more where all went well
		os.Remove(tmp.Name())
	}()
	if err := tmp.Chmod(0o600); err != nil { // the umask may have taken bits away
		return fmt.Errorf("keystore: %w", err)
	}
	if _, err := tmp.Write(data); err != nil {
		return fmt.Errorf("keystore: %w", err)
	}
	if err := tmp.Sync(); err != nil {
		return fmt.Errorf("keystore: %w", err)
	}
	if err := tmp.Close(); err != nil {
		return fmt.Errorf("keystore: %w", err)
	}
	if err := publish(tmp.Name(), path, overwrite); err != nil {
		return err
	}
	return syncDir(dir)
}

// publish gives the file at tmp the name path. A link, unlike a rename, fails
// where the name is taken.
func publish(tmp, path string, overwrite bool) error {
	if overwrite {
		if err := os.Rename(tmp, path); err != nil {
			return fmt.Errorf("keystore: %w", err)
		}
		return nil
	}
	switch err := os.Link(tmp, path); {
	case errors.Is(err, fs.ErrExist):
		return ErrExists
	case err != nil:
		return fmt.Errorf("keystore: %w", err)
	}
	os.Remove(tmp) // before the folder is synced; failing that it is merely left over
	return nil
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be opened for it
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("keystore: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("keystore: %w", err)
	}
	return nil
}
