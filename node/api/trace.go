package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/member"
	"github.com/hallmark-ledger/hallmark/x/trace"
	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

// ProductPath names a product in a path.
type ProductPath struct {
	URI string `path:"uri" example:"https://id.gs1.org/01/04012345999990/10/L-7" doc:"Canonical URI of the product, percent-encoded: / as %2F. 产品的规范 URI，须百分号编码，其中的 / 写作 %2F。"`
}

// ProductPage is part of the input of a list of products: their cursors are longer
// than others.
type ProductPage struct {
	Limit  int64  `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Entries of a page. 每页条数。"`
	Cursor string `query:"cursor" maxLength:"512" doc:"The member next of the page before; absent: the first page. 上一页的 next 值；缺省为第一页。"`
}

type productInput struct {
	ProductPath
	At
}

type productsInput struct {
	Owner  string `query:"owner" maxLength:"64" doc:"The member that registered them. 登记产品的成员。"`
	Issuer string `query:"issuer" maxLength:"24" doc:"With number: the certificate that they rely on at present. 与 number 同用：产品当前所依据的证书。"`
	Number string `query:"number" maxLength:"60" doc:"Number of that certificate. 证书编号。"`
	ProductPage
	At
}

type entriesInput struct {
	ProductPath
	From
	At
}

type eventInput struct {
	Hash string `path:"hash" doc:"Hash of the event, SM3 of its CBV 2.0 pre-hash. 事件哈希。"`
	ProductPage
	At
}

type traceBundleInput struct {
	ProductPath
	BundleFrom
}

func (s *Server) registerTrace(a huma.API) {
	read(s, a, operation{
		"list-products", "/v1/trace", tagTrace,
		api.Text{En: "Products", Zh: "产品列表"},
		api.Text{
			En: "The products that a member has registered, or those that rely on a certificate at present, by URI.",
			Zh: "某成员登记的产品，或当前以某证书为依据的产品，按 URI 排序。",
		},
	}, listProducts)
	read(s, a, operation{
		"get-product", "/v1/trace/{uri}", tagTrace,
		api.Text{En: "Product", Zh: "产品"},
		api.Text{
			En: "The record of a product: its owner, the certificates that it relies on, the length and the head of its chain, the recalls that stand.",
			Zh: "产品记录：所有方、所依据的证书、追溯链的长度与链头、现行召回。",
		},
	}, getProduct)
	read(s, a, operation{
		"list-entries", "/v1/trace/{uri}/entries", tagTrace,
		api.Text{En: "Chain of a product", Zh: "产品追溯链"},
		api.Text{
			En: "Entries of the chain of a product, from the registration on. Folded from the first to the last they give the head of its record: none is missing.",
			Zh: "产品追溯链的条目，自登记起。逐条折叠所得即产品记录中的链头，由此可知无一遗漏。",
		},
	}, listEntries)
	read(s, a, operation{
		"list-uses", "/v1/trace/{uri}/uses", tagTrace,
		api.Text{En: "Uses of a product", Zh: "产品的去向"},
		api.Text{
			En: "The entries of other products' chains that say that they were made of the product or have it in them: the way downstream, complete since it was registered.",
			Zh: "其他产品追溯链中说明由该产品制成或内含该产品的条目，即其下游去向；自登记起完整。",
		},
	}, listUses)
	huma.Register(a, operation{
		"get-way", "/v1/trace/{uri}/way", tagTrace,
		api.Text{En: "Way of a product", Zh: "产品来路"},
		api.Text{
			En: "The way of a product from upstream: what it was made of or has in it, the status of every certificate on the day of each event and now, recalls that stand. What a bundle proves of it, told by the node.",
			Zh: "产品自上游而来的路径：其原料或内含产品、各事件当日及当前的证书状态、现行召回。由节点陈述，内容同证明包所证。",
		},
	}.huma(a, http.MethodGet, readErrors), func(ctx context.Context, in *productInput) (*stated[api.Way], error) {
		out, err := s.way(ctx, in)
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		return out, nil
	})
	read(s, a, operation{
		"get-event", "/v1/events/{hash}", tagTrace,
		api.Text{En: "Products of an event", Zh: "事件涉及的产品"},
		api.Text{En: "The products that have an event in their chains, and the entries.", Zh: "追溯链中含有该事件的产品及条目。"},
	}, getEvent)
	huma.Register(a, givesBytes(operation{
		"get-trace-bundle", "/v1/bundles/trace/{uri}", tagProof,
		api.Text{En: "Proof of a product's way", Zh: "产品追溯证明包"},
		api.Text{
			En: "A bundle that proves, with a trust card and without any network, the whole chain of a product and of what is in it, and the status of certificates at each event.",
			Zh: "持信任卡者可离线核验的证明包：证明产品及其组成的完整追溯链，以及各事件发生时的证书状态。",
		},
	}.huma(a, http.MethodGet, bundleErrors), "A bundle: hallmark.light.v1.Bundle. 证明包。"), func(ctx context.Context, in *traceBundleInput) (*octets, error) {
		return s.bundle(ctx, light.Claim{Kind: light.Traced, Product: in.URI}, false, in.From)
	})
}

