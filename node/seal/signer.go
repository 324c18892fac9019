package sealer

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// SignerOptions are the settings of a signer. The zero value of a field takes the
// default that its comment names.
type SignerOptions struct {
	// Validator is the consensus key of this node: it signs with the seal key
	// that the set of a height names for that validator.
	Validator validator.ConsensusKey
	// Keys are the node's seal keys, old and new ones.
	Keys []sm2.Signer
	// Timeout is how long a key may take for one signature; default 5 s. Then the
	// key's context ends.
	Timeout time.Duration
	// Retry is how long a key is left alone that did not sign; default 5 s.
	Retry time.Duration
	// Settle is how long others are given, after the node is live, for what was
	// sealed meanwhile, before older heights are signed; default 3 s.
	Settle time.Duration
	// Logger is told of keys that do not sign; default none.
	Logger *slog.Logger
}

// Signer signs the statements of a store. The newest height comes first: a key
// that is slower than the chain leaves heights out, and signs them when it has
// nothing else to do.
type Signer struct {
	store   *Store
	publish func(*Fresh)
	options SignerOptions
	keys    []*key

	// What follows belongs to Run.
	tried  uint64 // the newest height that was tried
	gaps   []gap  // heights that may lack the signature, ascending
	resume time.Time
	silent bool // a key failed, and nothing was signed since
}

// gap is a range of heights.
type gap struct{ low, high uint64 }

// key is a seal key, which may hang.
type key struct {
	sm2.Signer
	public validator.SealKey
	busy   atomic.Bool // a call has not returned
}

