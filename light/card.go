package light

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
)

// ErrCard: the bytes are no trust card, or a signature on it is wrong.
var ErrCard = errors.New("light: not a trust card")

const (
	// MaxCardSize is the length in bytes of the largest card that is read.
	MaxCardSize = 128 << 10
	// maxCardSigners is the number of signatures that a card has at most.
	maxCardSigners = 64
	// maxText is the length in bytes of a chain id or member id.
	maxText = 50
)

// cardTag begins what regulators sign: "hallmark/card/v1" and 48 zero bytes.
var cardTag = sm3.TagBlock("hallmark/card/v1")

// Card is a trust card: what a verifier starts from. ParseCard and NewCard make
// one. Its signatures say which regulators' keys stand behind it; whether these
// are the regulators' is for the holder of the card to know, who got it from them
// or compared its fingerprint.
type Card struct {
	ChainID string
	Genesis sm3.Hash // root of the genesis state
	Height  uint64   // the first height that Set may seal for the card's holder
	Set     seal.Set
	Made    time.Time // whole seconds, UTC
	// NotAfter is the last second at which the card may be used.
	NotAfter   time.Time
	Signatures []CardSignature // ascending by key

	body []byte
}

// CardSignature is that of a regulator's key.
type CardSignature struct {
	Member    string
	Key       [sm2.PublicKeySize]byte
	Signature sm2.Signature
}

// NewCard returns the card of these values, without signatures.
func NewCard(c Card) (*Card, error) {
	body, err := marshal(&lightv1.CardBody{
		ChainId: c.ChainID, Genesis: c.Genesis[:], Height: c.Height, Set: c.Set.Append(nil),
		Made: c.Made.Unix(), NotAfter: c.NotAfter.Unix(),
	})
	if err != nil {
		return nil, err
	}
	return parseCardBody(body)
}

// Message returns the bytes that a regulator signs, with the standard user id:
// the tag block and the body.
func (c *Card) Message() []byte { return append(slices.Clone(cardTag), c.body...) }

// Fingerprint is SM3 of the body: what is printed, and compared by eye.
func (c *Card) Fingerprint() sm3.Hash { return sm3.Sum(c.body) }

// FingerprintText is the fingerprint in groups of four hexadecimal digits.
func (c *Card) FingerprintText() string {
	digits, groups := strings.ToUpper(c.Fingerprint().String()), []string(nil)
	for ; len(digits) > 0; digits = digits[4:] {
		groups = append(groups, digits[:4])
	}
	return strings.Join(groups, " ")
}

// Sign adds the signature of a member's key, in the place of an earlier one.
func (c *Card) Sign(ctx context.Context, member string, signer sm2.Signer) error {
	signature, err := signer.Sign(ctx, c.Message())
	if err != nil {
		return err
	}
	s := CardSignature{member, signer.Public().Bytes(), signature}
	c.Signatures = slices.DeleteFunc(c.Signatures, func(o CardSignature) bool { return o.Key == s.Key })
	c.Signatures = append(c.Signatures, s)
	slices.SortFunc(c.Signatures, func(a, b CardSignature) int { return slices.Compare(a.Key[:], b.Key[:]) })
	return nil
}

// Bytes returns the encoding of c.
func (c *Card) Bytes() []byte {
	m := &lightv1.Card{Body: c.body}
	for _, s := range c.Signatures {
		m.Signatures = append(m.Signatures, &lightv1.CardSignature{Member: s.Member, Key: s.Key[:], Signature: s.Signature[:]})
	}
	b, err := marshal(m)
	if err != nil {
		panic("light: " + err.Error()) // texts were checked when c was made
	}
	return b
}

// ParseCard reads what Bytes writes and verifies every signature on it; there
// may be none. Its errors wrap ErrCard.
func ParseCard(b []byte) (*Card, error) {
	if len(b) > MaxCardSize {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrCard, len(b), MaxCardSize)
	}
	m := new(lightv1.Card)
	if err := unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCard, err)
	}
	c, err := parseCardBody(m.Body)
	if err != nil {
		return nil, err
	}
	if len(m.Signatures) > maxCardSigners {
		return nil, fmt.Errorf("%w: %d signatures, at most %d", ErrCard, len(m.Signatures), maxCardSigners)
	}
	message := c.Message()
	for i, s := range m.Signatures {
		key, err := sm2.ParsePublicKey(s.Key)
		if err != nil {
			return nil, fmt.Errorf("%w: signature %d: %w", ErrCard, i+1, err)
		}
		signature, err := sm2.ParseSignature(s.Signature)
		if err == nil {
			err = sm2.Verify(key, message, signature)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: signature %d, by %.50q: %w", ErrCard, i+1, s.Member, err)
		}
		if i > 0 && slices.Compare(m.Signatures[i-1].Key, s.Key) >= 0 {
			return nil, fmt.Errorf("%w: its signatures are not ascending by key, each once", ErrCard)
		}
		if s.Member == "" || len(s.Member) > maxText {
			return nil, fmt.Errorf("%w: signature %d names no member", ErrCard, i+1)
		}
		c.Signatures = append(c.Signatures, CardSignature{s.Member, key.Bytes(), signature})
	}
	return c, nil
}

func parseCardBody(body []byte) (*Card, error) {
	m := new(lightv1.CardBody)
	if err := unmarshal(body, m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCard, err)
	}
	set, err := seal.ParseSet(m.Set)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrCard, err)
	case m.ChainId == "" || len(m.ChainId) > maxText:
		return nil, fmt.Errorf("%w: the chain id has %d bytes, want 1 to %d", ErrCard, len(m.ChainId), maxText)
	case len(m.Genesis) != sm3.Size:
		return nil, fmt.Errorf("%w: the genesis root has %d bytes", ErrCard, len(m.Genesis))
	case m.Height == 0:
		return nil, fmt.Errorf("%w: it begins at height 0", ErrCard)
	case m.Made < 0 || m.NotAfter <= m.Made || m.NotAfter > maxSeconds:
		return nil, fmt.Errorf("%w: made at %d, ends at %d (Unix seconds)", ErrCard, m.Made, m.NotAfter)
	}
	return &Card{
		ChainID: m.ChainId, Genesis: sm3.Hash(m.Genesis), Height: m.Height, Set: set,
		Made: time.Unix(m.Made, 0).UTC(), NotAfter: time.Unix(m.NotAfter, 0).UTC(), body: slices.Clone(body),
	}, nil
}

// maxSeconds is the end of the year 9999.
const maxSeconds = 253402300799

// trust is where verification by the card begins.
func (c *Card) trust() *seal.Trust {
	return seal.NewTrust(sm3.Sum([]byte(c.ChainID)), c.Genesis, c.Height, c.Set)
}
