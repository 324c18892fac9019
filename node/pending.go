package node

import (
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// pending knows which transactions wait in the mempool, which knows them by
// another hash. A transaction is entered when it is checked with success. After
// each block CometBFT checks again all that still wait, and so enters them anew:
// what the mempool dropped without a word is forgotten a block later.
type pending struct {
	mu           sync.Mutex
	now, earlier map[sm3.Hash]struct{} // guarded by mu; since the last block, and before it
}

// checked is told of every answer of CheckTx.
func (p *pending) checked(raw []byte, ok bool) {
	id, err := idOf(raw)
	if err != nil {
		return // no transaction, and not accepted
	}
	if !ok {
		p.forget(id)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now == nil {
		p.now = map[sm3.Hash]struct{}{}
	}
	p.now[id] = struct{}{}
}

func (p *pending) forget(id sm3.Hash) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.now, id)
	delete(p.earlier, id)
}

// idOf returns the id of a transaction, of which only the outer layer is read.
func idOf(raw []byte) (sm3.Hash, error) {
	var envelope txv1.Tx
	if err := proto.Unmarshal(raw, &envelope); err != nil {
		return sm3.Hash{}, err
	}
	return tx.ID(envelope.Body), nil
}

// committed is told of every block.
func (p *pending) committed(o *app.Observation) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.earlier, p.now = p.now, map[sm3.Hash]struct{}{}
	for _, t := range o.Txs {
		if t != nil {
			delete(p.earlier, t.ID())
		}
	}
}

func (p *pending) has(id sm3.Hash) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, now := p.now[id]
	_, earlier := p.earlier[id]
	return now || earlier
}
