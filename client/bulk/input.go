package bulk

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/hallmark-ledger/hallmark/client/record"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Input is a file of rows.
type Input struct {
	Path    string
	Options record.Options
}

// Scan is what was found in an input before anything is sent.
type Scan struct {
	Rows    int
	Invalid int             // rows with a fault
	Faults  []*record.Fault // the first of them
	Size    int64           // bytes
	SM3     sm3.Hash
}

// maxFaults is how many faults a scan keeps.
const maxFaults = 20

// ErrInvalid: rows of the input have faults, which Scan lists. Nothing was sent.
var ErrInvalid = errors.New("rows of the input have faults")

// ErrChanged: the input is not the one that the journal was begun with. Undo the
// change, or file what is new from a file of its own.
var ErrChanged = errors.New("the input has changed since its journal was begun")

// open opens the input and returns a reader of its rows.
func (in Input) open() (*os.File, *record.Reader, error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, nil, fmt.Errorf("bulk: %w", err)
	}
	o := in.Options
	if o.File == "" {
		o.File = filepath.Base(in.Path)
	}
	r, err := record.NewReader(f, o)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, r, nil
}

// Scan reads the whole input: it counts rows, finds their faults and hashes the
// bytes. The error is of a file that cannot be read: a fatal *record.Fault, or of
// reading.
func (in Input) Scan() (s *Scan, err error) {
	s = new(Scan)
	if s.SM3, s.Size, err = in.hash(-1); err != nil {
		return nil, err
	}
	f, rows, err := in.open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for {
		_, err := rows.Next()
		var fault *record.Fault
		switch {
		case errors.Is(err, io.EOF):
			return s, nil
		case errors.As(err, &fault) && !fault.Fatal:
			if s.Invalid++; len(s.Faults) < maxFaults {
				s.Faults = append(s.Faults, fault)
			}
		case err != nil:
			return nil, err
		}
		s.Rows++
	}
}

// hash returns SM3 of the first size bytes, of all if size is negative, and how
// many these are.
func (in Input) hash(size int64) (h sm3.Hash, n int64, err error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return h, 0, fmt.Errorf("bulk: %w", err)
	}
	defer f.Close()
	var source io.Reader = f
	if size >= 0 {
		source = io.LimitReader(f, size)
	}
	d := sm3.New()
	if n, err = io.Copy(d, source); err != nil {
		return h, n, fmt.Errorf("bulk: %w", err)
	}
	copy(h[:], d.Sum(nil))
	return h, n, nil
}

// settings is SM3 of what the messages depend on beside the bytes of the input.
func (in Input) settings() string {
	o := in.Options
	b, err := json.Marshal([]any{o.Format, o.Encoding, o.Actions, o.Defaults, o.Issuer})
	if err != nil {
		panic("bulk: " + err.Error()) // texts and numbers always encode
	}
	h := sm3.Sum(b)
	return hex.EncodeToString(h[:])
}

// matches compares the input with the one that a journal was begun with. What was
// appended to whole lines since is in order; grown says so.
func (in Input) matches(begin *entry, s *Scan, chain string) (grown bool, err error) {
	switch {
	case begin.Chain != chain:
		return false, fmt.Errorf("bulk: %w: it is for chain %q, the nodes are of %q", ErrJournal, begin.Chain, chain)
	case begin.Settings != in.settings():
		return false, fmt.Errorf("bulk: %w: it was begun with another command, encoding, issuer or values for all rows: use the same again", ErrJournal)
	case begin.SM3 == s.SM3.String():
		return false, nil
	case s.Size <= begin.Size || in.Options.Format == record.JSON:
		return false, fmt.Errorf("bulk: %s: %w", in.Path, ErrChanged)
	}
	h, _, err := in.hash(begin.Size)
	if err != nil {
		return false, err
	}
	last, err := in.at(begin.Size - 1)
	if err != nil {
		return false, err
	}
	if h.String() != begin.SM3 || last != '\n' {
		return false, fmt.Errorf("bulk: %s: %w", in.Path, ErrChanged)
	}
	return true, nil
}

func (in Input) at(offset int64) (byte, error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return 0, fmt.Errorf("bulk: %w", err)
	}
	defer f.Close()
	var b [1]byte
	if _, err := f.ReadAt(b[:], offset); err != nil {
		return 0, fmt.Errorf("bulk: %w", err)
	}
	return b[0], nil
}
