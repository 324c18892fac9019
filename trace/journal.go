package trace

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"
)

var (
	// ErrJournal: the journal is damaged, or not of this document.
	ErrJournal = errors.New("trace: the journal cannot be used")
	// ErrInUse: another process uses the journal.
	ErrInUse = errors.New("trace: the journal is in use by another process")
)

const journalFormat = "hallmark/capture/v1"

// line is one of a journal: the first says of what it is, the others have each the id
// of a transaction.
type line struct {
	Format string `json:"format,omitempty"`
	Chain  string `json:"chain,omitempty"`
	Member string `json:"member,omitempty"`
	SM3    string `json:"sm3,omitempty"` // of the document
	Tx     string `json:"tx,omitempty"`
}

// journal is an open journal. It is safe for concurrent use.
type journal struct {
	lock *flock.Flock

	mu   sync.Mutex
	file *os.File
	end  int64
	ours map[string]bool // ids of transactions
}

// openJournal opens the journal at path, or makes one, of what begin says.
func openJournal(path string, begin line) (j *journal, err error) {
	lock := flock.New(path + ".lock")
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("trace: lock %s: %w", path, err)
	}
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrInUse, path)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, lock.Unlock())
		}
	}()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	j = &journal{lock: lock, file: f, ours: map[string]bool{}}
	if err = j.load(begin); err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return j, nil
}

// load reads the lines. A last one that is not whole, or is no line, is what a crash
// left of one that nothing was sent after: it is cut off.
func (j *journal) load(begin line) error {
	in := bufio.NewReader(j.file)
	for n := 0; ; n++ {
		raw, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err //nolint:wrapcheck // openJournal says of what
		}
		if err := j.take(n, raw, begin); err != nil {
			if _, e := in.Peek(1); n > 0 && errors.Is(e, io.EOF) && !errors.Is(err, ErrJournal) {
				break
			}
			return fmt.Errorf("%w: line %d: %w", ErrJournal, n+1, err)
		}
		j.end += int64(len(raw))
	}
	if err := j.file.Truncate(j.end); err != nil {
		return err //nolint:wrapcheck // likewise
	}
	if j.end > 0 {
		return nil
	}
	begin.Format = journalFormat
	return j.write(begin)
}

func (j *journal) take(n int, raw []byte, begin line) error {
	var l line
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return err //nolint:wrapcheck // load says of what
	}
	if n > 0 {
		if l.Tx == "" || l.Format != "" {
			return errors.New("it names no transaction")
		}
		j.ours[l.Tx] = true
		return nil
	}
	switch {
	case l.Format != journalFormat:
		return fmt.Errorf("%w: its format is %q, this program has %q", ErrJournal, l.Format, journalFormat)
	case l.Chain != begin.Chain || l.Member != begin.Member:
		return fmt.Errorf("%w: it is of %s on the chain %s, not of %s on %s", ErrJournal, l.Member, l.Chain, begin.Member, begin.Chain)
	case l.SM3 != begin.SM3:
		return fmt.Errorf("%w: it is of another document: SM3 %s, not %s", ErrJournal, l.SM3, begin.SM3)
	}
	return nil
}

// sent notes a transaction; it is durable when it returns.
func (j *journal) sent(id string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ours[id] = true
	return j.write(line{Tx: id})
}

// isOurs reports whether a transaction is of this journal.
func (j *journal) isOurs(id string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.ours[id]
}

func (j *journal) write(l line) error {
	raw, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("trace: journal: %w", err)
	}
	raw = append(raw, '\n')
	if _, err := j.file.WriteAt(raw, j.end); err != nil {
		return fmt.Errorf("trace: write the journal: %w", err)
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("trace: sync the journal: %w", err)
	}
	j.end += int64(len(raw))
	return nil
}

func (j *journal) close() error { return errors.Join(j.file.Close(), j.lock.Unlock()) }

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err //nolint:wrapcheck // the caller says of what
	}
	return errors.Join(d.Sync(), d.Close())
}