// NewSigner returns the signer of a store. What is signed is given to publish.
func NewSigner(store *Store, options SignerOptions, publish func(*Fresh)) *Signer {
	for _, d := range []struct {
		p   *time.Duration
		def time.Duration
	}{{&options.Timeout, 5 * time.Second}, {&options.Retry, 5 * time.Second}, {&options.Settle, 3 * time.Second}} {
		if *d.p == 0 {
			*d.p = d.def
		}
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Signer{store: store, publish: publish, options: options}
	for _, k := range options.Keys {
		s.keys = append(s.keys, &key{Signer: k, public: k.Public().Bytes()})
	}
	return s
}

// Run signs until ctx ends. It never fails: what cannot be signed now is tried
// again.
func (s *Signer) Run(ctx context.Context) {
	if len(s.keys) == 0 {
		return
	}
	news, stop := s.store.Notify()
	defer stop()
	tick := time.NewTicker(min(time.Second, s.options.Retry))
	defer tick.Stop()
	first, last := s.store.Heights()
	s.tried = last
	if last > 0 {
		s.gaps = []gap{{first, last}}
	}
	var live time.Time // since when
	for ctx.Err() == nil {
		if !s.store.source.Live() {
			live = time.Time{}
		} else if live.IsZero() {
			live = time.Now()
		}
		if !live.IsZero() && time.Now().After(s.resume) && s.step(ctx, time.Since(live) >= s.options.Settle) {
			continue
		}
		select {
		case <-ctx.Done():
		case <-news:
		case <-tick.C:
		}
	}
}

// step signs one height, or looks that one needs no signature. It returns false
// if there is nothing to do.
func (s *Signer) step(ctx context.Context, settled bool) bool {
	_, last := s.store.Heights()
	if last > s.tried {
		if last > s.tried+1 {
			s.leave(gap{s.tried + 1, last - 1})
		}
		s.tried = last
		if !s.try(ctx, last) {
			s.leave(gap{last, last})
		}
		return true
	}
	if !settled || len(s.gaps) == 0 {
		return false
	}
	g := &s.gaps[len(s.gaps)-1]
	height := g.high
	if g.high--; g.high < g.low || height <= s.store.floor.Load() {
		s.gaps = s.gaps[:len(s.gaps)-1]
	}
	if sealed, err := s.store.isSealed(height); err == nil && !sealed && !s.try(ctx, height) {
		s.leave(gap{height, height})
	}
	return true
}

// leave remembers heights for later.
func (s *Signer) leave(g gap) {
	if i := len(s.gaps) - 1; i >= 0 && s.gaps[i].high+1 == g.low {
		s.gaps[i].high = g.high
		return
	}
	i, _ := slices.BinarySearchFunc(s.gaps, g.low, func(o gap, low uint64) int {
		return int(int64(o.low - low))
	})
	s.gaps = slices.Insert(s.gaps, i, g)
}

// try signs a height, if it is for this node to sign and it has not. It returns
// false if the height is to be tried again.
func (s *Signer) try(ctx context.Context, height uint64) bool {
	k, place, st, err := s.due(height)
	if err != nil {
		s.options.Logger.Error("a statement cannot be read to be signed 无法读取待签陈述", "height", height, "err", err)
		s.resume = time.Now().Add(s.options.Retry)
		return false
	}
	if k == nil {
		return true
	}
	switch err := s.store.claim(st); {
	case errors.Is(err, ErrTwice):
		s.store.counts.twice.Add(1)
		s.options.Logger.Error("a statement is not signed, since another one was: was the data of the chain replaced? 拒绝签署：该高度已签署过另一陈述，链数据是否被替换？", "height", height, "err", err)
		return true // it will not be better
	case err != nil:
		s.failed(height, err)
		return false
	}
	signature, err := k.sign(ctx, st.Append(nil), s.options.Timeout)
	if ctx.Err() != nil {
		return false
	}
	var fresh *Fresh
	if err == nil {
		fresh, err = s.store.own(st, place, signature)
	}
	if err != nil && !errors.Is(err, ErrIgnored) {
		s.failed(height, err)
		return false
	}
	s.silent = false
	if fresh != nil {
		s.publish(fresh)
	}
	return true
}

// due returns the key with which the node is to sign a height, its place, and
// the statement; no key if there is nothing to sign.
func (s *Signer) due(height uint64) (*key, int, *seal.Statement, error) {
	set, err := s.store.sets.at(height)
	if err != nil {
		return nil, 0, nil, err
	}
	k := s.keyOf(set)
	if k == nil {
		return nil, 0, nil, nil
	}
	r, err := s.store.load(height)
	if err != nil || r == nil {
		return nil, 0, nil, err
	}
	place, ok := set.place(k.public)
	if _, signed := r.held(place); !ok || signed {
		return nil, 0, nil, nil
	}
	return k, place, &r.statement, nil
}

// keyOf returns the key that a set names for this node, nil if the node is not in
// the set or does not have the key.
func (s *Signer) keyOf(set *set) *key {
	for _, v := range set.Validators {
		if v.ConsensusKey != s.options.Validator {
			continue
		}
		for _, k := range s.keys {
			if k.public == v.SealKey {
				return k
			}
		}
	}
	return nil
}

// HasKey reports whether the node has the key that the set of its last height
// names for it; validator is false if it is not in that set.
func (s *Signer) HasKey() (has, validator bool, err error) {
	_, last := s.store.Heights()
	if last == 0 {
		return false, false, nil
	}
	set, err := s.store.sets.at(last)
	if err != nil {
		return false, false, err
	}
	for _, v := range set.Validators {
		if v.ConsensusKey == s.options.Validator {
			return s.keyOf(set) != nil, true, nil
		}
	}
	return false, false, nil
}

// failed leaves the keys alone for a while.
func (s *Signer) failed(height uint64, err error) {
	s.store.counts.failed.Add(1)
	s.resume = time.Now().Add(s.options.Retry)
	if !s.silent {
		s.options.Logger.Error("the seal key does not sign; it is tried again 签章密钥未能签名，将重试", "height", height, "err", err)
	}
	s.silent = true
}

var (
	errBusy = errors.New("sealer: an earlier call of the key has not returned")
	errSlow = errors.New("sealer: the key did not sign in time")
)

// sign signs within limit. A key that does not return then is not called again
// until it has.
func (k *key) sign(ctx context.Context, message []byte, limit time.Duration) (sm2.Signature, error) {
	if !k.busy.CompareAndSwap(false, true) {
		return sm2.Signature{}, errBusy
	}
	type result struct {
		signature sm2.Signature
		err       error
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	done := make(chan result, 1)
	go func() {
		defer cancel()
		defer k.busy.Store(false)
		signature, err := k.Sign(ctx, message)
		done <- result{signature, err}
	}()
	select {
	case r := <-done:
		return r.signature, r.err
	case <-ctx.Done():
		select {
		case r := <-done: // the context ended since it was done
			return r.signature, r.err
		default:
			return sm2.Signature{}, errSlow
		}
	}
}
