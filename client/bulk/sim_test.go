package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// errDied is what everything returns once the process has died.
var errDied = errors.New("the process is dead")

// world outlives processes: the ledger, and what is on the disk. Every call of a
// process is a step; at the step drawn it dies, before or after it has its effect.
type world struct {
	mu     sync.Mutex
	choose func(n int) int // 0 … n-1

	now     time.Time
	height  uint64
	nonce   uint64
	pending []*simTx
	done    map[string]*api.Transaction // by id
	filed   map[string]int              // how often each certificate was filed
	refuse  map[string]bool             // certificates that the ledger refuses
	alien   int                         // nonces that somebody else used

	disk   []byte
	synced int

	process int // the one that lives
	steps   int // until it dies; never if negative
}

type simTx struct {
	id     string
	expiry time.Time
	nonce  uint64
	body   *txv1.Body
	late   bool // it is on its way to a node still
}

var simQuota = exec.Code{Number: 50, Name: "tx_quota_exceeded"}
var simUsed = exec.Code{Number: 32, Name: "tx_nonce_used"}
var simExpired = exec.Code{Number: 30, Name: "tx_expired"}
var simRefused = exec.Code{Number: 401, Name: "certificate_exists", English: "x", Chinese: "x"}

// step returns errDied if the process is dead, or dies here; mu is locked.
func (w *world) step(process int) error {
	if process != w.process {
		return errDied
	}
	if w.steps--; w.steps == 0 {
		w.process++ // no other call of it has an effect
		return errDied
	}
	return nil
}

// block makes a block: some of what waits is executed.
func (w *world) block() {
	w.height++
	w.now = w.now.Add(time.Second)
	var left []*simTx
	for _, t := range w.pending {
		switch {
		case t.late:
			t.late = w.choose(3) > 0
			left = append(left, t)
		case w.now.After(t.expiry) || w.nonceUsed(t.nonce):
		case w.choose(4) == 0:
			left = append(left, t)
		default:
			w.execute(t)
		}
	}
	w.pending = left
}

// used nonces are those of executed transactions.
func (w *world) nonceUsed(n uint64) bool { return w.done[fmt.Sprint("nonce ", n)] != nil }

func (w *world) execute(t *simTx) {
	r := &api.Transaction{ID: t.id, State: "committed", Height: w.height, Messages: len(t.body.Messages)}
	for i, m := range t.body.Messages {
		number := m.GetReinstate().GetNumber()
		w.filed[number]++
		if w.refuse[number] {
			r.Refused = append(r.Refused, api.Refusal{Code: 401, Name: "certificate_exists", Message: &i})
		}
	}
	w.done[t.id], w.done[fmt.Sprint("nonce ", t.nonce)] = r, r
}

// simLedger is the ledger for one process.
type simLedger struct {
	*world
	process int
	life    time.Duration
}

func (l simLedger) Make(_ context.Context, messages []*txv1.Message) (*Transaction, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.step(l.process); err != nil {
		return nil, err
	}
	for _, m := range messages {
		if m.GetReinstate().GetNote() == "no legal transaction" {
			return nil, simRefused.Refuse("x")
		}
	}
	l.nonce++
	b := &txv1.Body{ChainId: "sim", Nonce: l.nonce, Expiry: l.now.Add(l.life).Unix(), Mode: txv1.Mode_MODE_EACH, Messages: messages}
	raw, err := proto.Marshal(b)
	if err != nil {
		return nil, err
	}
	t, err := proto.Marshal(&txv1.Tx{Body: raw, Signatures: [][]byte{{1}}})
	return &Transaction{ID: tx.ID(raw).String(), Raw: t, Expiry: time.Unix(b.Expiry, 0)}, err
}

