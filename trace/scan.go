package trace

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/epcis"
)

// Scan is what a document has, found by reading it once.
type Scan struct {
	Path    string
	Size    int64
	SM3     sm3.Hash // of the file
	Events  int
	Invalid int // events with faults

	// Faults are the first ones: at most MaxFaults.
	Faults []Fault

	corrected map[string][]sm3.Hash // id of an event → events that were in error
	bad       map[int]bool          // events with faults
	around    bool                  // there is a fault around the events
}

// MaxFaults is how many faults a scan keeps.
const MaxFaults = 20

// Fault is what is wrong with a document: with an event, from 0, or with what stands
// around events, -1.
type Fault struct {
	Event int
	ID    string
	Err   error // an epcis.Fault, a refusal of the ledger's rules, or another error
}

// ErrChanged: the file is not the one that was scanned.
var ErrChanged = errors.New("trace: the document was changed while it was read")

// ScanFile reads a document to its end and finds what is wrong with it. Errors: those
// of epcis.Read.
func ScanFile(path string) (*Scan, error) {
	s := &Scan{Path: path, corrected: map[string][]sm3.Hash{}, bad: map[int]bool{}}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	defer f.Close()
	sum := sm3.New()
	counted := &counter{to: sum}
	d, err := epcis.Read(io.TeeReader(f, counted), epcis.DefaultLimits, func(i int, e *epcis.Event) error {
		s.event(i, e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(counted, f); err != nil { // what follows the document
		return nil, fmt.Errorf("trace: %w", err)
	}
	for _, fault := range d.Faults {
		s.around = true
		s.note(Fault{-1, "", fault})
	}
	s.Events, s.Size, s.SM3 = d.Events, counted.n, sm3.Hash(sum.Sum(nil))
	return s, nil
}

// Valid reports whether there is no fault.
func (s *Scan) Valid() bool { return s.Invalid == 0 && !s.around }

// event looks at one event.
func (s *Scan) event(i int, e *epcis.Event) {
	if e.Error != nil {
		hash := e.Hash().SM3
		for _, id := range e.Error.Corrective {
			s.corrected[id] = append(s.corrected[id], hash)
		}
	}
	var first error
	if faults := e.Faults(); len(faults) > 0 {
		first = faults[0]
	} else if event, err := NewEvent(i, e, nil); err != nil {
		first = err
	} else if err := event.check(); err != nil && !errors.Is(err, ErrNoProduct) {
		first = err
	}
	if first != nil {
		s.Invalid++
		s.bad[i] = true
		s.note(Fault{i, e.ID, first})
	}
}

func (s *Scan) note(f Fault) {
	if len(s.Faults) < MaxFaults {
		s.Faults = append(s.Faults, f)
	}
}

// Each reads the document again and gives each event; valid is false of one that has
// faults. Errors: ErrChanged, those of epcis.Read and of do.
func (s *Scan) Each(do func(e *Event, valid bool) error) error {
	f, err := os.Open(s.Path)
	if err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	defer f.Close()
	sum := sm3.New()
	counted := &counter{to: sum}
	d, err := epcis.Read(io.TeeReader(f, counted), epcis.DefaultLimits, func(i int, e *epcis.Event) error {
		event, err := NewEvent(i, e, s.corrected[e.ID])
		return do(event, err == nil && !s.bad[i])
	})
	if err != nil {
		return err
	}
	if _, err := io.Copy(counted, f); err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	if d.Events != s.Events || sm3.Hash(sum.Sum(nil)) != s.SM3 {
		return ErrChanged
	}
	return nil
}

// counter counts what is written.
type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	return n, err //nolint:wrapcheck // of a hash
}
