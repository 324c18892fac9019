package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/client/record"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// Defaults of Options.
const (
	DefaultBatch    = 100
	DefaultBytes    = 512 << 10
	DefaultInFlight = 16
	DefaultPatience = 10 * time.Minute
)

// Options say how an input is filed.
type Options struct {
	Input   Input
	Journal string // path; see JournalOf
	Ledger  Ledger
	Chain   string // chain id

	Batch    int // messages of a transaction, 0 for the default
	Bytes    int // of the messages of a transaction, 0 for the default
	InFlight int // transactions on their way at a time, 0 for the default
	// Patience is how long to go on while no transaction comes to an end, 0 for
	// the default.
	Patience time.Duration

	SkipInvalid bool // leave rows with faults out, instead of filing nothing
	// Folder, if it is not empty, is where transactions are written as files for
	// others to sign, instead of being sent. The journal lies there too.
	Folder string

	// Progress, if it is not nil, is told after each change; not concurrently.
	Progress func(Progress)
	// Again, if it is not nil, is told why something is tried again after a pause:
	// no node answers, the mempool or a quota is full. Several goroutines call it.
	Again func(error)
}

// Progress is how far an input is. Its rows are Done, Refused, Invalid, or still
// to be filed.
type Progress struct {
	Rows, Done, Refused, Invalid int
	Prepared                     int // rows that wait in files for signatures
}

// Open returns how many rows are still to be filed.
func (p Progress) Open() int { return p.Rows - p.Done - p.Refused - p.Invalid }

// JournalOf returns the path of the journal of an input; folder is that of
// Options.
func JournalOf(input, folder string) string {
	if folder != "" {
		return filepath.Join(folder, filepath.Base(input)+".journal")
	}
	return input + ".journal"
}

// run is one run of Run or Submit.
type run struct {
	Options
	journal *journal
	claims  *claims
	jobs    chan job
	rebuild bool // whether what has expired is made anew

	mu       sync.Mutex
	progress Progress  // guarded by mu
	moved    time.Time // when a transaction last came to an end; guarded by mu
}

// job is rows to be filed by one transaction.
type job struct {
	rows     []int
	messages []*txv1.Message
	size     int // bytes of the messages
	claim    claim
	tx       *Transaction // nil until it is made
}

// Run files an input that was scanned: what its journal does not have filed yet.
// It returns how far it came; the error says why no further.
func Run(ctx context.Context, s *Scan, o Options) (Progress, error) {
	if s.Invalid > 0 && !o.SkipInvalid {
		return Progress{Rows: s.Rows, Invalid: s.Invalid}, fmt.Errorf("bulk: %d of %d: %w", s.Invalid, s.Rows, ErrInvalid)
	}
	j, err := openJournal(o.Journal)
	if err != nil {
		return Progress{Rows: s.Rows}, err
	}
	p, err := runOn(ctx, j, s, o)
	return p, errors.Join(err, j.close())
}

// runOn is Run with an open journal.
func runOn(ctx context.Context, j *journal, s *Scan, o Options) (Progress, error) {
	if err := o.Input.prepareJournal(j, s, o.Chain); err != nil {
		return Progress{Rows: s.Rows}, err
	}
	// Before anything moves: rows of an unfinished transaction are that job's,
	// also if it expires.
	covered, err := j.covered()
	if err != nil {
		return Progress{Rows: s.Rows}, err
	}
	r := newRun(j, o, true)
	err = r.all(ctx, func(ctx context.Context) error {
		if err := r.resume(ctx, nil); err != nil {
			return err
		}
		return r.stream(ctx, covered)
	})
	return r.progress, err
}

// prepareJournal begins a journal, or holds it against the input.
func (in Input) prepareJournal(j *journal, s *Scan, chain string) error {
	now := &entry{Type: "grown", Size: s.Size, SM3: s.SM3.String(), Total: s.Rows}
	if j.begin == nil {
		now.Type, now.Format, now.Chain, now.Input, now.Settings = "begin", format, chain, filepath.Base(in.Path), in.settings()
	} else if grown, err := in.matches(j.begin, s, chain); err != nil || !grown {
		return err
	}
	if err := j.add(now); err != nil {
		return err
	}
	return j.sync()
}

func newRun(j *journal, o Options, rebuild bool) *run {
	for _, d := range []struct {
		value    *int
		standard int
	}{{&o.Batch, DefaultBatch}, {&o.Bytes, DefaultBytes}, {&o.InFlight, DefaultInFlight}} {
		if *d.value == 0 {
			*d.value = d.standard
		}
	}
	if o.Patience == 0 {
		o.Patience = DefaultPatience
	}
	r := &run{Options: o, journal: j, claims: newClaims(), jobs: make(chan job), rebuild: rebuild, moved: time.Now()}
	r.progress.Rows = j.begin.Total
	for _, t := range j.txs {
		if t.state == committed {
			r.progress.Done += count(t.rows) - t.refused
			r.progress.Refused += t.refused
		}
	}
	return r
}

