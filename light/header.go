package light

import (
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Header is a state root that was established by the headers of blocks instead of
// a seal: the header of block Height+1 states the root after Height. Whoever makes
// one answers for it; light/connected does, with CometBFT's light client.
type Header struct {
	ChainID string
	Height  uint64    // the state is that after this block
	Time    time.Time // of this block, UTC
	State   sm3.Hash
	Hash    [32]byte // SHA-256 of the header of block Height+1, which states the root
	// Witnesses are the nodes that gave the same header beside the one that it
	// came from; none if it was known from before.
	Witnesses []string
}

// VerifyHeader checks a claim by the entries of a bundle, which may be anything,
// and the root of a header. Seal and handovers of the bundle are not looked at, and
// there is no card. Apart from that it is Verify: the same rules, the same verdict.
// It is a function of its arguments.
func VerifyHeader(bundle []byte, header *Header, claim Claim, limits Limits, now time.Time) *Verdict {
	limits = limits.withDefaults()
	v := &Verdict{Claim: claim, Outcome: NotEstablished, At: now.UTC(), Connected: true}
	if err := claim.Check(); err != nil {
		return v.because(reasonBadClaim.with(err.Error()))
	}
	s, err := openAt(bundle, header, limits.MaxSize)
	if err == nil {
		v.Header, v.Height, v.Time = header, header.Height, header.Time.UTC()
		v.Age = v.At.Sub(v.Time)
	}
	return v.conclude(s, err, limits)
}

// NoHeader is the verdict where no header could be established, for a reason.
func NoHeader(claim Claim, why Reason, now time.Time) *Verdict {
	v := &Verdict{Claim: claim, Outcome: NotEstablished, At: now.UTC(), Connected: true}
	return v.because(why)
}

// openAt is open with the root of a header.
func openAt(bundle []byte, header *Header, limit int) (*State, error) {
	s, f, err := begin(bundle, limit)
	if err != nil {
		return nil, err
	}
	for f.more(2, wireBytes) {
		f.bytes(2)
	}
	if _, _, err := parseSealed(f.bytes(3)); err != nil {
		return nil, err
	}
	s.Statement = seal.Statement{Height: header.Height, Time: header.Time.UnixNano(), State: header.State}
	return s, s.rest(f)
}

// Claimed returns of which height a bundle says to be, what time it says that block
// has, and which root. Nothing of it is verified: it says where to look for the
// header. Its errors wrap ErrBundle.
func Claimed(bundle []byte, limit int) (*Header, error) {
	_, f, err := begin(bundle, limit)
	if err != nil {
		return nil, err
	}
	for f.more(2, wireBytes) {
		f.bytes(2)
	}
	st, _, err := parseSealed(f.bytes(3))
	if err != nil {
		return nil, err
	}
	if f.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBundle, f.err)
	}
	return &Header{Height: st.Height, Time: time.Unix(0, st.Time).UTC(), State: st.State}, nil
}

// of returns a reason in the words of the way by which the root is established.
func (v *Verdict) of(r Reason) Reason {
	if v.Connected {
		for _, pair := range byHeader {
			if pair[0].Code == r.Code {
				pair[1].Detail = r.Detail
				return pair[1]
			}
		}
	}
	return r
}

// byHeader has what is said in other words of a header than of a seal.
var byHeader = [][2]Reason{
	{reasonFuture, reason("future", "The block is of the future: check your clock.", "区块时间在未来：请检查本机时钟。")},
	{reasonStale, reason("stale", "The block is older than you allow.", "区块时间超出允许的时限。")},
	{reasonTooEarly, reason("block-before-date-ended", "The block was made before that date ended.", "区块早于该日期结束。")},
	{reasonBadProof, reason("bad-proof", "An entry is not part of the state that the header names.", "条目不属于区块头所载的状态。")},
}
