package apptest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hallmark-ledger/hallmark/app"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// article is a product as the model has it.
type article struct {
	owner     string
	certs     []Ref
	reporters []string
	entries   []string // what, and by whom
	hashes    map[string]bool
	recalls   map[uint64]string // that stand: by whom, "" for a regulator
	uses      []string
}

func (p article) clone() article {
	p.hashes, p.recalls = maps.Clone(p.hashes), maps.Clone(p.recalls)
	p.certs, p.entries, p.uses = slices.Clone(p.certs), slices.Clone(p.entries), slices.Clone(p.uses)
	return p
}

// ---- Who

// traces: what stands against an actor that reports with a key of a duty.
func (c *ctx) traces(duty string) (why codes) {
	x := c.members[c.actor]
	why.add(x.status != "active" || x.stopped, 606)
	why.add(len(c.signed(c.actor, duty)) == 0, 605)
	return why
}

// named: what stands against a product that must be there.
func (c *ctx) named(uri string) (p article, why codes) {
	p, ok := c.products[uri]
	why.add(!ok, 603)
	why.add(!ok && !slices.Contains(productURIs, uri), 601)
	return p.clone(), why
}

func (c *ctx) owned(uri string) (article, codes) {
	p, why := c.named(uri)
	why.add(p.owner != c.actor, 607)
	return p, append(why, c.traces("operator")...)
}

// ---- Messages

func refsOf(list []*certificatev1.Ref) (refs []Ref) {
	for _, r := range list {
		refs = append(refs, Ref{r.Issuer, r.Number})
	}
	return refs
}

// held: what stands against linking certificates for a member.
func (c *ctx) held(member string, list []Ref) (why codes) {
	code := c.members[member].registration
	for _, r := range list {
		n, ok := c.certs[r]
		why.add(!ok, 609)
		why.add(ok && (len(code) != 18 || organisations[n.holder] != code[8:17]), 610)
	}
	return why
}

func malformedRefs(list []Ref) bool {
	seen := map[Ref]bool{}
	for _, r := range list {
		if r.Issuer == "" || len(r.Issuer) > 24 || r.Number == "" || len(r.Number) > 60 || seen[r] {
			return true
		}
		seen[r] = true
	}
	return false
}

// reporting: what stands against reporters.
func (c *ctx) reporting(list, before []string, owner string) (why codes) {
	why.add(!slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) || slices.Contains(list, "") || slices.Contains(list, owner), 600)
	for _, id := range list {
		x, ok := c.members[id]
		why.add(!slices.Contains(before, id) && (!ok || x.status == "removed"), 612)
	}
	return why
}

func shown(s string, longest int) bool {
	return len(s) <= longest && strings.Trim(s, " ") == s && !strings.ContainsAny(s, "\n\u202e\x00")
}

func (c *ctx) registerProduct(m *tracev1.RegisterProduct) (why codes) {
	refs := refsOf(m.Certificates)
	why = append(c.traces("operator"), c.held(c.actor, refs)...)
	why = append(why, c.reporting(m.Reporters, nil, c.actor)...)
	why.add(!slices.Contains(productURIs, m.Product), 601)
	why.add(m.NameZh == "" && m.NameEn == "" || !shown(m.NameZh, 200) || !shown(m.NameEn, 200) || malformedRefs(refs), 600)
	why.add(!slices.Contains(c.members[c.actor].roles, 6), 604)
	_, known := c.products[m.Product]
	why.add(known, 602)
	if len(why) == 0 {
		c.products[m.Product] = article{c.actor, refs, m.Reporters, []string{"registered " + c.actor}, map[string]bool{}, map[uint64]string{}, nil}
	}
	return why
}

func (c *ctx) captureEvents(m *tracev1.CaptureEvents) (why codes) {
	p, why := c.named(m.Product)
	why = append(why, c.traces("operator")...)
	why.add(len(m.Events) == 0, 600)
	why.add(c.actor != p.owner && !slices.Contains(p.reporters, c.actor), 608)
	why.add(m.After != uint64(len(p.entries)), 614)
	used := map[string][]string{}
	for _, e := range m.Events {
		why = append(why, c.event(m.Product, e)...)
		why.add(p.hashes[string(e.Hash)], 615)
		if len(why) > 0 {
			return why
		}
		p.hashes[string(e.Hash)] = true
		p.entries = append(p.entries, fmt.Sprintf("event %s %x", c.actor, e.Hash))
		for _, other := range e.Others {
			if e.Part == 2 || e.Part == 5 {
				used[other] = append(used[other], fmt.Sprint(m.Product, " ", len(p.entries)))
			}
		}
	}
	if len(why) > 0 {
		return why
	}
	c.products[m.Product] = p
	for uri, list := range used {
		if other, ok := c.products[uri]; ok {
			other = other.clone()
			other.uses = append(other.uses, list...)
			c.products[uri] = other
		}
	}
	return nil
}

// partsOf are the parts in an event by its type.
var partsOf = map[int32][]int32{1: {1}, 2: {2, 3}, 3: {1, 2, 3}, 4: {4, 5}, 5: {2, 3}}

func (c *ctx) event(uri string, e *tracev1.Event) (why codes) {
	why.add(len(e.Hash) != 32 || e.Time <= 0 || e.Offset < -840 || e.Offset > 840 || strings.Contains(e.Step, " ") || len(e.Step) > 120 || len(e.Corrects) > 0, 617)
	why.add(!slices.Contains(partsOf[int32(e.Type)], int32(e.Part)), 617)
	why.add(e.Action > 3 || (e.Action == 0) != (e.Type == 4), 617)
	why.add(e.Time > c.now.UnixNano()+600e9, 616)
	why.add(len(e.Others) > 0 && e.Part == 1 || slices.Contains(e.Others, uri) || !slices.IsSorted(e.Others) || len(slices.Compact(slices.Clone(e.Others))) != len(e.Others), 618)
	for _, other := range e.Others {
		why.add(!slices.Contains(productURIs, other), 601)
	}
	return why
}

