package light

import (
	"encoding/hex"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// ProductJSON is the record of a product as a node's API gives it.
func ProductJSON(p *trace.Product) api.Product {
	out := api.Product{
		URI: p.URI, Owner: p.Owner, Name: api.Text{En: p.NameEn, Zh: p.NameZh}, Certificates: []api.Ref{}, Reporters: append([]string{}, p.Reporters...),
		Entries: p.Entries, Head: hashText(p.Head), Recalls: append([]uint64{}, p.Recalls...), Uses: p.Uses,
	}
	for _, r := range p.Certificates {
		out.Certificates = append(out.Certificates, api.Ref(r))
	}
	return out
}

// EntryJSON is an entry of a chain likewise.
func EntryJSON(e *trace.Entry) api.TraceEntry {
	what, text := whatOf(e)
	out := api.TraceEntry{
		N: e.N, What: what, Text: text, Member: e.Member, Key: hex.EncodeToString(e.Key[:]), Height: e.Height, Time: e.Time.UTC(),
		Tx: hashText(e.Tx), Raw: trace.EncodeEntry(e),
	}
	switch {
	case e.Registered != nil:
		p := ProductJSON(e.Registered)
		out.Registered = &p
	case e.Event != nil:
		out.Event = eventJSON(e.Event)
	case e.Certificates != nil:
		c := &api.CertificateChange{}
		for _, r := range e.Certificates.Add {
			c.Add = append(c.Add, api.Ref(r))
		}
		for _, r := range e.Certificates.Remove {
			c.Remove = append(c.Remove, api.Ref(r))
		}
		out.Change = c
	case e.Reporters != nil:
		list := append([]string{}, e.Reporters.Reporters...)
		out.Reporters = &list
	case e.Recall != nil:
		r := recallJSON(e.Recall)
		out.Recall = &r
	case e.Lift != nil:
		out.Lift = &api.Lift{Recall: e.Lift.Recall, Note: e.Lift.Note}
	}
	return out
}

// whatOf is what an entry says: for programs, and in words.
func whatOf(e *trace.Entry) (string, api.Text) {
	switch {
	case e.Registered != nil:
		return "registered", api.Text{En: "registered", Zh: "登记"}
	case e.Event != nil:
		return "event", api.Text{En: "event", Zh: "事件"}
	case e.Certificates != nil:
		return "certificates", api.Text{En: "certificates linked", Zh: "关联证书变更"}
	case e.Reporters != nil:
		return "reporters", api.Text{En: "reporters named", Zh: "指定填报方"}
	case e.Recall != nil:
		return "recall", api.Text{En: "recalled", Zh: "召回"}
	}
	return "lift", api.Text{En: "recall lifted", Zh: "解除召回"}
}

func eventJSON(e *trace.Event) *api.TraceEvent {
	out := &api.TraceEvent{
		Hash: e.Hash.String(), Time: placeTime(e), Type: e.Type.String(), Action: e.Action.String(), Step: e.Step, Disposition: e.Disposition,
		Place: e.Place, Part: e.Part.String(), Others: append([]string(nil), e.Others...),
	}
	for _, h := range e.Corrects {
		out.Corrects = append(out.Corrects, h.String())
	}
	return out
}

// placeTime is the time of an event with the offset of the place, in UTC if there can
// be no such place: JSON has no form for it.
func placeTime(e *trace.Event) time.Time {
	const day = 24 * 60
	if e.Offset == 0 || e.Offset <= -day || e.Offset >= day {
		return e.Time.UTC()
	}
	return e.Time.In(time.FixedZone("", 60*e.Offset))
}

func recallJSON(r *trace.Recall) api.Recall {
	return api.Recall{Note: api.Text{En: r.NoteEn, Zh: r.NoteZh}, Regulator: r.Regulator}
}

// JSON is a trace as a node's API gives it.
func (t *Trace) JSON() *api.Way {
	first := t.Products[0]
	failed, _ := t.Failed()
	out := &api.Way{
		Product: first.URI, Holds: len(t.Recalls()) == 0 && failed == nil,
		Products: []api.WayProduct{}, Entries: []api.WayEntry{}, Certificates: []api.WayCertificate{},
	}
	for i, p := range t.Products {
		w := api.WayProduct{Product: ProductJSON(p.Product), Depth: p.Depth, Joined: t.Within[i]}
		for _, s := range p.Recalls {
			w.Standing = append(w.Standing, api.Standing{Product: s.URI, Entry: s.Entry.N, Member: s.Entry.Member, Time: s.Entry.Time.UTC(), Recall: recallJSON(s.Entry.Recall)})
		}
		for _, l := range p.Links {
			w.Links = append(w.Links, api.WayLink{
				Entry: l.Entry.N, Product: l.Other, StatedBy: l.Entry.Member, Leaves: l.Leaves, Known: l.Known, Confirmed: l.Confirmed,
			})
		}
		out.Products = append(out.Products, w)
	}
	for i, e := range first.Chain {
		w := api.WayEntry{TraceEntry: EntryJSON(e), Guarantee: "complete"}
		w.Raw = nil
		for _, c := range t.Then[i] {
			w.Certificates = append(w.Certificates, t.then(&c))
		}
		out.Entries = append(out.Entries, w)
	}
	for _, e := range t.Anchored {
		out.Anchored = append(out.Anchored, api.AnchoredEvent{
			Hash: e.Content.String(), Anchor: e.Anchor.String(), Index: e.Index, Member: e.Member, Captured: e.Captured.UTC(), Recorded: e.Recorded.UTC(), Guarantee: "authentic",
		})
	}
	for _, c := range t.Certificates {
		w := api.WayCertificate{Ref: refOf(c.Ref), Effective: effectiveOf(c.Family, c.Status)}
		for _, i := range c.Products {
			w.Products = append(w.Products, t.Products[i].URI)
		}
		out.Certificates = append(out.Certificates, w)
	}
	return out
}

func (t *Trace) then(c *Then) api.CertificateThen {
	out := api.CertificateThen{Ref: refOf(c.Ref), Product: t.Products[c.Product].URI, On: dateText(c.On), Holds: c.Holds()}
	if c.Status != nil {
		e := effectiveOf(c.Family, *c.Status)
		out.Effective = &e
	}
	return out
}

// statusIn is what a certificate was, in words.
func statusIn(family rules.Family, s *rules.EffectiveStatus) api.Text {
	if s == nil {
		return api.Text{En: "nothing decided", Zh: "尚无任何决定"}
	}
	return effectiveOf(family, *s).Text
}
