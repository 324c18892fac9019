package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// FileBook is a NonceBook in a file, for all processes of one machine that use a
// key:
//
//	{"reserved": [{"nonce": 7, "expiry": 1780300800}, …]}
//
// with the expiries in Unix seconds. An entry is dropped once it has expired. If
// the file is lost, a nonce may be handed out that a waiting transaction has: the
// later of the two is refused.
type FileBook struct {
	path string
	mu   sync.Mutex // the lock on the file is the process's
}

// NewFileBook returns the book at path, a file that need not exist. Beside it
// lies its lock, path.lock.
func NewFileBook(path string) *FileBook { return &FileBook{path: path} }

type reservation struct {
	Nonce  uint64 `json:"nonce"`
	Expiry int64  `json:"expiry"`
}

type bookFile struct {
	Reserved []reservation `json:"reserved"`
}

// Reserve implements NonceBook.
func (b *FileBook) Reserve(first, last uint64, expiry time.Time) (nonce uint64, ok bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	lock := flock.New(b.path + ".lock")
	if err := lock.Lock(); err != nil {
		return 0, false, fmt.Errorf("client: lock the nonces: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()

	file, err := b.read()
	if err != nil {
		return 0, false, err
	}
	taken := map[uint64]bool{}
	var kept bookFile
	for _, r := range file.Reserved {
		// An hour more, since block time and this clock are not the same.
		if time.Unix(r.Expiry, 0).Add(time.Hour).After(time.Now()) {
			kept.Reserved = append(kept.Reserved, r)
			taken[r.Nonce] = true
		}
	}
	for nonce = first; taken[nonce]; nonce++ {
		if nonce == last {
			return 0, false, nil
		}
	}
	kept.Reserved = append(kept.Reserved, reservation{nonce, expiry.Unix()})
	return nonce, true, b.write(kept)
}

func (b *FileBook) read() (f bookFile, err error) {
	raw, err := os.ReadFile(b.path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &f)
	}
	if err != nil {
		return f, fmt.Errorf("client: the nonces that were handed out, %s: %w; if the file is damaged and nothing prepared is still to be submitted, remove it", b.path, err)
	}
	return f, nil
}

// write replaces the file whole.
func (b *FileBook) write(f bookFile) error {
	raw, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	tmp := b.path + ".tmp" // nobody else has the lock
	if err := os.WriteFile(tmp, raw, 0o600); err != nil {
		return fmt.Errorf("client: write the nonces: %w", err)
	}
	if err := os.Rename(tmp, b.path); err != nil {
		return fmt.Errorf("client: write the nonces: %w", err)
	}
	return nil
}
