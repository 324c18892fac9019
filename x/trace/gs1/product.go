package gs1

import (
	"fmt"
	"strings"
)

// Level says how much a name takes in.
type Level uint8

const (
	Class Level = 1 // a kind of product
	Lot   Level = 2 // a batch of it
	Item  Level = 3 // one thing
	Named Level = 4 // a URI that is not of GS1: what it takes in is not known
)

func (l Level) String() string {
	if l < Class || l > Named {
		return "unknown"
	}
	return [...]string{"class", "lot", "item", "named"}[l-1]
}

// Product is the name of a product in its canonical form. The zero value is
// none; two names are of one product exactly if they are equal.
type Product struct {
	uri   string
	level Level
	class int // how much of uri names the class; 0: none is known
}

// String returns the canonical URI.
func (p Product) String() string { return p.uri }

// Level returns how much the name takes in.
func (p Product) Level() Level { return p.level }

// Class returns the name of the kind of product that p is of: of a lot or an
// item its GTIN, of a class itself. ok is false where the name does not tell,
// as of a logistic unit.
func (p Product) Class() (class Product, ok bool) {
	if p.class == 0 {
		return Product{}, false
	}
	return Product{uri: p.uri[:p.class], level: Class, class: p.class}, true
}

// Above returns the names of the kinds of product that p is one of, the nearest
// first: its class, and of a piece of a trade item (ITIP) the trade item's GTIN.
func (p Product) Above() (list []Product) {
	class, ok := p.Class()
	if ok && class != p {
		list = append(list, class)
	}
	if piece, is := strings.CutPrefix(class.uri, origin+"/8006/"); is {
		gtin := origin + "/01/" + piece[:14] // its check digit was checked
		list = append(list, Product{uri: gtin, level: Class, class: len(gtin)})
	}
	return list
}

// Path returns the path of a Digital Link, as /01/04012345999990/21/7, where a
// page about the product may stand. ok is false for another URI.
func (p Product) Path() (path string, ok bool) { return strings.CutPrefix(p.uri, origin) }

// NameProduct returns the name of the product that uri means: a GS1 Digital
// Link of any domain, an EPC URN, or another URI,
//
//	https://HOST[:PORT]PATH[?QUERY]   also http; PATH begins with /
//	urn:NID:NSS   did:METHOD:ID   and doi: hdl: info: ni: oid: tag: with what they hold
//
// of the part of RFC 3986 that has no user information, no fragment, no
// segments . and .. and is at most 256 bytes long in its canonical form. An
// http address whose path has a GS1 key and a value of its form is a Digital
// Link, whoever's it is: its check digit must be right.
//
// Locations, parties, shipments and consignments are no products. The errors
// are ErrLength, ErrSyntax, ErrCheckDigit and ErrNotProduct.
func NameProduct(uri string) (Product, error) {
	if len(uri) > 4*MaxLength {
		return Product{}, fmt.Errorf("%w: %d bytes, at most %d are allowed", ErrLength, len(uri), MaxLength)
	}
	l, found, err := ParseLink(uri)
	if !found {
		l, found, err = ParseURN(uri)
	}
	if err != nil {
		return Product{}, err
	}
	if found {
		return nameOf(l)
	}
	canonical, err := canonicalURI(uri)
	if err != nil {
		return Product{}, err
	}
	if l, found, err := ParseLink(canonical); found {
		if err != nil {
			return Product{}, err
		}
		return nameOf(l)
	}
	if l, found, err := ParseURN(canonical); found {
		if err != nil {
			return Product{}, err
		}
		return nameOf(l)
	}
	return bounded(Product{uri: canonical, level: Named})
}

// ParseProduct is NameProduct for what must already be in its canonical form,
// as every name in a transaction must: the error ErrNotCanonical gives the form
// to use.
func ParseProduct(uri string) (Product, error) {
	p, err := NameProduct(uri)
	if err != nil {
		return Product{}, err
	}
	if p.uri != uri {
		return Product{}, fmt.Errorf("%w: use %s", ErrNotCanonical, p.uri)
	}
	return p, nil
}

func nameOf(l Link) (Product, error) {
	id := lookup(l.Key.AI)
	if id.level == nil {
		return Product{}, fmt.Errorf("%w: a key (%s) names a place, a party or a shipment", ErrNotProduct, l.Key.AI)
	}
	l = l.Constrained()
	p := Product{uri: l.URI(), level: id.level(id, l)}
	switch class := (Link{Key: l.Key}).URI(); {
	case p.level == Class:
		p.class = len(p.uri)
	case len(l.Qualifiers) > 0: // the class is the key alone
		p.class = len(class)
	case id.digits > 0: // the key is the class and a serial
		p.class = len(origin) + len("/"+l.Key.AI+"/") + id.digits
	}
	return bounded(p)
}

func bounded(p Product) (Product, error) {
	if len(p.uri) > MaxLength {
		return Product{}, fmt.Errorf("%w: %d bytes, at most %d are allowed", ErrLength, len(p.uri), MaxLength)
	}
	return p, nil
}