// find returns a product that must be registered.
func (in *ProductPath) find(v *view) (*trace.Product, error) {
	p, ok, err := trace.Find(v, in.URI)
	if err != nil || ok {
		return p, err
	}
	if _, err := gs1.ParseProduct(in.URI); err != nil {
		return nil, fail(http.StatusUnprocessableEntity, "%s.", upperFirst(err.Error()))
	}
	return nil, fail(http.StatusNotFound, "No product is registered under %s.", in.URI)
}

func getProduct(v *view, in *productInput) (*api.Product, error) {
	p, err := in.find(v)
	if err != nil {
		return nil, err
	}
	out := light.ProductJSON(p)
	return &out, nil
}

func listProducts(v *view, in *productsInput) (*api.ProductList, error) {
	after, err := decodeProductCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	var uris []string
	switch limit := int(in.Limit) + 1; {
	case (in.Owner != "") == (in.Issuer != "" || in.Number != ""):
		err = fail(http.StatusUnprocessableEntity, "Name an owner, or the issuer and the number of a certificate.")
	case in.Owner != "":
		if member.CheckID(in.Owner) != nil {
			return nil, fail(http.StatusUnprocessableEntity, "The owner is the id of a member.")
		}
		uris, err = trace.ByOwner(v, in.Owner, after, limit)
	default:
		ref, e := parseRef(in.Issuer, in.Number)
		if e != nil {
			return nil, e
		}
		uris, err = trace.ByCertificate(v, trace.Ref(ref), after, limit)
	}
	if err != nil {
		return nil, err
	}
	out := &api.ProductList{Items: []api.Product{}}
	if len(uris) > int(in.Limit) {
		uris = uris[:in.Limit]
		out.Next = encodeCursor(cursorProduct, []byte(uris[len(uris)-1]))
	}
	for _, uri := range uris {
		p, ok, err := trace.Find(v, uri)
		if err != nil {
			return nil, err
		}
		if ok {
			out.Items = append(out.Items, light.ProductJSON(p))
		}
	}
	return out, nil
}

func listEntries(v *view, in *entriesInput) (*api.TraceEntryList, error) {
	p, err := in.find(v)
	if err != nil {
		return nil, err
	}
	list, err := trace.Entries(v, p, in.first(), int(in.Limit))
	if err != nil {
		return nil, err
	}
	out := &api.TraceEntryList{Items: []api.TraceEntry{}, Total: p.Entries, Head: p.Head.String()}
	for _, e := range list {
		out.Items = append(out.Items, light.EntryJSON(e))
	}
	return out, nil
}

func listUses(v *view, in *entriesInput) (*api.UseList, error) {
	p, err := in.find(v)
	if err != nil {
		return nil, err
	}
	list, err := trace.Uses(v, p, in.first(), int(in.Limit))
	if err != nil {
		return nil, err
	}
	out := &api.UseList{Items: []api.Use{}, Total: p.Uses}
	for i, u := range list {
		out.Items = append(out.Items, api.Use{K: in.first() + uint64(i), Product: u.By, Entry: u.N})
	}
	return out, nil
}

func getEvent(v *view, in *eventInput) (*api.EventProducts, error) {
	hash, err := parseHash("the hash of an event", in.Hash)
	if err != nil {
		return nil, err
	}
	after, err := decodeProductCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := trace.ByEvent(v, hash, after, int(in.Limit)+1)
	if err != nil {
		return nil, err
	}
	out := &api.EventProducts{Hash: hash.String(), Items: []api.EventOccurrence{}}
	if len(list) > int(in.Limit) {
		list = list[:in.Limit]
		out.Next = encodeCursor(cursorProduct, []byte(list[len(list)-1].URI))
	}
	for _, o := range list {
		out.Items = append(out.Items, api.EventOccurrence{Product: o.URI, Entry: o.N})
	}
	return out, nil
}

// way walks a product's way, which costs as much as a bundle.
func (s *Server) way(ctx context.Context, in *productInput) (*stated[api.Way], error) {
	leave, err := s.proving.enter(ctx, addressIn(ctx), time.Second)
	if err != nil {
		return nil, err
	}
	defer leave()
	v, err := s.view(in.Height)
	if err != nil {
		return nil, err
	}
	if _, err := in.find(v); err != nil {
		return nil, err
	}
	at, err := v.time()
	if err != nil {
		return nil, err
	}
	t, _, err := light.Look(v, in.URI, at, at)
	if err != nil {
		if in.Height > 0 && errors.Is(err, engine.ErrVersionGone) {
			err = gone(in.Height)
		}
		return nil, err
	}
	return &stated[api.Way]{v.Height(), t.JSON()}, nil
}

// tooLarge is the problem of a way that is too large for one answer.
func tooLarge(err error) *problem {
	return fail(http.StatusUnprocessableEntity, "%s. Read the chains product by product: /v1/trace/{uri}/entries, with /v1/proofs for their records.", upperFirst(err.Error()))
}
