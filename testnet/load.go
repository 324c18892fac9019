package testnet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/testnet/example"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// issuer is a body that files certificates.
type issuer struct {
	approval string // approval number
	maker    *client.Maker
}

// filing is a transaction of the load and what it files.
type filing struct {
	id      string
	issuer  string
	numbers []string
	height  uint64 // of its block
}

// load files certificates with all validators to choose from.
type load struct {
	Load
	issuers []issuer
	cannot  func(error) // told of the first thing that goes wrong

	mu    sync.Mutex
	filed []filing // that are in a block; guarded by mu
}

// patience is how long one transaction may take to come into a block.
const patience = 2 * time.Minute

func newLoad(l Load, chain string, urls []string, keys generate.Keys, cannot func(error)) (*load, error) {
	// A node that is suspended takes connections and does not answer: not to wait
	// for it for long keeps the load up.
	c, err := client.New(urls, client.Options{ChainID: chain, Timeout: 5 * time.Second, Patience: patience, Agent: "hallmark-testnet"})
	if err != nil {
		return nil, err
	}
	all := &load{Load: l, cannot: cannot}
	for _, b := range []struct{ id, approval string }{
		{generate.ExampleCert, generate.ExampleCertNumber}, {generate.ExampleSecond, generate.ExampleSecondNumber},
	} {
		all.issuers = append(all.issuers, issuer{b.approval, Body(c, keys, b.id)})
	}
	return all, nil
}

// Body returns what makes transactions of a certification body, signed by its
// certifier and its approver.
func Body(c *client.Client, keys generate.Keys, id string) *client.Maker {
	certifier, approver := keys[id+".certifier"], keys[id+".approver"]
	return &client.Maker{
		Client: c, Nonces: c.Nonces(certifier.Public(), nil),
		Parties: []client.Party{
			{Member: id, Key: certifier.Public(), Signer: certifier},
			{Member: id, Key: approver.Public(), Signer: approver},
		},
	}
}

// run files until until ends, then waits for what is under way. What goes wrong
// is told to cannot; ctx ends it all.
func (l *load) run(ctx, until context.Context) {
	places := make(chan struct{}, l.InFlight)
	tick := time.NewTicker(time.Duration(float64(time.Second) / l.Rate))
	defer tick.Stop()
	var all sync.WaitGroup
	defer all.Wait()
	for n := 0; ; n++ {
		select {
		case <-until.Done():
			return
		case <-tick.C:
		}
		select {
		case <-until.Done():
			return
		case places <- struct{}{}:
		}
		all.Go(func() {
			if err := l.file(ctx, n); err != nil {
				l.cannot(fmt.Errorf("load: transaction %d: %w", n, err))
			}
			<-places
		})
	}
}

// file files batch n and waits until it is in a block.
func (l *load) file(ctx context.Context, n int) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("it was not in a block within %v", patience))
	defer cancel()
	by := l.issuers[n%len(l.issuers)]
	f := filing{issuer: by.approval}
	messages := make([]*txv1.Message, l.Batch)
	today := civil.DateOf(time.Now().Add(-time.Hour)) // block time may trail the clock
	for i := range messages {
		number := example.Number("LOAD", n*l.Batch+i)
		f.numbers = append(f.numbers, number)
		messages[i] = example.Issue(example.System(number, n%1000, today))
	}
	outcome, err := send(ctx, by.maker, messages)
	if err != nil {
		return err
	}
	f.id, f.height = outcome.ID, outcome.Transaction.Height
	l.mu.Lock()
	defer l.mu.Unlock()
	l.filed = append(l.filed, f)
	return nil
}

// send makes, signs and submits a transaction and waits until it is done. That
// all is done is checked.
func send(ctx context.Context, maker *client.Maker, messages []*txv1.Message) (*client.Outcome, error) {
	draft, err := maker.Draft(ctx, messages)
	if err != nil {
		return nil, err
	}
	if err := maker.Sign(ctx, draft); err != nil {
		return nil, err
	}
	outcome, err := maker.Client.SubmitAndWait(ctx, draft.Bytes(), time.Unix(draft.Body().GetExpiry(), 0))
	if err != nil {
		return nil, err
	}
	if outcome.Result != client.Done {
		return nil, fmt.Errorf("transaction %s is not done: %+v", outcome.ID, outcome.Transaction)
	}
	return outcome, nil
}

var errNothingFiled = errors.New("load: nothing was filed")

// certificates returns how many certificates were filed.
func (l *load) certificates() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.filed {
		n += len(f.numbers)
	}
	return n
}
