package tx

import (
	"context"
	"sync" //determinism:ok the cache holds facts of the bytes alone; what it forgets is found again

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Cache remembers which signatures were verified and found good, so that a node
// verifies each once: in CheckTx, or with a proposal, or with a block. It is
// safe for concurrent use.
//
// A fact is named by
//
//	SM3(SM3("hallmark/tx/v1" ‖ 00 ‖ body) ‖ key (33) ‖ signature (64))
//
// of which every part has a fixed length: two facts have one name only if SM3
// collides. What was found wrong is not remembered, since that would let
// strangers fill the cache, and a bad signature ends its transaction anyhow.
type Cache struct {
	mu   sync.RWMutex // guards what follows; never held while a signature is verified
	good generations[sm3.Hash, struct{}]
	keys generations[[sm2.PublicKeySize]byte, *sm2.PublicKey] // parsing costs a square root
}

// NewCache returns a cache of at most size signatures, about 100 bytes each,
// and a quarter as many keys, about 500 bytes each.
func NewCache(size int) *Cache {
	c := new(Cache)
	c.good.half = max(1, size/2)
	c.keys.half = max(1, size/8)
	return c
}

// Verify verifies the signatures of txs that are not in the cache, on all
// processors, and adds the good ones. It returns for each transaction nil or the
// refusal of its first bad signature; or, if ctx has ended, an error and no
// results.
//
// It is for proposals and blocks, ahead of authentication, which then finds
// everything in the cache. The results are only a preview: they hold, but what
// counts in a block is what Deliver says.
func (c *Cache) Verify(ctx context.Context, txs []*Tx) ([]error, error) { return c.verify(ctx, txs, 0) }

// verify is Verify on a number of goroutines, as sm2.VerifyBatch takes it.
func (c *Cache) verify(ctx context.Context, txs []*Tx, workers int) ([]error, error) {
	refusals := make([]error, len(txs))
	unseen := c.unseen(txs)
	items := make([]sm2.Item, len(unseen))
	for i, u := range unseen {
		key := c.publicKey(u.tx.signers[u.signer].Key) // nil does not verify
		items[i] = sm2.Item{Key: key, Message: u.tx.signed, Signature: u.tx.signatures[u.signer]}
	}
	results, err := sm2.VerifyBatch(ctx, items, workers)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, u := range unseen {
		switch {
		case results[i] == nil:
			c.good.put(u.fact, struct{}{})
		case refusals[u.at] == nil:
			refusals[u.at] = u.refusal(items[i].Key != nil)
		}
	}
	return refusals, nil
}

// unseen is a signature that is not in the cache.
type unseen struct {
	at     int // of tx among those asked for
	tx     *Tx
	signer int
	fact   sm3.Hash
}

// unseen returns the signatures of txs that are not in the cache, in order.
func (c *Cache) unseen(txs []*Tx) (list []unseen) {
	for at, t := range txs {
		for i := range t.signers {
			list = append(list, unseen{at, t, i, t.fact(i)})
		}
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	n := 0
	for _, u := range list {
		if _, ok := c.good.get(u.fact); !ok {
			list[n] = u
			n++
		}
	}
	return list[:n]
}

// fact returns the name of the fact that signature i is good.
func (t *Tx) fact(i int) sm3.Hash {
	b := make([]byte, 0, sm3.Size+sm2.PublicKeySize+sm2.SignatureSize)
	b = append(b, t.digest[:]...)
	b = append(b, t.signers[i].Key[:]...)
	b = append(b, t.signatures[i][:]...)
	return sm3.Sum(b)
}

// refusal says that the signature does not verify.
func (u unseen) refusal(isKey bool) *exec.Refusal {
	s := u.tx.signers[u.signer]
	if !isKey {
		return codeKey.Refuse("the key of signer %d is no point of the curve", u.signer)
	}
	return codeSignature.Refuse("signature %d, of %.60q, key %x", u.signer, s.Member, s.Key)
}

// publicKey parses key, or finds it parsed. It returns nil if it is no point of
// the curve.
func (c *Cache) publicKey(key [sm2.PublicKeySize]byte) *sm2.PublicKey {
	c.mu.RLock()
	parsed, ok := c.keys.get(key)
	c.mu.RUnlock()
	if ok {
		return parsed
	}
	parsed, err := sm2.ParsePublicKey(key[:])
	if err != nil {
		return nil
	}
	c.mu.Lock()
	c.keys.put(key, parsed)
	c.mu.Unlock()
	return parsed
}

// generations is a map of at most 2·half entries: when half have been added, the
// half before them is forgotten.
type generations[K comparable, V any] struct {
	half       int
	young, old map[K]V
}

func (g *generations[K, V]) get(k K) (V, bool) {
	if v, ok := g.young[k]; ok {
		return v, true
	}
	v, ok := g.old[k]
	return v, ok
}

func (g *generations[K, V]) put(k K, v V) {
	if len(g.young) >= g.half {
		g.old, g.young = g.young, nil
	}
	if g.young == nil {
		g.young = make(map[K]V)
	}
	g.young[k] = v
}
