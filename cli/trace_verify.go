package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/trace"
)

// traceVerifyFlags are those of trace verify.
type traceVerifyFlags struct {
	product   string
	bundles   []string
	manifest  string
	card      string
	maxAge    time.Duration
	trustNode bool
	complete  bool
}

func (s *session) traceVerify() *cobra.Command {
	c := &cobra.Command{
		Use:   "verify DOCUMENT",
		Short: s.language.of(say("Check an EPCIS document against the ledger", "将 EPCIS 文档与账本核对")),
		Long: s.language.of(say(`Compare the events of a document with the chains of the products that they name, or of
one (--product). The outcome is one of

  complete and authentic  the events are those of the chains, all of them, in order
  authentic only          every event is on the ledger, but the chains have others that
                          the document does not have, or it is anchored and not in a
                          chain, so that nothing shows that there are no others
  ALTERED                 an event is not what was recorded: altered, inserted,
                          reordered, repeated, or reported as something else. The first
                          one is named, with what the ledger has at its place

The chains are proven by a trust card: from a node, or without any network from bundles
(--bundle, hallmark trace prove). The bundle of a product has the chains of what is in
it too. With --trust-node and no card they are the word of a node.

  hallmark trace verify may.jsonld
  hallmark trace verify may.jsonld --product https://id.gs1.org/01/09506000134352/10/A1 --bundle a1.hmb

Exit codes: 0 complete and authentic, or authentic only (that is 1 with --complete);
1 altered; 2 not established; 3 wrong usage, or input and output.`,
			`将文档中的事件与其所涉产品（或用 --product 指定的一个产品）的链核对。结论为以下之一：

  完整且真实  事件即链上的全部事件，且顺序一致
  仅真实      每个事件均在账本上，但链上还有文档所没有的事件，或事件仅被锚定、不在链上，
              因而不能证明没有其他事件
  已被改动    有事件与记录不符：被修改、插入、调换顺序、重复，或填报内容与事件不符。将指出
              第一处及账本在该处的内容

链由信任卡证实：取自节点，或不联网取自证明包（--bundle，由 hallmark trace prove 生成）。产品的
证明包也含其组成部分的链。没有信任卡时可用 --trust-node 采信节点的陈述。

  hallmark trace verify may.jsonld
  hallmark trace verify may.jsonld --product https://id.gs1.org/01/09506000134352/10/A1 --bundle a1.hmb

退出码：0 完整且真实，或仅真实（使用 --complete 时为 1）；1 已被改动；2 无法证实；3 用法或
输入输出有误。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := new(traceVerifyFlags)
	t := s.language.of
	c.Flags().StringVar(&f.product, "product", "", t(say("look at this product alone", "仅核对该产品")))
	c.Flags().StringSliceVar(&f.bundles, "bundle", nil, t(say("bundles of products, instead of a node; several with commas", "产品证明包，代替节点；多个以逗号分隔")))
	c.Flags().StringVar(&f.manifest, "manifest", "", t(say("manifest of an anchored batch about the product (needs a node)", "关于该产品的整批锚定清单（须有节点）")))
	c.Flags().StringVar(&f.card, "card", "", t(say("trust card; by default the one that is pinned; also "+envCard, "信任卡文件；默认为已固定的信任卡；也可用环境变量 "+envCard)))
	c.Flags().DurationVar(&f.maxAge, "max-age", 24*time.Hour, t(say("greatest age of the seal", "签章的最长时间")))
	c.Flags().BoolVar(&f.trustNode, "trust-node", false, t(say("without a card: take the node's word", "没有信任卡：采信节点的陈述")))
	c.Flags().BoolVar(&f.complete, "complete", false, t(say("authentic only is not enough: exit with 1", "仅真实不足：退出码为 1")))
	c.RunE = func(c *cobra.Command, given []string) error { return s.verifyDocument(c.Context(), given[0], f) }
	return c
}

// comparisonJSON is what verify has found, as JSON.
type comparisonJSON struct {
	Document string `json:"document"`
	// complete, authentic, altered or not-established.
	Outcome  string `json:"outcome"`
	Proven   bool   `json:"proven"` // by the trust card; else it is the node's word
	Events   int    `json:"events"`
	Products int    `json:"products"` // registered, whose chains were compared
	Entries  int    `json:"entries"`  // events of their chains
	// Others are events that were not looked at: about other products.
	Others int `json:"others,omitempty"`
	// Open are events of which nothing is established.
	Open int `json:"open,omitempty"`
	// Differences are the first ones, of Different.
	Different   int                `json:"different"`
	Differences []trace.Difference `json:"differences,omitempty"`
	Notes       []text             `json:"notes,omitempty"`
}

// maxDifferences is how many differences are told.
const maxDifferences = 20

// document is the events of a document by the products that they concern.
type document struct {
	scan     *trace.Scan
	products []string // in the order in which they are named
	of       map[string][]trace.Presented
	events   []*trace.Event
}

func (s *session) readDocument(path string) (*document, error) {
	scan, err := s.scan(path)
	if err != nil {
		return nil, err
	}
	d := &document{scan: scan, of: map[string][]trace.Presented{}}
	err = scan.Each(func(e *trace.Event, _ bool) error {
		for _, p := range e.Parts {
			if d.of[p.Product] == nil {
				d.products = append(d.products, p.Product)
			}
			d.of[p.Product] = append(d.of[p.Product], trace.Presented{Index: e.Index, ID: e.ID, Event: p.Event})
		}
		d.events = append(d.events, e)
		return nil
	})
	return d, s.traceFault(path, "", err)
}

func (s *session) verifyDocument(ctx context.Context, path string, f *traceVerifyFlags) error {
	ch, err := s.chains(f)
	if err != nil {
		return err
	}
	if f.product != "" {
		if f.product, err = s.productURI(f.product); err != nil {
			return err
		}
	}
	d, err := s.readDocument(path)
	if err != nil {
		return err
	}
	if f.product != "" {
		d.products = []string{f.product}
	}
	if err := ch.load(ctx, d.products, f); err != nil {
		return err
	}
	out := &comparisonJSON{Document: path, Events: d.scan.Events, Proven: ch.card != nil, Notes: ch.notes}
	different := s.compare(d, ch, f.product, out)
	slices.SortStableFunc(different, func(a, b trace.Difference) int { return a.Event - b.Event })
	out.Different, out.Differences = len(different), different[:min(len(different), maxDifferences)]
	// What decides comes first, so that it is told even after many others.
	if i := slices.IndexFunc(different, func(d trace.Difference) bool { return d.Kind.Alters() }); i >= len(out.Differences) {
		out.Differences = append([]trace.Difference{different[i]}, out.Differences...)
	}
	code := exitDone
	switch {
	case slices.ContainsFunc(different, func(d trace.Difference) bool { return d.Kind.Alters() }):
		out.Outcome, code = "altered", exitRefused
	case out.Open > 0 || out.Products == 0:
		out.Outcome, code = "not-established", exitUnknown
	case len(different) > 0:
		if out.Outcome = "authentic"; f.complete {
			code = exitRefused
		}
	default:
		out.Outcome = "complete"
	}
	if s.json {
		if err := s.printJSON(out); err != nil {
			return err
		}
	} else {
		s.document(out)
	}
	if code != exitDone {
		return &failure{code, text{}, errTold}
	}
	return nil
}

// compare compares a document with all chains that are known.
func (s *session) compare(d *document, ch *chains, only string, out *comparisonJSON) (different []trace.Difference) {
	for _, uri := range d.products {
		k := ch.known[uri]
		if k == nil || !k.registered {
			continue
		}
		out.Products++
		for _, e := range k.chain {
			if e.Event != nil {
				out.Entries++
			}
		}
		different = append(different, trace.Compare(uri, d.of[uri], k.chain, k.anchored)...)
	}
	for _, e := range d.events {
		compared, open := false, false
		for _, p := range e.Parts {
			k := ch.known[p.Product]
			compared = compared || k != nil && k.registered && (only == "" || only == p.Product)
			open = open || k == nil && only == ""
		}
		switch {
		case compared:
		case ch.isAnchored(e.Hash, only):
			different = append(different, trace.Difference{Kind: trace.Anchored, Event: e.Index + 1, ID: e.ID, Hash: e.Hash.String()})
		case only != "":
			out.Others++
		case open:
			out.Open++
		default: // none of its products is registered, so no chain can have it
			different = append(different, trace.Difference{Kind: trace.Inserted, Event: e.Index + 1, ID: e.ID, Hash: e.Hash.String()})
		}
	}
	return different
}
