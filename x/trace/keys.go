package trace

import (
	"errors"
	"strings"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
)

// Every key of the module begins with 0x07.
var (
	// products and entries are the records and their chains.
	products = store.NewMap("\x07p", store.Text{}, productCodec)
	entries  = store.NewMap("\x07e", numberedKey, entryCodec)
	// hashes has the entry of each event.
	hashes = store.NewMap("\x07h", hashKey, store.Uint64{})
	// uses has what the chains of others say of a product, from 1 to its number.
	uses = store.NewMap("\x07u", numberedKey, useCodec)
	// owned and reliant list products by owner, and by certificate.
	owned   = store.NewMap("\x07o", ownedKey, store.Nothing{})
	reliant = store.NewMap("\x07c", reliantKey, store.Nothing{})
)

// ProductKey is the key of a product's record, which DecodeProduct reads.
func ProductKey(uri string) []byte { return products.Key(uri) }

// EntryKey is the key of entry n of a product's chain, which DecodeEntry reads.
func EntryKey(uri string, n uint64) []byte { return entries.Key(numbered{uri, n}) }

// UseKey is the key of use k of a product.
func UseKey(uri string, k uint64) []byte { return uses.Key(numbered{uri, k}) }

// URIOfProduct returns the product whose ProductKey a key is, false if it is none.
func URIOfProduct(key []byte) (string, bool) {
	rest, ok := strings.CutPrefix(string(key), products.Prefix())
	if !ok {
		return "", false
	}
	uri, err := store.Text{}.DecodeKey([]byte(rest))
	return uri, err == nil && uri != ""
}

// EntryOfKey returns the product and the number of the entry whose EntryKey a key
// is, false if it is none.
func EntryOfKey(key []byte) (uri string, n uint64, ok bool) {
	rest, ok := strings.CutPrefix(string(key), entries.Prefix())
	if !ok {
		return "", 0, false
	}
	k, err := numberedKey.Decode([]byte(rest))
	return k.uri, k.n, err == nil && k.uri != "" && k.n > 0
}

// numbered is a product and the number of an entry or use of it.
type numbered struct {
	uri string
	n   uint64
}

// occurrence is an event and a product that has it in its chain.
type occurrence struct {
	hash sm3.Hash
	uri  string
}

// ownership is a member and a product of it.
type ownership struct{ owner, uri string }

// reliance is a certificate and a product that relies on it.
type reliance struct {
	ref Ref
	uri string
}

var errAfterKey = errors.New("bytes after the end of the key")

var (
	numberedKey = store.KeyFuncs[numbered]{
		Append: func(dst []byte, k numbered) []byte { return store.AppendUint64(store.AppendText(dst, k.uri), k.n) },
		Decode: func(b []byte) (k numbered, err error) {
			if k.uri, b, err = store.CutText(b); err == nil {
				k.n, b, err = store.CutUint64(b)
			}
			return k, ended(b, err)
		},
	}
	hashKey = store.KeyFuncs[occurrence]{
		Append: func(dst []byte, k occurrence) []byte { return store.AppendText(store.AppendHash(dst, k.hash), k.uri) },
		Decode: func(b []byte) (k occurrence, err error) {
			if k.hash, b, err = store.CutHash(b); err == nil {
				k.uri, b, err = store.CutText(b)
			}
			return k, ended(b, err)
		},
	}
	ownedKey = store.KeyFuncs[ownership]{
		Append: func(dst []byte, k ownership) []byte { return store.AppendText(store.AppendText(dst, k.owner), k.uri) },
		Decode: func(b []byte) (k ownership, err error) {
			if k.owner, b, err = store.CutText(b); err == nil {
				k.uri, b, err = store.CutText(b)
			}
			return k, ended(b, err)
		},
	}
	reliantKey = store.KeyFuncs[reliance]{
		Append: func(dst []byte, k reliance) []byte { return store.AppendText(appendRef(dst, k.ref), k.uri) },
		Decode: func(b []byte) (k reliance, err error) {
			if k.ref.Issuer, b, err = store.CutText(b); err == nil {
				k.ref.Number, b, err = store.CutText(b)
			}
			if err == nil {
				k.uri, b, err = store.CutText(b)
			}
			return k, ended(b, err)
		},
	}
)

func appendRef(dst []byte, r Ref) []byte {
	return store.AppendText(store.AppendText(dst, r.Issuer), r.Number)
}

func ended(rest []byte, err error) error {
	if err == nil && len(rest) > 0 {
		return errAfterKey
	}
	return err
}