// all runs what feeds jobs and those who do them, until both are done or one
// fails.
func (r *run) all(ctx context.Context, feed func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r.tell()
	var workers sync.WaitGroup
	for range r.InFlight {
		workers.Go(func() {
			for j := range r.jobs {
				err := r.file(ctx, j)
				r.claims.release(j.claim)
				if err != nil {
					cancel(err)
				}
			}
		})
	}
	if err := feed(ctx); err != nil {
		cancel(err)
	}
	close(r.jobs)
	workers.Wait()
	return context.Cause(ctx)
}

// put gives a job to who is free, once nothing stands against it.
func (r *run) put(ctx context.Context, j job) error {
	if err := r.claims.take(ctx, j.claim); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		r.claims.release(j.claim)
		return context.Cause(ctx)
	case r.jobs <- j:
		return nil
	}
}

// resume files the transactions of the journal that have no outcome. signed, if
// it is not nil, returns them with the signatures that were added since.
func (r *run) resume(ctx context.Context, signed func(id string) ([]byte, bool)) error {
	r.journal.mu.Lock()
	known := append([]*filed(nil), r.journal.txs...)
	r.journal.mu.Unlock()
	for _, t := range known {
		if t.state != "" {
			continue
		}
		e, err := r.journal.read(t.offset)
		if err != nil {
			return err
		}
		if signed != nil {
			raw, ok := signed(e.ID)
			if !ok {
				continue
			}
			e.Raw = raw
		}
		j, err := r.jobOf(e)
		if err != nil {
			return err
		}
		if err := r.put(ctx, j); err != nil {
			return err
		}
	}
	return nil
}

// jobOf returns the job of a transaction of the journal.
func (r *run) jobOf(e *entry) (job, error) {
	j := job{rows: rowsOf(e.Rows), claim: newClaim(), tx: &Transaction{ID: e.ID, Raw: e.Raw, Expiry: time.Unix(e.Expiry, 0)}}
	var err error
	if j.messages, err = messagesOf(e.Raw); err != nil {
		return j, err
	}
	if len(j.messages) != len(j.rows) {
		return j, fmt.Errorf("bulk: %w: transaction %s has %d messages for %d rows", ErrJournal, e.ID, len(j.messages), len(j.rows))
	}
	for _, m := range j.messages {
		rec, err := record.FromMessage(m)
		if err != nil {
			return j, fmt.Errorf("bulk: %w: %w", ErrJournal, err)
		}
		j.claim.add(rec, r.Input.Options.Issuer)
	}
	return j, nil
}

// messagesOf returns the messages of an encoded transaction.
func messagesOf(raw []byte) ([]*txv1.Message, error) {
	t, b := new(txv1.Tx), new(txv1.Body)
	err := proto.Unmarshal(raw, t)
	if err == nil {
		err = proto.Unmarshal(t.GetBody(), b)
	}
	if err != nil {
		return nil, fmt.Errorf("bulk: %w: %w", ErrJournal, err)
	}
	return b.GetMessages(), nil
}

// stream files the rows of the input that the journal does not have.
func (r *run) stream(ctx context.Context, covered []span) error {
	f, rows, err := r.Input.open()
	if err != nil {
		return err
	}
	defer f.Close()
	next := job{claim: newClaim()}
	flush := func() error {
		j := next
		next = job{claim: newClaim()}
		if len(j.rows) == 0 {
			return nil
		}
		return r.put(ctx, j)
	}
	for n := 1; ; n++ {
		row, err := rows.Next()
		var fault *record.Fault
		switch {
		case errors.Is(err, io.EOF):
			return flush()
		case covers(covered, n):
			continue // also if it has a fault by today
		case errors.As(err, &fault) && !fault.Fatal:
			if err := r.leaveOut(&entry{Type: "invalid", Row: n, Line: fault.Line, Text: &fault.Text}); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		}
		size := proto.Size(row.Message) + 128 // actor, signers and lengths
		if len(next.rows) == r.Batch || len(next.rows) > 0 && next.size+size > r.Bytes {
			if err := flush(); err != nil {
				return err
			}
		}
		next.rows, next.messages, next.size = append(next.rows, n), append(next.messages, row.Message), next.size+size
		next.claim.add(row.Record, r.Input.Options.Issuer)
	}
}

// leaveOut notes that a row is not filed.
func (r *run) leaveOut(e *entry) error {
	if err := r.journal.add(e); err != nil {
		return err
	}
	r.change(func(p *Progress) {
		if e.Refusal != nil {
			p.Refused++
		} else {
			p.Invalid++
		}
	})
	return nil
}

// change changes the progress and tells of it.
func (r *run) change(change func(*Progress)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.progress)
	r.moved = time.Now()
	if r.Progress != nil {
		r.Progress(r.progress)
	}
}

func (r *run) tell() { r.change(func(*Progress) {}) }
