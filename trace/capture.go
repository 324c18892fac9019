package trace

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Defaults of Options.
const (
	DefaultBatch    = 1000
	DefaultInFlight = 8
	DefaultPatience = 10 * time.Minute

	windowSize = 50_000    // events of products that are held at a time
	maxBytes   = 512 << 10 // of the messages of a transaction
	lookUps    = 8         // products that are looked up at a time
)

// Options say how a document is filed.
type Options struct {
	Maker   *client.Maker // of mode “each”
	Chain   string        // chain id
	Journal string        // path

	Batch    int // events of a transaction, 0 for the default
	Messages int // of a transaction
	InFlight int // transactions on their way at a time, 0 for the default
	// Patience is how long to go on while no transaction comes to an end, 0 for the
	// default.
	Patience time.Duration
	// SkipInvalid leaves events with faults out.
	SkipInvalid bool
	// DryRun files nothing: it says what would be.
	DryRun bool

	// Report, if it is not nil, is told what became of each event and product, in the
	// order of the document. Progress is told now and then, Again why something is
	// tried again; they may be nil. Again is called by several goroutines.
	Report   func(*Line) error
	Progress func(Summary)
	Again    func(error)
}

// ErrInvalid: the document has faults, and they are not to be left out.
var ErrInvalid = errors.New("trace: the document has faults")

// item is an event for one product.
type item struct {
	Line
	part *Part
	// of is what is known of the product; done says that the line is as it stays. again
	// is the same event earlier in the document, nil for none.
	of    *standing
	done  bool
	again *item
}

// window is events that are filed together.
type window struct {
	items []*item
	read  int // events of the document up to its end
}

// capture is one run.
type capture struct {
	Options
	member   string
	journal  *journal
	products map[string]*standing

	mu      sync.Mutex
	summary Summary   // guarded by mu
	moved   time.Time // when a transaction last came to an end; guarded by mu
}

// Capture files what chains do not have yet of a document. Interrupted at any instant
// and called again, it goes on and files nothing twice. The summary is of this
// document, whichever run has filed it; the error says why it came no further.
func Capture(ctx context.Context, s *Scan, o Options) (sum Summary, err error) {
	if !s.Valid() && !o.SkipInvalid {
		return Summary{Events: s.Events, Invalid: s.Invalid}, ErrInvalid
	}
	c := newCapture(o)
	c.summary.Events = s.Events
	if c.journal, err = openJournal(o.Journal, line{Chain: o.Chain, Member: c.member, SM3: s.SM3.String()}); err != nil {
		return c.summary, err
	}
	defer func() { err = errors.Join(err, c.journal.close()) }()
	err = c.run(ctx, s)
	return c.summary, err
}

func newCapture(o Options) *capture {
	for _, d := range []struct {
		value    *int
		standard int
	}{{&o.Batch, DefaultBatch}, {&o.InFlight, DefaultInFlight}, {&o.Messages, DefaultBatch}} {
		if *d.value == 0 {
			*d.value = d.standard
		}
	}
	if o.Patience == 0 {
		o.Patience = DefaultPatience
	}
	return &capture{Options: o, member: o.Maker.Parties[0].Member, products: map[string]*standing{}, moved: time.Now()}
}

// run reads windows and files them, one after the other; the next is read meanwhile.
func (c *capture) run(ctx context.Context, s *Scan) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	windows := make(chan window)
	read := make(chan error, 1)
	go func() {
		defer close(windows)
		read <- c.read(ctx, s, windows)
	}()
	for w := range windows {
		if err := c.window(ctx, w); err != nil {
			cancel(err)
			for range windows { // until the reader has seen it
			}
			return err
		}
	}
	return <-read
}

