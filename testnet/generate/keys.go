package generate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// Passphrase opens the key files of every network that is made here. It is no
// secret.
const Passphrase = "hallmark-demo"

// Keys are the members' keys by name, as cqc.certifier or cnca.admin-1. A
// member's name has no dot.
type Keys map[string]*sm2.PrivateKey

// NewKeys makes all keys of the members from random; nil means crypto/rand. The
// same bytes give the same keys.
func NewKeys(random io.Reader) (Keys, error) {
	keys := Keys{}
	for _, in := range institutions {
		for _, duty := range duties[in.role] {
			key, err := sm2.Generate(random)
			if err != nil {
				return nil, err
			}
			keys[in.id+"."+duty] = key
		}
	}
	return keys, nil
}

// dutyOf is the duty of a key: certifier of cqc.certifier, admin of cnca.admin-1.
func dutyOf(name string) string {
	_, duty, _ := strings.Cut(name, ".")
	duty, _, _ = strings.Cut(duty, "-")
	return duty
}

// note is what hallmark remembers of a key, in NAME.json beside NAME.pem.
type note struct {
	Member string `json:"member"`
	Duty   string `json:"duty"`
	Holder string `json:"holder"`
	Key    string `json:"key"`
}

// Write writes the keys to files NAME.pem in dir, with what hallmark needs to know
// of each in NAME.json, and their pass phrase to the file passphrase. The files are
// made with the fewest iterations that are accepted, as many at a time as there are
// processors.
func (k Keys) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	passphrase := filepath.Join(dir, passphraseFile)
	if err := os.WriteFile(passphrase, []byte(Passphrase+"\n"), 0o600); err != nil {
		return err
	}
	names := make(chan string)
	errs := make(chan error, len(k))
	var wg sync.WaitGroup
	for range runtime.NumCPU() {
		wg.Go(func() {
			for name := range names {
				errs <- write(filepath.Join(dir, name), name, k[name], passphrase)
			}
		})
	}
	for name := range k {
		names <- name
	}
	close(names)
	wg.Wait()
	close(errs)
	var err error
	for e := range errs {
		err = errors.Join(err, e)
	}
	return err
}

// write writes the two files of a key.
func write(path, name string, key *sm2.PrivateKey, passphrase string) error {
	err := keystore.Create(path+".pem", key, keystore.FromFile(passphrase), keystore.Options{Iterations: keystore.MinIterations})
	if err != nil {
		return err
	}
	member, _, _ := strings.Cut(name, ".")
	b, err := json.MarshalIndent(note{member, dutyOf(name), name, key.Public().String()}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path+".json", append(b, '\n'), 0o600)
}

// ReadKeys reads all keys of a folder that Write wrote. It takes a tenth of a
// second each.
func ReadKeys(dir string) (Keys, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.pem"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("generate: there are no keys in %s", dir)
	}
	keys := Keys{}
	for _, file := range files {
		key, err := keystore.Load(file, keystore.FromFile(filepath.Join(dir, passphraseFile)))
		if err != nil {
			return nil, err
		}
		keys[strings.TrimSuffix(filepath.Base(file), ".pem")] = key
	}
	return keys, nil
}
