package cli

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/evidence"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/trace"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
	xtrace "github.com/hallmark-ledger/hallmark/x/trace"
)

// chains are the chains that a document is compared with.
type chains struct {
	session  *session
	card     *light.Card // nil: the node's word
	verifier *light.Verifier
	node     *client.Client // nil where bundles take its place
	limits   light.Limits
	notes    []text

	mu    sync.Mutex
	known map[string]*knownChain // by product; guarded by mu while they are loaded
}

// knownChain is the chain of a product, or that it is not registered.
type knownChain struct {
	registered bool
	chain      []*xtrace.Entry
	anchored   map[sm3.Hash]bool // events in anchors about it
}

func (s *session) chains(f *traceVerifyFlags) (*chains, error) {
	card, err := s.cardIfAny(f.card)
	if err != nil {
		return nil, err
	}
	if card == nil && (!f.trustNode || len(f.bundles) > 0) {
		if _, err := s.readCard(f.card); err != nil { // says what is missing
			return nil, err
		}
	}
	if f.manifest != "" && len(f.bundles) > 0 {
		return nil, usage(say("--manifest needs a node; a bundle has its anchored events itself (hallmark trace prove --manifest).", "--manifest 须有节点；证明包可自带锚定事件（hallmark trace prove --manifest）。"))
	}
	return &chains{session: s, card: card, verifier: light.NewVerifier(card), limits: light.Limits{MaxAge: f.maxAge}, known: map[string]*knownChain{}}, nil
}

// load finds the chains of products.
func (c *chains) load(ctx context.Context, products []string, f *traceVerifyFlags) error {
	for _, file := range f.bundles {
		raw, uri, err := c.session.traceBundle(ctx, "", file, c.card, new(uint64))
		if err != nil && f.product != "" { // it does not say itself
			raw, uri, err = c.session.traceBundle(ctx, f.product, file, c.card, new(uint64))
		}
		if err != nil {
			return err
		}
		if err := c.take(raw, uri); err != nil {
			return err
		}
	}
	if len(f.bundles) > 0 {
		return nil
	}
	var err error
	if c.node, err = c.session.connect(); err != nil { // before several ask it
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	todo := make(chan string)
	var workers sync.WaitGroup
	bar := c.session.traceBar(len(products))
	for range 4 {
		workers.Go(func() {
			for uri := range todo {
				if err := c.fetch(ctx, uri); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i, uri := range products {
		c.mu.Lock()
		known := c.known[uri] != nil // as part of another product
		c.mu.Unlock()
		if !known && ctx.Err() == nil {
			select {
			case todo <- uri:
			case <-ctx.Done():
			}
		}
		bar.show(i + 1)
	}
	close(todo)
	workers.Wait()
	bar.end()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if f.manifest == "" {
		return nil
	}
	return c.manifest(ctx, f.manifest)
}

// fetch gets the chain of one product from a node.
func (c *chains) fetch(ctx context.Context, uri string) error {
	if c.card == nil {
		chain, err := trace.ReadChain(ctx, c.node, uri)
		if err != nil {
			return err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.known[uri] = &knownChain{registered: chain != nil, chain: chain}
		return nil
	}
	raw, err := c.node.TraceBundle(ctx, uri, client.HandoversFrom(c.card.Height))
	if err != nil {
		return noWay(err)
	}
	return c.take(raw, uri)
}

// take takes the chains out of a bundle.
func (c *chains) take(raw []byte, uri string) error {
	v := c.verifier.Verify(raw, light.Claim{Kind: light.Traced, Product: uri}, c.limits, time.Now())
	if v.Outcome == light.NotEstablished {
		why := text{}
		if len(v.Reasons) > 0 {
			why = text{En: v.Reasons[0].English, Zh: v.Reasons[0].Chinese}
		}
		return &failure{exitUnknown, sayf("Not established: %s: %s", "无法证实：%s：%s", uri, why), nil}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if v.Trace == nil {
		c.known[uri] = &knownChain{} // proven not to be registered
		return nil
	}
	if v.Outcome == light.DoesNotHold && len(c.notes) < maxDifferences {
		r := v.Reasons[0]
		c.notes = append(c.notes, sayf("%s: %s (%s)", "%s：%s（%s）", uri, text{En: r.English, Zh: r.Chinese}, r.Detail))
	}
	for i, p := range v.Trace.Products {
		k := c.known[p.URI]
		if k == nil || len(k.chain) < len(p.Chain) {
			k = &knownChain{registered: true, chain: p.Chain}
			c.known[p.URI] = k
		}
		if i == 0 {
			k.anchored = map[sm3.Hash]bool{}
			for _, a := range v.Trace.Anchored {
				k.anchored[a.Content] = true
			}
		}
	}
	return nil
}

// manifest takes the events of a manifest whose anchors the ledger has.
func (c *chains) manifest(ctx context.Context, path string) error {
	r, err := evidence.Open(path)
	if err != nil {
		return evidenceFault(path, err)
	}
	defer r.Close()
	common := r.Begin.Anchor
	if common.Kind != xevidence.Events || common.Subject.Kind != xevidence.ProductSubject {
		return usage(sayf("%s is no manifest of events about a product.", "%s 不是关于产品的事件清单。", path))
	}
	if _, err := r.CheckRoots(ctx); err != nil {
		return evidenceFault(path, err)
	}
	k := c.known[common.Subject.Product]
	if k == nil {
		k = &knownChain{}
		c.known[common.Subject.Product] = k
	}
	if k.anchored == nil {
		k.anchored = map[sm3.Hash]bool{}
	}
	there := map[uint64]bool{} // by the number of the anchor
	for _, a := range r.Anchors {
		if there[a.Number], err = c.anchored(ctx, a.ID); err != nil {
			return err
		}
	}
	err = r.Each(func(one evidence.Found) bool {
		if a := r.Of(one.Number); a != nil && there[a.Number] {
			k.anchored[one.Leaf.Content] = true
		}
		return true
	})
	return evidenceFault(path, err)
}

// anchored reports whether the ledger has an anchor: the id is that of its content.
func (c *chains) anchored(ctx context.Context, id sm3.Hash) (bool, error) {
	if c.card == nil {
		_, err := c.node.Evidence(ctx, id.String())
		return err == nil, ignoreAbsent(err)
	}
	raw, err := c.node.EvidenceBundle(ctx, id.String(), client.HandoversFrom(c.card.Height))
	if err != nil {
		return false, noWay(err)
	}
	v := c.verifier.Verify(raw, light.Claim{Kind: light.Anchored, Anchor: id}, c.limits, time.Now())
	if v.Outcome == light.NotEstablished {
		return false, &failure{exitUnknown, say("Not established: what the node gave of the anchor is not good by the card.", "无法证实：节点给出的锚定证明不能由信任卡验证。"), errors.New(id.String())}
	}
	return v.Outcome == light.Holds, nil
}

func ignoreAbsent(err error) error {
	if client.NotFound(err) {
		return nil
	}
	return err
}

// isAnchored reports whether an event is in an anchor about a product, or about any.
func (c *chains) isAnchored(hash sm3.Hash, only string) bool {
	if only != "" {
		k := c.known[only]
		return k != nil && k.anchored[hash]
	}
	return slices.ContainsFunc(sorted(c.known), func(uri string) bool { return c.known[uri].anchored[hash] })
}