func (l simLedger) File(ctx context.Context, t *Transaction) (*client.Outcome, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.step(l.process); err != nil {
		return nil, err
	}
	if _, err := l.durable(t); err != nil {
		return nil, err
	}
	envelope, body := new(txv1.Tx), new(txv1.Body)
	if err := errors.Join(proto.Unmarshal(t.Raw, envelope), proto.Unmarshal(envelope.Body, body)); err != nil {
		return nil, err
	}
	l.block()
	if l.choose(20) == 0 && l.done[fmt.Sprint("nonce ", body.Nonce)] == nil && l.alien > 0 {
		l.alien-- // somebody else's transaction with this nonce
		l.done[fmt.Sprint("nonce ", body.Nonce)] = &api.Transaction{}
	}
	known := l.done[t.ID]
	switch l.choose(6) {
	case 0:
		return nil, client.ErrNoAnswer // it was not sent
	case 1:
		return nil, simQuota.Refuse("later")
	case 2: // the answer is lost, and the node has it, or gets it later
		l.pending = append(l.pending, &simTx{t.ID, t.Expiry, body.Nonce, body, l.choose(2) == 0})
		return nil, client.ErrUncertain
	}
	switch {
	case known != nil && l.choose(3) > 0:
		return l.outcome(t, known)
	case l.nonceUsed(body.Nonce): // by this transaction, or by another
		return nil, simUsed.Refuse("x")
	case l.now.After(t.Expiry):
		return nil, simExpired.Refuse("x")
	}
	l.pending = append(l.pending, &simTx{t.ID, t.Expiry, body.Nonce, body, false})
	return l.wait(t)
}

// durable holds the journal to its promise: what is sent is on the disk.
func (l simLedger) durable(t *Transaction) (bool, error) {
	j, err := loadJournal(&simDisk{world: &world{disk: append([]byte(nil), l.disk[:l.synced]...), steps: -1}})
	if err != nil {
		return false, err
	}
	if f := j.byID[t.ID]; f == nil {
		return false, fmt.Errorf("transaction %s is sent before its entry is durable", t.ID)
	}
	return true, nil
}

func (l simLedger) wait(t *Transaction) (*client.Outcome, error) {
	for {
		if err := l.step(l.process); err != nil {
			return nil, err
		}
		if known := l.done[t.ID]; known != nil {
			return l.outcome(t, known)
		}
		if l.now.After(t.Expiry) {
			return l.outcome(t, nil)
		}
		l.block()
	}
}

// outcome is the last of a call: the process may die before it learns of it.
func (l simLedger) outcome(t *Transaction, known *api.Transaction) (*client.Outcome, error) {
	if err := l.step(l.process); err != nil {
		return nil, err
	}
	if known == nil {
		return &client.Outcome{ID: t.ID, Result: client.Expired}, nil
	}
	return &client.Outcome{ID: t.ID, Result: client.Partly, Transaction: known}, nil
}

func (l simLedger) Wait(_ context.Context, t *Transaction) (*client.Outcome, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wait(t)
}

func (l simLedger) Settle(_ context.Context, t *Transaction) (*client.Outcome, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.outcome(t, l.done[t.ID])
}

// simDisk is the journal's file: what was not synced may be lost when the process
// (and its machine) dies.
type simDisk struct {
	*world
	process int
}

func (d *simDisk) ReadAt(p []byte, at int64) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if at >= int64(len(d.disk)) {
		return 0, io.EOF
	}
	n := copy(p, d.disk[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (d *simDisk) WriteAt(p []byte, at int64) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.process != d.world.process {
		return 0, errDied
	}
	if err := d.step(d.process); err != nil {
		p = p[:d.choose(len(p))] // it dies in the middle
		d.disk = append(d.disk[:at], p...)
		return len(p), err
	}
	d.disk = append(d.disk[:at], p...)
	return len(p), nil
}

func (d *simDisk) Truncate(size int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.disk = d.disk[:size]
	d.synced = min(d.synced, int(size))
	return nil
}

func (d *simDisk) Sync() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(d.process); err != nil {
		return err
	}
	d.synced = len(d.disk)
	return nil
}

func (d *simDisk) Close() error { return nil }

// crash loses what was not synced, as far as drawn.
func (w *world) crash() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.process++
	if lost := len(w.disk) - w.synced; lost > 0 {
		w.disk = w.disk[:w.synced+w.choose(lost+1)]
	}
	w.synced = len(w.disk)
}
