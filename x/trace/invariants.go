package trace

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/store"
)

// Check derives and compares what the state says more than once:
//
//   - the entries of a chain are numbered without gaps, each can follow the one
//     before it, and the record is what they add up to: count, head, certificates,
//     reporters, recalls;
//   - each event is in the index of hashes, once for each chain;
//   - the uses of a product are entries of other chains that name it upstream, each
//     once, in the order in which they were filed: all of those that were filed
//     after it was registered, none from before;
//   - products are listed by owner and by certificate, and nothing else is.
//
// The error says what does not hold.
func (m *Module) Check(r store.Reader) error {
	c := &checker{r: r, named: map[naming]bool{}}
	err := products.Scan(r, func(uri string, p *Product) (bool, error) {
		if p.URI != uri {
			return false, corrupt("the record of %s is that of %s", uri, p.URI)
		}
		if err := c.chain(p); err != nil {
			return false, err
		}
		return true, c.usesOf(p)
	})
	if err != nil {
		return err
	}
	err = products.Scan(r, func(_ string, p *Product) (bool, error) { return true, c.complete(p) })
	if err != nil {
		return err
	}
	for _, part := range []struct {
		prefix string
		want   uint64
		what   string
	}{
		{entries.Prefix(), c.entries, "entries"}, {hashes.Prefix(), c.events, "events by hash"}, {uses.Prefix(), c.uses, "uses"},
		{owned.Prefix(), c.products, "products by owner"}, {reliant.Prefix(), c.reliances, "products by certificate"},
	} {
		n := uint64(0)
		err := r.Scan([]byte(part.prefix), nil, func([]byte, []byte) (bool, error) { n++; return true, nil })
		if err != nil {
			return err
		}
		if n != part.want {
			return corrupt("%d %s, not %d", n, part.what, part.want)
		}
	}
	return nil
}

// naming is an entry that names a product upstream.
type naming struct {
	other, by string
	n         uint64
}

// checker counts what a check finds.
type checker struct {
	r                                          store.Reader
	products, entries, events, uses, reliances uint64

	named map[naming]bool // what the uses say; never ranged over
}

// chain checks what follows from the chain of a product.
func (c *checker) chain(want *Product) error {
	var p, before = (*Product)(nil), (*Entry)(nil)
	for n := uint64(1); n <= want.Entries; n++ {
		e, err := entryOf(c.r, want.URI, n)
		if err != nil {
			return err
		}
		if e.Event != nil {
			if err := e.Event.check(want.URI); err != nil {
				return corrupt("entry %d of %s: %v", n, want.URI, err)
			}
			if at, err := EntryWith(c.r, e.Event.Hash, want.URI); err != nil {
				return err
			} else if at != n {
				return corrupt("the event of entry %d of %s is listed at entry %d", n, want.URI, at)
			}
			c.events++
		}
		if before != nil && (e.Height < before.Height || e.Time.Before(before.Time)) {
			return corrupt("entry %d of %s was filed before the one before it", n, want.URI)
		}
		if p, err = p.with(e, EncodeEntry(e)); err != nil {
			return corrupt("entry %d of %s: %v", n, want.URI, err)
		}
		if e.Lift != nil {
			if made, err := entryOf(c.r, want.URI, e.Lift.Recall); err != nil {
				return err
			} else if made.Recall == nil {
				return corrupt("entry %d of %s lifts no recall", n, want.URI)
			}
		}
		before = e
	}
	c.entries += want.Entries
	c.products++
	if err := checkURI(p.URI); err != nil {
		return corrupt("%v", err)
	}
	p.Uses = want.Uses
	if string(EncodeProduct(p)) != string(EncodeProduct(want)) {
		return corrupt("the record of %s is not what its chain adds up to", want.URI)
	}
	return c.listed(p)
}

// listed checks that a product is listed where it belongs.
func (c *checker) listed(p *Product) error {
	_, is, err := owned.Get(c.r, ownership{p.Owner, p.URI})
	for i := 0; err == nil && is && i < len(p.Certificates); i++ {
		c.reliances++
		_, is, err = reliant.Get(c.r, reliance{p.Certificates[i], p.URI})
	}
	if err == nil && !is {
		err = corrupt("%s is not listed by owner or certificate", p.URI)
	}
	return err
}

// usesOf checks that each use of a product is an entry that names it.
func (c *checker) usesOf(p *Product) error {
	last := uint64(0)
	for k := uint64(1); k <= p.Uses; k++ {
		list, err := Uses(c.r, p, k, 1)
		if err != nil {
			return err
		}
		u := list[0]
		e, err := entryOf(c.r, u.By, u.N)
		if err != nil {
			return err
		}
		at := naming{p.URI, u.By, u.N}
		if e.Event == nil || !e.Event.Part.upstream() || !slices.Contains(e.Event.Others, p.URI) || c.named[at] || e.Height < last {
			return corrupt("use %d of %s is not entry %d of %s", k, p.URI, u.N, u.By)
		}
		c.named[at], last = true, e.Height
	}
	c.uses += p.Uses
	return nil
}

// complete checks that the registered products that p names upstream have uses for
// that.
func (c *checker) complete(p *Product) error {
	for n := uint64(1); n <= p.Entries; n++ {
		e, err := entryOf(c.r, p.URI, n)
		if err != nil {
			return err
		}
		if e.Event == nil || !e.Event.Part.upstream() {
			continue
		}
		for _, other := range e.Event.Others {
			first, ok, err := entries.Get(c.r, numbered{other, 1})
			if err != nil {
				return err
			}
			is := c.named[naming{other, p.URI, n}]
			if !ok && is || ok && (first.Height < e.Height && !is || first.Height > e.Height && is) {
				return corrupt("entry %d of %s names %s; a use of it: %v", n, p.URI, other, is)
			}
		}
	}
	return nil
}
