package validator

import (
	"errors"

	"github.com/hallmark-ledger/hallmark/store"
)

// Every key of the module begins with 0x04.
var (
	// sets holds each set by the height where it begins.
	sets = store.NewMap("\x04s", store.Uint64{}, setCodec)
	// reverse has the complement of each of those heights: in a scan from the
	// complement of a height, the first is the set that decides it.
	reverse = store.NewMap("\x04r", store.Uint64{}, store.Nothing{})
	// consensusKeys and sealKeys have every key that was ever registered.
	consensusKeys = store.NewMap("\x04c", consensusKeyKey, consensusKeyCodec)
	sealKeys      = store.NewMap("\x04k", sealKeyKey, sealKeyCodec)
	// addresses finds a consensus key by its address.
	addresses = store.NewMap("\x04a", addressKey, addressCodec)
	// misbehaviours has what CometBFT proved, counts how many by address.
	misbehaviours = store.NewMap("\x04m", offenceKey, misbehaviourCodec)
	counts        = store.NewMap("\x04n", addressKey, store.Uint64{})
	// conflicts has what members proved of seal keys, conflictCounts how many by key.
	conflicts      = store.NewMap("\x04f", conflictKey, conflictCodec)
	conflictCounts = store.NewMap("\x04g", sealKeyKey, store.Uint64{})
)

var (
	consensusKeyKey = fixedKey[ConsensusKey]{
		func(dst []byte, k ConsensusKey) []byte { return append(dst, k[:]...) },
		func(b []byte) ConsensusKey { return ConsensusKey(b) }, len(ConsensusKey{}),
	}
	sealKeyKey = fixedKey[SealKey]{
		func(dst []byte, k SealKey) []byte { return append(dst, k[:]...) },
		func(b []byte) SealKey { return SealKey(b) }, len(SealKey{}),
	}
	addressKey = fixedKey[Address]{
		func(dst []byte, a Address) []byte { return append(dst, a[:]...) },
		func(b []byte) Address { return Address(b) }, len(Address{}),
	}
	// offenceKey is address ‖ height ‖ kind.
	offenceKey = fixedKey[Offence]{
		func(dst []byte, o Offence) []byte {
			return append(store.AppendUint64(append(dst, o.Address[:]...), o.Height), byte(o.Kind))
		},
		func(b []byte) Offence {
			h, kind, _ := store.CutUint64(b[20:]) // long enough
			return Offence{Address(b[:20]), h, Kind(kind[0])}
		},
		20 + 8 + 1,
	}
	// conflictKey is seal key ‖ height.
	conflictKey = fixedKey[ConflictID]{
		func(dst []byte, k ConflictID) []byte { return store.AppendUint64(append(dst, k.Key[:]...), k.Height) },
		func(b []byte) ConflictID {
			h, _, _ := store.CutUint64(b[33:]) // long enough
			return ConflictID{SealKey(b[:33]), h}
		},
		33 + 8,
	}
)

// fixedKey is the codec of keys of one length.
type fixedKey[K any] struct {
	append func(dst []byte, k K) []byte
	decode func(b []byte) K
	size   int
}

var errKeySize = errors.New("the key has another length")

func (f fixedKey[K]) AppendKey(dst []byte, k K) []byte { return f.append(dst, k) }

func (f fixedKey[K]) DecodeKey(b []byte) (k K, err error) {
	if len(b) != f.size {
		return k, errKeySize
	}
	return f.decode(b), nil
}
