package certificate

import (
	"errors"
	"math"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

func appendRef(dst []byte, r rules.Ref) []byte {
	return store.AppendText(store.AppendText(dst, r.Issuer), r.Number)
}

// cutter reads the parts of a key one after another. The first error stays.
type cutter struct {
	rest []byte
	err  error
}

func (c *cutter) text() (s string) {
	if c.err == nil {
		s, c.rest, c.err = store.CutText(c.rest)
	}
	return s
}

func (c *cutter) hash() (h sm3.Hash) {
	if c.err == nil {
		h, c.rest, c.err = store.CutHash(c.rest)
	}
	return h
}

func (c *cutter) number() (n uint64) {
	if c.err == nil {
		n, c.rest, c.err = store.CutUint64(c.rest)
	}
	return n
}

// small reads a number that is at most most.
func (c *cutter) small(most uint64) uint64 {
	n := c.number()
	if c.err == nil && n > most {
		c.err = errors.New("a number in the key is too large")
	}
	return n
}

func (c *cutter) ref() rules.Ref { return rules.Ref{Issuer: c.text(), Number: c.text()} }

// keyOf makes a codec of a function that writes a key and one that reads its
// parts.
func keyOf[K any](write func([]byte, K) []byte, read func(*cutter) K) store.KeyFuncs[K] {
	return store.KeyFuncs[K]{Append: write, Decode: func(b []byte) (K, error) {
		c := &cutter{rest: b}
		k := read(c)
		if c.err == nil && len(c.rest) > 0 {
			c.err = errors.New("bytes after the end of the key")
		}
		return k, c.err
	}}
}

var (
	refKey      = keyOf(appendRef, (*cutter).ref)
	numberedKey = keyOf(
		func(dst []byte, k numbered) []byte { return store.AppendUint64(appendRef(dst, k.ref), uint64(k.n)) },
		func(c *cutter) numbered { return numbered{c.ref(), uint32(c.small(math.MaxUint32))} },
	)
	holderKey = keyOf(
		func(dst []byte, k holding) []byte { return appendRef(store.AppendText(dst, k.holder), k.ref) },
		func(c *cutter) holding { return holding{c.text(), c.ref()} },
	)
	useKey = keyOf(
		func(dst []byte, k use) []byte { return appendRef(appendRef(dst, k.used), k.by) },
		func(c *cutter) use { return use{c.ref(), c.ref()} },
	)
	groundKey = keyOf(
		func(dst []byte, k ground) []byte {
			return numberedKey.AppendKey(store.AppendHash(dst, k.anchor), k.numbered)
		},
		func(c *cutter) ground {
			return ground{c.hash(), numbered{c.ref(), uint32(c.small(math.MaxUint32))}}
		},
	)
	barredKey = keyOf(
		func(dst []byte, k holderScope) []byte {
			return store.AppendText(store.AppendText(dst, k.holder), k.scope)
		},
		func(c *cutter) holderScope { return holderScope{c.text(), c.text()} },
	)
	barKey = keyOf(
		func(dst []byte, k barID) []byte {
			return appendRef(store.AppendUint64(barredKey.AppendKey(dst, k.holderScope), math.MaxUint32-uint64(k.until)), k.ref)
		},
		func(c *cutter) barID {
			return barID{holderScope{c.text(), c.text()}, civil.Date(math.MaxUint32 - c.small(math.MaxUint32)), c.ref()}
		},
	)
	dueKey = keyOf(
		func(dst []byte, k due) []byte {
			dst = store.AppendUint64(store.AppendUint64(dst, uint64(k.day)), uint64(k.kind))
			return store.AppendUint64(appendRef(dst, k.ref), uint64(k.n))
		},
		func(c *cutter) due {
			return due{civil.Date(c.small(math.MaxInt32)), dueKind(c.small(math.MaxUint8)), c.ref(), uint32(c.small(math.MaxUint32))}
		},
	)
	windowKey = keyOf(
		func(dst []byte, k window) []byte { return store.AppendUint64(store.AppendText(dst, k.member), k.id) },
		func(c *cutter) window { return window{c.text(), c.number()} },
	)
	releaseKey = keyOf(
		func(dst []byte, k takeover) []byte {
			return store.AppendText(store.AppendText(dst, k.issuer), k.receiver)
		},
		func(c *cutter) takeover { return takeover{c.text(), c.text()} },
	)
)
