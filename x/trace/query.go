package trace

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
)

// Find returns the record of a product.
func Find(r store.Reader, uri string) (*Product, bool, error) {
	p, ok, err := products.Get(r, uri)
	if err == nil && ok && p.URI != uri {
		err = corrupt("the record of %s is that of %s", uri, p.URI)
	}
	return p, ok && err == nil, err
}

// Entries returns up to limit entries of a product's chain from entry from on.
func Entries(r store.Reader, p *Product, from uint64, limit int) (list []*Entry, err error) {
	for n := max(from, 1); n <= p.Entries && len(list) < limit; n++ {
		e, err := entryOf(r, p.URI, n)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// entryOf returns an entry that must be there.
func entryOf(r store.Reader, uri string, n uint64) (*Entry, error) {
	e, ok, err := entries.Get(r, numbered{uri, n})
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, corrupt("%s has no entry %d", uri, n)
	case e.N != n:
		return nil, corrupt("entry %d of %s says that it is entry %d", n, uri, e.N)
	}
	return e, nil
}

// Uses returns up to limit uses of a product from use from on: the entries of
// other products' chains that say that it became, or is part of, theirs.
func Uses(r store.Reader, p *Product, from uint64, limit int) (list []Use, err error) {
	for k := max(from, 1); k <= p.Uses && len(list) < limit; k++ {
		u, ok, err := uses.Get(r, numbered{p.URI, k})
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, corrupt("%s has no use %d", p.URI, k)
		}
		list = append(list, u)
	}
	return list, nil
}

// EntryWith returns the number of the entry of a product's chain that has an event,
// 0 if none has.
func EntryWith(r store.Reader, hash sm3.Hash, uri string) (uint64, error) {
	n, _, err := hashes.Get(r, occurrence{hash, uri})
	return n, err
}

// Occurrence is a product that has an event in its chain, and the entry.
type Occurrence struct {
	URI string
	N   uint64
}

// ByEvent returns up to limit products that have an event in their chains, by
// URI, after one (empty: from the first).
func ByEvent(r store.Reader, hash sm3.Hash, after string, limit int) (list []Occurrence, err error) {
	part := hash[:]
	err = hashes.ScanPart(r, part, startAfter(part, after), func(k occurrence, n uint64) (bool, error) {
		if len(list) < limit && k.uri != after {
			list = append(list, Occurrence{k.uri, n})
		}
		return len(list) < limit, nil
	})
	return list, err
}

// ByOwner returns up to limit products of a member, by URI, after one.
func ByOwner(r store.Reader, owner, after string, limit int) (list []string, err error) {
	part := store.AppendText(nil, owner)
	err = owned.ScanPart(r, part, startAfter(part, after), func(k ownership, _ struct{}) (bool, error) {
		return page(&list, k.uri, after, limit), nil
	})
	return list, err
}

// ByCertificate returns up to limit products that rely on a certificate at
// present, by URI, after one.
func ByCertificate(r store.Reader, ref Ref, after string, limit int) (list []string, err error) {
	part := appendRef(nil, ref)
	err = reliant.ScanPart(r, part, startAfter(part, after), func(k reliance, _ struct{}) (bool, error) {
		return page(&list, k.uri, after, limit), nil
	})
	return list, err
}

func startAfter(part []byte, after string) []byte {
	if after == "" {
		return nil
	}
	return store.AppendText(slices.Clone(part), after)
}

// page appends a URI to the list if it is not the one before the page, and reports
// whether there is room for more.
func page(list *[]string, uri, after string, limit int) (more bool) {
	if len(*list) < limit && uri != after {
		*list = append(*list, uri)
	}
	return len(*list) < limit
}

// Standing is a recall that stands against a product.
type Standing struct {
	URI   string // that was recalled: the product, or a class or lot of it
	Entry *Entry
}

// Recalls returns the recalls that stand against a product, registered or not: its
// own, and those of what it is a class or lot of, by a regulator or by the same
// owner.
func Recalls(r store.Reader, uri string) ([]Standing, error) {
	p, known, err := Find(r, uri)
	if err != nil {
		return nil, err
	}
	var list []Standing
	if known {
		if list, err = standing(r, p, nil); err != nil {
			return nil, err
		}
	}
	for _, above := range Above(uri) {
		a, ok, err := Find(r, above)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		binds := func(e *Entry) bool { return e.Recall.Regulator || known && a.Owner == p.Owner }
		more, err := standing(r, a, binds)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// standing returns the recalls that stand against p itself, those that bind alone
// if binds is not nil.
func standing(r store.Reader, p *Product, binds func(*Entry) bool) (list []Standing, err error) {
	for _, n := range p.Recalls {
		e, err := entryOf(r, p.URI, n)
		if err != nil {
			return nil, err
		}
		if e.Recall == nil {
			return nil, corrupt("entry %d of %s is no recall", n, p.URI)
		}
		if binds == nil || binds(e) {
			list = append(list, Standing{p.URI, e})
		}
	}
	return list, nil
}
