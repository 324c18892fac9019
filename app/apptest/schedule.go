package apptest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
)

// round is a proposal that is not decided. Every node that is asked about it must
// answer alike; what an honest proposer made must be accepted.
type round struct {
	block  *abci.RequestFinalizeBlock
	honest bool

	mu       sync.Mutex // guards what follows
	asked    bool
	accepted bool
}

func (p *round) answered(accepted bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.asked && p.accepted != accepted:
		return fmt.Errorf("a proposal is accepted: %v; by others: %v", accepted, p.accepted)
	case p.honest && !accepted:
		return errors.New("what an honest proposer made is refused")
	}
	p.asked, p.accepted = true, accepted
	return nil
}

// Propose lets the network find a block for transactions that wait in the nodes'
// mempools: nodes propose in turn, some proposals are not decided, others are
// made by proposers that are not honest. pool must hold all transactions that
// are to be heard of, good and bad.
func (net *Network) Propose(ctx context.Context, after time.Duration, pool [][]byte, misbehaviour ...abci.Misbehavior) (*abci.ResponseFinalizeBlock, error) {
	var rounds []*round
	for net.options.Noise && net.rand.IntN(2) == 0 {
		b := net.Next(time.Duration(net.rand.Int64N(int64(after))+1), net.some(pool)...)
		b.Misbehavior = misbehaviour
		p := &round{block: b}
		if net.rand.IntN(2) == 0 {
			var err error
			if b.Txs, err = net.prepare(ctx, b, b.Txs); err != nil {
				return nil, err
			}
			p.honest = true
		} else {
			b.Txs = net.mangle(b.Txs)
		}
		sealed(b)
		rounds = append(rounds, p)
	}
	b := net.Next(after)
	b.Misbehavior = misbehaviour
	var err error
	if b.Txs, err = net.prepare(ctx, b, net.some(pool)); err != nil {
		return nil, err
	}
	return net.run(ctx, &round{block: sealed(b), honest: true}, rounds, pool)
}

// prepare asks a node for a proposal.
func (net *Network) prepare(ctx context.Context, b *abci.RequestFinalizeBlock, txs [][]byte) ([][]byte, error) {
	n := net.Nodes[net.rand.IntN(len(net.Nodes))]
	res, err := n.PrepareProposal(ctx, &abci.RequestPrepareProposal{
		Txs: txs, MaxTxBytes: maxBlock - 1<<16, Height: b.Height, Time: b.Time, Misbehavior: b.Misbehavior,
	})
	if err != nil {
		return nil, err
	}
	return res.Txs, nil
}

// some returns some of the transactions, in any order.
func (net *Network) some(pool [][]byte) [][]byte {
	list := slices.Clone(pool)
	if net.options.Noise {
		net.rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		list = slices.DeleteFunc(list, func([]byte) bool { return net.rand.IntN(8) == 0 })
	}
	return list
}

// mangle does to a proposal what one who is not honest may.
func (net *Network) mangle(txs [][]byte) [][]byte {
	txs = slices.Clone(txs)
	if len(txs) == 0 {
		return [][]byte{{}}
	}
	i := net.rand.IntN(len(txs))
	switch net.rand.IntN(4) {
	case 0: // twice
		txs = append(txs, txs[i])
	case 1:
		txs[i] = slices.Clone(txs[i])
		if len(txs[i]) > 0 {
			txs[i][net.rand.IntN(len(txs[i]))] ^= 1 << net.rand.IntN(8)
		}
	case 2:
		txs = append(txs, []byte("garbage"))
	}
	return txs
}