func (c *ctx) linkCertificates(m *tracev1.LinkCertificates) (why codes) {
	p, why := c.owned(m.Product)
	add, remove := refsOf(m.Add), refsOf(m.Remove)
	why.add(len(add)+len(remove) == 0, 613)
	why.add(malformedRefs(add) || malformedRefs(remove), 600)
	why = append(why, c.held(p.owner, add)...)
	for _, r := range add {
		why.add(slices.Contains(p.certs, r), 611)
	}
	for _, r := range remove {
		why.add(!slices.Contains(p.certs, r), 611)
	}
	if len(why) == 0 {
		p.certs = append(slices.DeleteFunc(p.certs, func(r Ref) bool { return slices.Contains(remove, r) }), add...)
		p.entries = append(p.entries, "certificates "+c.actor)
		c.products[m.Product] = p
	}
	return why
}

func (c *ctx) setReporters(m *tracev1.SetReporters) (why codes) {
	p, why := c.owned(m.Product)
	why = append(why, c.reporting(m.Reporters, p.reporters, p.owner)...)
	why.add(slices.Equal(m.Reporters, p.reporters), 613)
	if len(why) == 0 {
		p.reporters, p.entries = m.Reporters, append(p.entries, "reporters "+c.actor)
		c.products[m.Product] = p
	}
	return why
}

// warns: the duty of a key that recalls.
func (c *ctx) warns() (duty string, regulator bool) {
	if slices.Contains(c.members[c.actor].roles, 1) {
		return "approver", true
	}
	return "operator", false
}

func (c *ctx) recall(m *tracev1.Recall) (why codes) {
	p, why := c.named(m.Product)
	duty, regulator := c.warns()
	why = append(why, c.traces(duty)...)
	why.add(m.NoteZh == "" && m.NoteEn == "" || !shown(m.NoteZh, 1000) || !shown(m.NoteEn, 1000), 600)
	why.add(!regulator && p.owner != c.actor, 607)
	why.add(len(p.recalls) >= 64, 621)
	if len(why) == 0 {
		p.entries = append(p.entries, "recall "+c.actor)
		by := c.actor
		if regulator {
			by = ""
		}
		p.recalls[uint64(len(p.entries))] = by
		c.products[m.Product] = p
	}
	return why
}

func (c *ctx) liftRecall(m *tracev1.LiftRecall) (why codes) {
	p, why := c.named(m.Product)
	duty, regulator := c.warns()
	why = append(why, c.traces(duty)...)
	why.add(!shown(m.Note, 1000), 600)
	by, stands := p.recalls[m.Recall]
	why.add(!stands, 619)
	why.add(!regulator && by != c.actor, 620)
	if len(why) == 0 {
		delete(p.recalls, m.Recall)
		p.entries = append(p.entries, "lift "+c.actor)
		c.products[m.Product] = p
	}
	return why
}

// traced is what a generator is told of chains and certificates.
func (m *model) traced() (products map[string]Traced, held []Ref) {
	products = map[string]Traced{}
	for uri, p := range m.products {
		t := Traced{Entries: uint64(len(p.entries))}
		t.Recalls = slices.Sorted(maps.Keys(p.recalls))
		products[uri] = t
	}
	refs, _ := m.known()
	for _, r := range refs {
		if m.certs[r].holder == makerCode {
			held = append(held, r)
		}
	}
	return products, held
}

func (m *model) compareTraces(r *app.Reader) error {
	for _, uri := range productURIs {
		want, there := m.products[uri]
		got, ok, err := trace.Find(r, uri)
		if err != nil || ok != there {
			return fmt.Errorf("product %s: there %v, in the model %v (%w)", uri, ok, there, err)
		}
		if !ok {
			continue
		}
		list, err := trace.Entries(r, got, 1, 1<<20)
		if err != nil {
			return err
		}
		var entries []string
		for _, e := range list {
			entries = append(entries, wordsOf(e))
		}
		used, err := trace.Uses(r, got, 1, 1<<20)
		if err != nil {
			return err
		}
		var uses []string
		for _, u := range used {
			uses = append(uses, fmt.Sprint(u.By, " ", u.N))
		}
		var certs []Ref
		for _, c := range got.Certificates {
			certs = append(certs, Ref(c))
		}
		// Within a message the model does not know the order of uses.
		slices.Sort(uses)
		wantUses := slices.Sorted(slices.Values(want.uses))
		one := fmt.Sprint(got.Owner, certs, got.Reporters, entries, got.Recalls, uses)
		other := fmt.Sprint(want.owner, want.certs, want.reporters, want.entries, slices.Sorted(maps.Keys(want.recalls)), wantUses)
		if one != other {
			return fmt.Errorf("product %s: %s\nthe model has %s", uri, one, other)
		}
	}
	return nil
}

func wordsOf(e *trace.Entry) string {
	switch {
	case e.Registered != nil:
		return "registered " + e.Member
	case e.Event != nil:
		return fmt.Sprintf("event %s %s", e.Member, e.Event.Hash)
	case e.Certificates != nil:
		return "certificates " + e.Member
	case e.Reporters != nil:
		return "reporters " + e.Member
	case e.Recall != nil:
		return "recall " + e.Member
	}
	return "lift " + e.Member
}
