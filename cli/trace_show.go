package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/light"
	xtrace "github.com/hallmark-ledger/hallmark/x/trace"
)

// showFlags are those of trace show.
type showFlags struct {
	card   string
	bundle string
	maxAge time.Duration
	uses   int
}

func (s *session) traceShow() *cobra.Command {
	c := &cobra.Command{
		Use:   "show [PRODUCT]",
		Short: s.language.of(say("Draw the way of a product", "展示产品的来路与去向")),
		Long: s.language.of(say(`Draw the way of a product: recalls first, then its chain with times, places and who
reported, and what every certificate was on the day of each event; what lies upstream,
as a tree, and what it was used for. A link says who stated it: it is confirmed if the
other product's own chain has the same event.

With a trust card (hallmark card pin) everything that is shown comes from a bundle that
was verified with it, uses included: those that could not be are counted and not shown.
Without one it is the word of the node, and that is said.

  hallmark trace show https://id.gs1.org/01/09506000134352/10/A1
  hallmark trace show --bundle powerbank.hmb

Exit codes: 0 shown, no recall stands and every certificate was valid; 1 a recall
stands, a certificate was not valid at an event, or the product is not registered;
2 not established; 3 wrong usage, or input and output.`,
			`展示产品的来路：先列召回，再按链列出各条目的时间、地点、填报方，以及各事件当日每张证书的状态；
上游产品以树形展示，并列出其去向。关联注明由谁陈述；对方的链上有同一事件时为双方一致。

持有信任卡（hallmark card pin）时，所示内容（含去向）均取自经信任卡核验的证明包；未能核验的去向
只计数、不展示。没有信任卡时仅为节点的陈述，并予以注明。

  hallmark trace show https://id.gs1.org/01/09506000134352/10/A1
  hallmark trace show --bundle powerbank.hmb

退出码：0 已展示，无现行召回且各证书当时均有效；1 有现行召回、有证书在某事件时无效，或产品未
登记；2 无法证实；3 用法或输入输出有误。`)),
		Args: args(cobra.MaximumNArgs(1)),
	}
	f := new(showFlags)
	t := s.language.of
	c.Flags().StringVar(&f.card, "card", "", t(say("trust card; by default the one that is pinned; also "+envCard, "信任卡文件；默认为已固定的信任卡；也可用环境变量 "+envCard)))
	c.Flags().StringVar(&f.bundle, "bundle", "", t(say("show what this bundle proves, without a node (hallmark trace prove)", "展示该证明包所证内容，不使用节点（hallmark trace prove）")))
	c.Flags().DurationVar(&f.maxAge, "max-age", 24*time.Hour, t(say("greatest age of the seal", "签章的最长时间")))
	c.Flags().IntVar(&f.uses, "uses", 20, t(say("how many uses to look up at most", "最多查询的去向数")))
	c.RunE = func(c *cobra.Command, given []string) error {
		if len(given) == 0 && f.bundle == "" {
			return usage(say("Name a product, or a bundle (--bundle).", "请指定产品，或证明包（--bundle）。"))
		}
		uri := ""
		if len(given) > 0 {
			var err error
			if uri, err = s.productURI(given[0]); err != nil {
				return err
			}
		}
		return s.showWay(c.Context(), uri, f)
	}
	return c
}

// wayJSON is what show has shown, as JSON.
type wayJSON struct {
	Proven    bool           `json:"proven"` // by the trust card; else it is the node's word
	Height    uint64         `json:"height"`
	Way       *api.Way       `json:"way,omitempty"`
	Uses      []api.Use      `json:"uses,omitempty"`
	UsesTotal uint64         `json:"uses_total"`
	Verdict   *light.Verdict `json:"verdict,omitempty"`

	state int // exit code
}

func (s *session) showWay(ctx context.Context, uri string, f *showFlags) error {
	card, err := s.cardIfAny(f.card)
	if err != nil {
		return err
	}
	if card == nil && f.bundle != "" {
		_, err := s.readCard(f.card) // says what is missing
		return err
	}
	out := new(wayJSON)
	if card == nil {
		err = s.toldWay(ctx, uri, f, out)
	} else {
		err = s.provenWay(ctx, uri, f, card, out)
	}
	if err != nil {
		return err
	}
	if s.json {
		if err := s.printJSON(out); err != nil {
			return err
		}
	} else {
		s.way(out)
	}
	if out.state != exitDone {
		return &failure{out.state, text{}, errTold}
	}
	return nil
}

