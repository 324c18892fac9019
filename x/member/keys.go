package member

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Every key of the module; doc.go has the table.
var (
	members       = store.NewMap("\x03\x01", store.Text{}, memberCodec)
	versions      = store.NewMap("\x03\x02", placeKeys, memberCodec)
	registrations = store.NewMap("\x03\x03", registrationKeys, textCodec)
	approvals     = store.NewMap("\x03\x04", store.Text{}, textCodec)
	roles         = store.NewMap("\x03\x05", roleKeys, store.Nothing{})
	keys          = store.NewMap("\x03\x06", keyKeys, keyCodec)
	held          = store.NewMap("\x03\x07", heldKeys, store.Nothing{})
	counts        = store.NewMap("\x03\x08", countKeys, store.Uint64{})
	reserved      = store.NewMap("\x03\x09", rawKeys, reservationCodec)
	grants        = store.NewMap("\x03\x0a", placeKeys, grantCodec)
	grantCounts   = store.NewMap("\x03\x0b", store.Text{}, store.Uint64{})
	grantIndex    = store.NewMap("\x03\x0c", scopeKeys, numbersCodec)
)

// The same entries for those who only look: every message of every block asks
// for a few of them, which change seldom. What they decode to is shared and must
// not be modified, nor its slices appended to; whoever changes an entry reads it
// above.
var (
	seenMembers = store.NewMap(members.Prefix(), store.Text{}, store.Remember(memberCodec, 1000))
	seenKeys    = store.NewMap(keys.Prefix(), keyKeys, store.Remember(keyCodec, 4000))
	seenGrants  = store.NewMap(grants.Prefix(), placeKeys, store.Remember(grantCodec, 1000))
	seenIndex   = store.NewMap(grantIndex.Prefix(), scopeKeys, store.Remember(numbersCodec, 1000))
)

// place is the n-th of something that a member has.
type place struct {
	member string
	n      uint64
}

var placeKeys = store.KeyFuncs[place]{
	Append: func(dst []byte, k place) []byte { return store.AppendUint64(store.AppendText(dst, k.member), k.n) },
	Decode: func(b []byte) (k place, err error) {
		if k.member, b, err = store.CutText(b); err != nil {
			return k, err
		}
		k.n, b, err = store.CutUint64(b)
		return k, over(b, err)
	},
}

// registration is how an institution is registered; in China by its unified
// social credit code alone, with country CHN.
type registration struct{ country, authority, number string }

func registrationOf(p *Profile) registration {
	if p.USCC != "" {
		return registration{"CHN", "", p.USCC}
	}
	return registration{p.Foreign.Country, p.Foreign.Authority, p.Foreign.Number}
}

var registrationKeys = store.KeyFuncs[registration]{
	Append: func(dst []byte, k registration) []byte {
		return store.AppendText(store.AppendText(store.AppendText(dst, k.country), k.authority), k.number)
	},
	Decode: func(b []byte) (k registration, err error) {
		return k, cutTexts(b, &k.country, &k.authority, &k.number)
	},
}

// roleKey: the member has the role.
type roleKey struct {
	role   Role
	member string
}

var roleKeys = store.KeyFuncs[roleKey]{
	Append: func(dst []byte, k roleKey) []byte { return store.AppendText(append(dst, byte(k.role)), k.member) },
	Decode: func(b []byte) (k roleKey, err error) {
		if len(b) == 0 {
			return k, errShort
		}
		k.role = Role(b[0])
		return k, cutTexts(b[1:], &k.member)
	},
}

var keyKeys = store.KeyFuncs[Key]{
	Append: func(dst []byte, k Key) []byte { return append(dst, k[:]...) },
	Decode: func(b []byte) (k Key, err error) {
		if len(b) != len(k) {
			return k, errShort
		}
		return Key(b), nil
	},
}

// heldKey: the member has the key, or had it if ended.
type heldKey struct {
	member string
	ended  bool
	duty   exec.Duty
	key    Key
}

var heldKeys = store.KeyFuncs[heldKey]{
	Append: func(dst []byte, k heldKey) []byte {
		return append(append(heldPart(dst, k.member, k.ended), byte(k.duty)), k.key[:]...)
	},
	Decode: func(b []byte) (k heldKey, err error) {
		if k.member, b, err = store.CutText(b); err != nil {
			return k, err
		}
		if len(b) != 2+len(k.key) || b[0] > 1 {
			return k, errShort
		}
		k.ended, k.duty, k.key = b[0] == 1, exec.Duty(b[1]), Key(b[2:])
		if _, ok := ruleOf(k.duty); !ok {
			return k, errShort
		}
		return k, nil
	},
}

// heldPart is the beginning of the keys that a member has, or had.
func heldPart(dst []byte, member string, ended bool) []byte {
	dst = store.AppendText(dst, member)
	if ended {
		return append(dst, 1)
	}
	return append(dst, 0)
}

// countKey is the keys of a member with a duty that have not ended.
type countKey struct {
	member string
	duty   exec.Duty
}

var countKeys = store.KeyFuncs[countKey]{
	Append: func(dst []byte, k countKey) []byte { return append(store.AppendText(dst, k.member), byte(k.duty)) },
	Decode: func(b []byte) (k countKey, err error) {
		if k.member, b, err = store.CutText(b); err != nil {
			return k, err
		}
		if len(b) != 1 {
			return k, errShort
		}
		k.duty = exec.Duty(b[0])
		return k, nil
	},
}

// rawKeys are keys of any kind, by their bytes.
var rawKeys = store.KeyFuncs[string]{
	Append: func(dst []byte, k string) []byte { return append(dst, k...) },
	Decode: func(b []byte) (string, error) { return string(b), nil },
}

// scope is a scheme, or the beginning of one, as grants of a body name it.
type scope struct {
	body, mark, scheme string // mark is empty for approvals
}

var scopeKeys = store.KeyFuncs[scope]{
	Append: func(dst []byte, k scope) []byte {
		return store.AppendText(store.AppendText(store.AppendText(dst, k.body), k.mark), k.scheme)
	},
	Decode: func(b []byte) (k scope, err error) { return k, cutTexts(b, &k.body, &k.mark, &k.scheme) },
}

// textCodec is a member id as a value.
var textCodec = store.ValueFuncs[string]{
	Encode: func(s string) ([]byte, error) { return []byte(s), nil },
	Decode: func(b []byte) (string, error) {
		if !utf8.Valid(b) {
			return "", errForm
		}
		return string(bytes.Clone(b)), nil
	},
}

var errShort = errors.New("the key has another length, or an impossible part")

// cutTexts reads texts, which must be all of b.
func cutTexts(b []byte, texts ...*string) (err error) {
	for _, t := range texts {
		if *t, b, err = store.CutText(b); err != nil {
			return err
		}
	}
	return over(b, nil)
}

// over refuses what is left of a key.
func over(rest []byte, err error) error {
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%d bytes after the end", len(rest))
	}
	return err
}