// read divides the document into windows.
func (c *capture) read(ctx context.Context, s *Scan, out chan<- window) error {
	var w window
	send := func() error {
		select {
		case out <- w:
			w = window{read: w.read}
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	err := s.Each(func(e *Event, valid bool) error {
		w.read = e.Index + 1
		w.items = append(w.items, itemsOf(e, valid)...)
		if len(w.items) >= windowSize {
			return send()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return send()
}

// itemsOf returns the lines of an event, as far as the document says.
func itemsOf(e *Event, valid bool) (list []*item) {
	base := Line{Event: e.Index + 1, ID: e.ID, Hash: e.Hash.String()}
	if !valid {
		base.State = StateInvalid
		return []*item{{Line: base, done: true}}
	}
	for p := range e.Parts {
		l := base
		l.Product = e.Parts[p].Product
		list = append(list, &item{Line: l, part: &e.Parts[p]})
	}
	for _, uri := range e.Unnamed {
		l := base
		l.Product, l.State = uri, StateUnnamed
		list = append(list, &item{Line: l, done: true})
	}
	if len(list) == 0 { // it names nothing
		base.State = StateUnnamed
		list = append(list, &item{Line: base, done: true})
	}
	return list
}

// window files a window and reports it.
func (c *capture) window(ctx context.Context, w window) error {
	if err := c.lookUp(ctx, w.items); err != nil {
		return err
	}
	tasks := c.tasks(w.items)
	if c.DryRun {
		for _, t := range tasks {
			for _, i := range t.items {
				i.State, i.done = StatePlanned, true
			}
		}
		tasks = nil
	}
	err := c.file(ctx, tasks)
	for _, i := range w.items {
		if first := i.again; first != nil && first.done {
			number, id := i.Event, i.ID
			i.Line, i.done = first.Line, true
			i.Event, i.ID = number, id
			if i.State == StateFiled {
				i.State = StatePresent
			}
		}
	}
	return errors.Join(err, c.report(w))
}

// report tells what became of a window, as far as that is certain.
func (c *capture) report(w window) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	last, kept := 0, true
	for _, i := range w.items {
		if i.Event != last {
			if !kept {
				c.summary.Nowhere++
			}
			last, kept = i.Event, false
		}
		if !i.done {
			kept = true // not certain yet
			continue
		}
		kept = kept || slices.Contains([]string{StateFiled, StatePresent, StatePlanned}, i.State)
		c.summary.count(&i.Line)
		if i.State == StateUnregistered && len(c.summary.Products) < maxProducts && !slices.Contains(c.summary.Products, i.Product) {
			c.summary.Products = append(c.summary.Products, i.Product)
		}
		if c.Report != nil {
			if err := c.Report(&i.Line); err != nil {
				return err
			}
		}
	}
	if !kept {
		c.summary.Nowhere++
	}
	c.summary.Read = w.read
	if c.Progress != nil {
		c.Progress(c.summary)
	}
	return nil
}

// lookUp finds what the ledger has of products that were not met before.
func (c *capture) lookUp(ctx context.Context, items []*item) error {
	var fresh []*standing
	for _, i := range items {
		if i.part == nil {
			continue
		}
		s := c.products[i.Product]
		if s == nil {
			s = &standing{uri: i.Product}
			c.products[i.Product] = s
			fresh = append(fresh, s)
		}
		i.of = s
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	todo := make(chan *standing)
	var workers sync.WaitGroup
	for range min(lookUps, len(fresh)) {
		workers.Go(func() {
			for s := range todo {
				if _, err := retry(ctx, c, func() (*struct{}, error) { return nil, s.refresh(ctx, c.Maker.Client) }); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, s := range fresh {
		select {
		case todo <- s:
		case <-ctx.Done():
		}
	}
	close(todo)
	workers.Wait()
	return context.Cause(ctx)
}

// occurrence is an event of a product.
type occurrence struct {
	of   *standing
	hash sm3.Hash
}

// tasks divides what is to be filed by product, in the order of the document.
func (c *capture) tasks(items []*item) (list []*task) {
	at := map[*standing]*task{}
	first := map[occurrence]*item{}
	for _, i := range items {
		if i.done {
			continue
		}
		switch refusal := check(i.part); {
		case !i.of.registered:
			i.State, i.done = StateUnregistered, true
		case c.known(i):
		case i.of.refused != nil:
			i.refuse(i.of.refused)
			i.done = true
		case refusal != nil:
			i.refuse(refusal)
			i.done = true
		case first[occurrence{i.of, i.part.Event.Hash}] != nil:
			i.again = first[occurrence{i.of, i.part.Event.Hash}]
		default:
			first[occurrence{i.of, i.part.Event.Hash}] = i
			t := at[i.of]
			if t == nil {
				t = &task{of: i.of}
				at[i.of] = t
				list = append(list, t)
			}
			t.items = append(t.items, i)
		}
	}
	return list
}

// known reports whether the chain has the event, and says where.
func (c *capture) known(i *item) bool {
	at, ok := i.of.has[i.part.Event.Hash]
	if !ok {
		return false
	}
	i.State, i.done = StatePresent, true
	if c.journal.isOurs(at.tx) {
		i.State = StateFiled
	}
	i.Entry, i.Height, i.Tx = at.entry, at.height, at.tx
	return true
}