// toldWay takes the node's word.
func (s *session) toldWay(ctx context.Context, uri string, f *showFlags, out *wayJSON) error {
	node, err := s.connect()
	if err != nil {
		return err
	}
	if out.Way, err = node.Way(ctx, uri, client.HeightTo(&out.Height)); err != nil {
		return err
	}
	if !out.Way.Holds {
		out.state = exitRefused
	}
	out.UsesTotal = out.Way.Products[0].Uses
	if out.UsesTotal > 0 && f.uses > 0 {
		list, err := node.Uses(ctx, uri, client.Limit(min(f.uses, 200)))
		if err != nil {
			return err
		}
		out.Uses = list.Items
	}
	return nil
}

// provenWay takes what bundles prove.
func (s *session) provenWay(ctx context.Context, uri string, f *showFlags, card *light.Card, out *wayJSON) error {
	verifier, limits := light.NewVerifier(card), light.Limits{MaxAge: f.maxAge}
	raw, uri, err := s.traceBundle(ctx, uri, f.bundle, card, &out.Height)
	if err != nil {
		return err
	}
	v := verifier.Verify(raw, light.Claim{Kind: light.Traced, Product: uri}, limits, time.Now())
	out.Verdict, out.Proven, out.state = v, v.Sealed, int(v.Outcome)
	out.Height = v.Height
	if v.Trace == nil {
		return nil
	}
	out.Way = v.Trace.JSON()
	out.UsesTotal = out.Way.Products[0].Uses
	if f.bundle != "" || out.UsesTotal == 0 || f.uses <= 0 {
		return nil
	}
	return s.provenUses(ctx, verifier, limits, card, uri, f.uses, out)
}

// provenUses looks up uses and keeps those that the bundle of the other product proves.
func (s *session) provenUses(ctx context.Context, verifier *light.Verifier, limits light.Limits, card *light.Card, uri string, most int, out *wayJSON) error {
	node, err := s.connect()
	if err != nil {
		return err
	}
	list, err := node.Uses(ctx, uri, client.Limit(min(most, 200)))
	if err != nil {
		return err
	}
	for _, u := range list.Items {
		raw, err := node.TraceBundle(ctx, u.Product, client.HandoversFrom(card.Height))
		if err != nil {
			continue // it is counted, and not shown
		}
		v := verifier.Verify(raw, light.Claim{Kind: light.Traced, Product: u.Product}, limits, time.Now())
		if v.Trace != nil && names(v.Trace.Products[0], u.Entry, uri) && !slices.ContainsFunc(out.Uses, func(o api.Use) bool { return o.Product == u.Product && o.Entry == u.Entry }) {
			out.Uses = append(out.Uses, u)
		}
	}
	return nil
}

// names reports whether an entry of a product's chain says that another one is in it.
func names(p *xtrace.Walked, n uint64, other string) bool {
	return slices.ContainsFunc(p.Links, func(l xtrace.Link) bool { return l.Entry.N == n && l.Other == other })
}

// traceBundle returns a bundle of a product's way, from a file or a node, and the
// product.
func (s *session) traceBundle(ctx context.Context, uri, file string, card *light.Card, height *uint64) ([]byte, string, error) {
	if file != "" {
		in, err := s.readBundle(file)
		if err != nil {
			return nil, uri, err
		}
		if uri == "" {
			claim, err := subject(in.bundle, light.Claim{Kind: light.Traced})
			return in.bundle, claim.Product, err
		}
		return in.bundle, uri, nil
	}
	node, err := s.connect()
	if err != nil {
		return nil, uri, err
	}
	opts := []client.ReadOption{client.HeightTo(height)}
	if card != nil {
		opts = append(opts, client.HandoversFrom(card.Height))
	}
	raw, err := node.TraceBundle(ctx, uri, opts...)
	if err != nil {
		return nil, uri, noWay(err)
	}
	return raw, uri, nil
}
