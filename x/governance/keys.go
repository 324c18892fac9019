package governance

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/store"
)

// Every key of the module begins with 0x02.
var (
	parameters = store.NewItem("\x02p", paramsCodec)

	proposals    = store.NewMap("\x02o", store.Uint64{}, proposalCodec)
	votes        = store.NewMap("\x02v", voteKeys, voteCodec)
	queue        = store.NewMap("\x02q", queueKeys, store.Nothing{})
	openOf       = store.NewMap("\x02m", store.Text{}, store.Uint64{})
	lastProposal = store.NewItem("\x02n", store.Uint64{})

	windows    = store.NewMap("\x02w", windowKeys, windowCodec)
	lastWindow = store.NewItem("\x02l", store.Uint64{})

	upgrades = store.NewMap("\x02u", store.Uint64{}, upgradeCodec)
)

// voteKey is the proposal, then the regulator.
type voteKey struct {
	proposal  uint64
	regulator string
}

var voteKeys = store.KeyFuncs[voteKey]{
	Append: func(dst []byte, k voteKey) []byte {
		return store.AppendText(store.AppendUint64(dst, k.proposal), k.regulator)
	},
	Decode: func(b []byte) (k voteKey, err error) {
		if k.proposal, b, err = store.CutUint64(b); err != nil {
			return k, err
		}
		k.regulator, err = store.Text{}.DecodeKey(b)
		return k, err
	},
}

// queueKey is when a proposal expires, then its number.
type queueKey struct {
	expires  int64 // not negative
	proposal uint64
}

var queueKeys = store.KeyFuncs[queueKey]{
	Append: func(dst []byte, k queueKey) []byte {
		return store.AppendUint64(store.AppendUint64(dst, uint64(k.expires)), k.proposal)
	},
	Decode: func(b []byte) (k queueKey, err error) {
		expires, b, err := store.CutUint64(b)
		if err != nil {
			return k, err
		}
		if k.expires = int64(expires); k.expires < 0 {
			return k, fmt.Errorf("the time %d is negative", k.expires)
		}
		k.proposal, err = store.Uint64{}.DecodeKey(b)
		return k, err
	},
}

// windowKey is the body, then the number of the window.
type windowKey struct {
	body   string
	number uint64
}

var windowKeys = store.KeyFuncs[windowKey]{
	Append: func(dst []byte, k windowKey) []byte {
		return store.AppendUint64(store.AppendText(dst, k.body), k.number)
	},
	Decode: func(b []byte) (k windowKey, err error) {
		if k.body, b, err = store.CutText(b); err != nil {
			return k, err
		}
		k.number, err = store.Uint64{}.DecodeKey(b)
		return k, err
	},
}
