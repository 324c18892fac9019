package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/node"
	"github.com/hallmark-ledger/hallmark/node/api"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// nodeCase suspends certificates at once on a whole node in this process, the
// only validator of a chain of its own: CometBFT with its stores and its log on
// disk, and the application. The settings are the defaults, but for the ports.
func nodeCase(p plan, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "hallmark-bench-node-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	n, err := startNode(filepath.Join(dir, "home"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Stop()) }()

	day, nonce := civil.DateOf(time.Now()), uint64(0)
	sign := func(messages []*txv1.Message) []byte {
		nonce++
		return apptest.Draft{
			Nonce: nonce, Mode: txv1.Mode_MODE_EACH, Keys: []string{"cqc/certifier", "cqc/approver"},
			Messages: messages, Expiry: time.Now().Add(time.Hour),
		}.Sign()
	}
	for _, messages := range powerBanks(0, p.PowerBanks, day) {
		b, at, _, err := n.execute(sign(messages))
		if err != nil {
			return err
		}
		if r := b.Results.TxResults[at]; r.Code != 0 || r.Log != "" {
			return fmt.Errorf("a transaction is refused: code %d: %s", r.Code, r.Log)
		}
	}
	raw := sign(suspensions(0, p.PowerBanks, day))
	b, _, took, err := n.execute(raw)
	if err != nil {
		return err
	}
	if err := checkSuspended(b.Results.TxResults, p.PowerBanks); err != nil {
		return err
	}
	fmt.Fprintf(out, "\npower banks, one node with CometBFT: %d suspensions, %d of them stale, in 1 transaction of %d bytes: %.3f s from the submission to the commit\n",
		p.PowerBanks, stale, len(raw), took.Seconds())
	return nil
}

// running is a node that runs. One goroutine uses it.
type running struct{ *node.Node }

// startNode begins a chain with one validator.
func startNode(home string) (*running, error) {
	addresses, err := freeAddresses(4)
	if err != nil {
		return nil, err
	}
	settings := []string{
		"node.name=val-00", "p2p.listen=" + addresses[0], "rpc.listen=" + addresses[1], "api.listen=" + addresses[2], "metrics.listen=" + addresses[3],
	}
	pass := func(keystore.Request) ([]byte, error) { return []byte("a pass phrase of benchmarks"), nil }
	_, err = node.InitHome(home, node.InitOptions{
		ChainID: apptest.Chain, Member: "cnca", Passphrase: pass, Iterations: keystore.MinIterations,
		Settings: settings, State: apptest.Genesis(1, 0),
	})
	if err != nil {
		return nil, err
	}
	c, err := node.Load(home)
	if err != nil {
		return nil, err
	}
	n, err := node.New(context.Background(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if err := n.Start(); err != nil {
		return nil, errors.Join(err, n.Stop())
	}
	return &running{n}, nil
}

// freeAddresses returns addresses that nobody listens on.
func freeAddresses(n int) (list []string, err error) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() // none is given twice, since all are held until the end
		list = append(list, l.Addr().String())
	}
	return list, nil
}

// executeWait is how long a block may take before the benchmark gives up.
const executeWait = time.Minute

// execute submits a transaction and waits until its block is committed. It
// returns the block, the transaction's place in it, and the time that it took.
func (n *running) execute(raw []byte) (b *api.BlockData, at int, took time.Duration, err error) {
	wake, stop := n.Notify()
	defer stop()
	_, height := n.Heights()
	start := time.Now()
	if err := n.Submit(context.Background(), raw); err != nil {
		return nil, 0, 0, err
	}
	for deadline := time.After(executeWait); ; {
		for _, latest := n.Heights(); height < latest; {
			height++
			took = time.Since(start)
			if b, err = n.Block(height); err != nil {
				return nil, 0, 0, err
			}
			for i, t := range b.Block.Txs {
				if string(t) == string(raw) {
					return b, i, took, nil
				}
			}
		}
		select {
		case <-wake:
		case <-deadline:
			return nil, 0, 0, errors.New("the transaction is in no block after a minute")
		}
	}
}
