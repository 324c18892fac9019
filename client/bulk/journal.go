package bulk

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
	"sync/atomic"

	"github.com/gofrs/flock"
)

// ErrJournal: the journal is damaged, or not of this input. Nothing was done.
var ErrJournal = errors.New("the journal cannot be used")

// ErrInUse: another process uses the journal.
var ErrInUse = errors.New("the journal is in use by another process")

// disk is the file under a journal: *os.File, or what a test puts in its place.
type disk interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Close() error
}

// journal is an open journal. add and sync are safe for concurrent use; the rest
// is the caller's.
type journal struct {
	file disk
	lock *flock.Flock // nil in tests

	mu      sync.Mutex
	end     int64        // where the next line goes; guarded by mu
	written atomic.Int64 // bytes that are written

	syncing sync.Mutex
	synced  int64 // bytes that are durable; guarded by syncing

	// What the lines say; guarded by mu while transactions are on their way.
	begin   *entry
	txs     []*filed
	byID    map[string]*filed
	invalid map[int]int64 // row → offset of its line
}

// filed is a transaction of the journal.
type filed struct {
	id      string
	rows    []span
	expiry  int64
	offset  int64 // of its line
	state   string
	outcome int64 // offset of the line of its outcome
	refused int   // messages
}

// openJournal opens the journal at path, or makes an empty one.
func openJournal(path string) (*journal, error) {
	lock := flock.New(path + ".lock")
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("bulk: lock %s: %w", path, err)
	}
	if !ok {
		return nil, fmt.Errorf("bulk: %s: %w", path, ErrInUse)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bulk: %w", err), lock.Unlock())
	}
	j, err := loadJournal(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bulk: %s: %w", path, err), f.Close(), lock.Unlock())
	}
	j.lock = lock
	return j, nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// loadJournal reads a journal and cuts off a last line that is not whole.
func loadJournal(f disk) (*journal, error) {
	j := &journal{file: f, byID: map[string]*filed{}, invalid: map[int]int64{}}
	in := bufio.NewReaderSize(io.NewSectionReader(f, 0, 1<<62), 1<<20)
	for line := 1; ; line++ {
		raw, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // what is left is not whole
		}
		if err != nil {
			return nil, err
		}
		if err := j.take(raw, j.end); err != nil {
			// Blocks of a file may reach the disk in any order, so what a crash
			// left of lines that were not durable can be anything. Nothing that
			// is durable follows it then.
			if rest, e := in.Peek(1); len(rest) == 0 && errors.Is(e, io.EOF) {
				break
			}
			return nil, fmt.Errorf("%w: line %d: %w", ErrJournal, line, err)
		}
		j.end += int64(len(raw))
	}
	if err := f.Truncate(j.end); err != nil {
		return nil, err
	}
	j.written.Store(j.end)
	return j, nil
}

// take adds what a line says to what is known.
func (j *journal) take(raw []byte, offset int64) error {
	e := new(entry)
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(e); err != nil {
		return err
	}
	return j.apply(e, offset)
}

func (j *journal) apply(e *entry, offset int64) error {
	if (e.Type == "begin") != (j.begin == nil) {
		return errors.New("it does not begin with what it is about, once")
	}
	switch e.Type {
	case "begin":
		if e.Format != format {
			return fmt.Errorf("its format is %q, this program has %q", e.Format, format)
		}
		j.begin = e
	case "grown":
		j.begin.Size, j.begin.SM3, j.begin.Total = e.Size, e.SM3, e.Total
	case "tx":
		if j.byID[e.ID] != nil || len(e.Rows) == 0 {
			return fmt.Errorf("transaction %s again", e.ID)
		}
		f := &filed{id: e.ID, rows: e.Rows, expiry: e.Expiry, offset: offset}
		j.txs, j.byID[e.ID] = append(j.txs, f), f
	case "outcome":
		f := j.byID[e.ID]
		if f == nil || f.state == committed || e.State != committed && e.State != expired {
			return fmt.Errorf("outcome of transaction %s", e.ID)
		}
		f.state, f.outcome = e.State, offset
		for _, r := range e.refusals(count(f.rows)) {
			if r != nil {
				f.refused++
			}
		}
	case "invalid":
		j.invalid[e.Row] = offset
	default:
		return fmt.Errorf("an entry of type %q", e.Type)
	}
	return nil
}

// add appends an entry. It is durable after sync.
func (j *journal) add(e *entry) error {
	raw, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("bulk: journal: %w", err)
	}
	raw = append(raw, '\n')
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.file.WriteAt(raw, j.end); err != nil {
		return fmt.Errorf("bulk: write the journal: %w", err)
	}
	if err := j.apply(e, j.end); err != nil {
		return fmt.Errorf("bulk: journal: %w", err)
	}
	j.end += int64(len(raw))
	j.written.Store(j.end)
	return nil
}

// sync makes all that add has returned from durable. Several callers at a time
// share one fsync.
func (j *journal) sync() error {
	want := j.written.Load()
	j.syncing.Lock()
	defer j.syncing.Unlock()
	if j.synced >= want {
		return nil
	}
	covered := j.written.Load()
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("bulk: sync the journal: %w", err)
	}
	j.synced = covered
	return nil
}

// read returns the entry at an offset.
func (j *journal) read(offset int64) (*entry, error) {
	in := bufio.NewReaderSize(io.NewSectionReader(j.file, offset, 1<<62), 64<<10)
	raw, err := in.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("bulk: read the journal: %w", err)
	}
	e := new(entry)
	if err := json.Unmarshal(raw, e); err != nil {
		return nil, fmt.Errorf("bulk: read the journal: %w", err)
	}
	return e, nil
}

// covered returns the rows that need no new transaction: filed, or on their way.
// No transaction may be on its way.
func (j *journal) covered() ([]span, error) {
	var list []span
	for _, t := range j.txs {
		if t.state != expired {
			list = append(list, t.rows...)
		}
	}
	list, err := sortSpans(list)
	if err != nil {
		return nil, fmt.Errorf("bulk: %w: %w", ErrJournal, err)
	}
	return list, nil
}

func (j *journal) close() error {
	err := errors.Join(j.sync(), j.file.Close())
	if j.lock != nil {
		err = errors.Join(err, j.lock.Unlock())
	}
	return err
}
