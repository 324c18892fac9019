package demo

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// traced is a trace that was verified with a bundle of every node.
type traced struct {
	*light.Verdict
	size  int // of a bundle
	count int // of nodes
}

// traced asks every node for a bundle that proves the way of a product, after the
// last transaction, and verifies it: the outcome and its reasons must be those
// expected, and what the interface says must be what is proven.
func (d *demo) traced(ctx context.Context, uri string, outcome light.Outcome, reasons ...string) (*traced, error) {
	if err := d.sealed(ctx); err != nil {
		return nil, err
	}
	card, err := d.makeCard(ctx)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	t := &traced{}
	err = d.each(func(n *runner.Node) error {
		bundle, err := n.Client.TraceBundle(ctx, uri)
		if err != nil {
			return err
		}
		v := light.Verify(bundle, card, light.Claim{Kind: light.Traced, Product: uri}, light.Limits{}, time.Now())
		if err := judged(v, d.last, outcome, reasons...); err != nil {
			return fmt.Errorf("%s: %w", uri, err)
		}
		way, err := n.Client.Way(ctx, uri)
		if err != nil {
			return err
		}
		if err := sameWay(way, v); err != nil {
			return fmt.Errorf("the interface about %s: %w", uri, err)
		}
		mu.Lock()
		defer mu.Unlock()
		if t.count > 0 && t.Trace.Products[0].Head != v.Trace.Products[0].Head {
			return fmt.Errorf("the chain of %s has the head %v, on another node %v", uri, v.Trace.Products[0].Head, t.Trace.Products[0].Head)
		}
		t.Verdict, t.size = v, len(bundle)
		t.count++
		return nil
	})
	return t, err
}

// judged checks a verdict: not of a state before a height, and with these reasons.
func judged(v *light.Verdict, height uint64, outcome light.Outcome, reasons ...string) error {
	var codes []string
	for _, r := range v.Reasons {
		codes = append(codes, r.Code)
	}
	if v.Outcome != outcome || len(reasons) > 0 && !slices.Equal(codes, reasons) || outcome != light.NotEstablished && v.Height < height {
		return fmt.Errorf("%v at height %d: %v; expected %v, %v at %d at least", v.Outcome, v.Height, v.Reasons, outcome, reasons, height)
	}
	return nil
}

// sameWay checks that a node tells of a way what is proven of it.
func sameWay(way *api.Way, v *light.Verdict) error {
	if way.Holds != (v.Outcome == light.Holds) || len(way.Entries) != len(v.Trace.Then) || len(way.Products) != len(v.Trace.Products) {
		return fmt.Errorf("%+v, not as proven: %v", way, v.Outcome)
	}
	for i, e := range way.Entries {
		proven := v.Trace.Then[i]
		same := slices.EqualFunc(e.Certificates, proven, func(a api.CertificateThen, b light.Then) bool {
			return a.Issuer == b.Ref.Issuer && a.Number == b.Ref.Number && a.Holds == b.Holds()
		})
		if !same {
			return fmt.Errorf("entry %d: %+v, not as proven: %+v", e.N, e.Certificates, proven)
		}
	}
	return nil
}

// lines says for each event of the chain what the certificates were then.
func (t *traced) lines() (list []words.Message) {
	for i, e := range t.Trace.Products[0].Chain {
		if e.Event == nil {
			continue
		}
		line := words.Say("entry %d, %v, %s", "第 %d 项，%v，%s", e.N, civil.DateOf(e.Event.Time), businessSteps[e.Event.Step])
		for _, c := range t.Trace.Then[i] {
			status := words.Say("not decided yet", "尚未决定")
			if c.Status != nil {
				text := c.Status.Status.Text()
				status = words.Pair(text.English, text.Chinese)
				for _, f := range (c.Status.Flags & rules.Blocking).Names() {
					status = words.Say("%s (%s)", "%s（%s）", status, words.Pair(f.English, f.Chinese))
				}
			}
			line = words.Say("%s; %s %s", "%s；%s %s", line, c.Ref.Number, status)
		}
		list = append(list, line)
	}
	return list
}

// pagePath is where a node serves the page of a product.
func pagePath(uri string) string { return strings.TrimPrefix(uri, gs1Origin) }

// paged checks that every node serves the page of a product, which verifies the trace
// in the browser.
func (d *demo) paged(ctx context.Context, uri string) error {
	return d.each(func(n *runner.Node) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, n.URL()+pagePath(uri), nil)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		if kind := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "text/html") || answer.Request.URL.Path != pagePath(uri) {
			return fmt.Errorf("%v answers %s, %s", answer.Request.URL, answer.Status, kind)
		}
		return nil
	})
}

// proof says what was verified.
func (t *traced) proof(d *demo) words.Message {
	return words.Say("the same from all %d nodes, each with a bundle (%d bytes): seal of block %d, the whole chain, certificates, recalls",
		"%d 个节点结果一致，各附证明包（%d 字节）：第 %d 块的签章、完整追溯链、证书与召回", t.count, t.size, t.Height)
}
