package light

import (
	"bytes"
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

	body  []byte
	trust *seal.Trust // what verification goes by, from body
}

// CardSignature is that of a regulator's key.
type CardSignature struct {
	Member    string
	Key       [sm2.PublicKeySize]byte
	Signature sm2.Signature
}

// NewCard returns the card of these values, without signatures. Its errors wrap
// ErrCard.
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
	if err := checkText("the member", []byte(member)); err != nil {
		return fmt.Errorf("light: %w", err)
	}
	signature, err := signer.Sign(ctx, c.Message())
	if err != nil {
		return err
	}
	s := CardSignature{member, signer.Public().Bytes(), signature}
	list := slices.DeleteFunc(slices.Clone(c.Signatures), func(o CardSignature) bool { return o.Key == s.Key })
	if len(list) >= maxCardSigners {
		return fmt.Errorf("light: a card has at most %d signatures", maxCardSigners)
	}
	c.Signatures = append(list, s)
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
	f := fields{rest: b}
	c, err := parseCardBody(f.bytes(1))
	if err != nil {
		return nil, err
	}
	message := c.Message()
	for f.more(2, wireBytes) {
		s, err := c.signature(f.bytes(2), message)
		if err != nil {
			return nil, fmt.Errorf("%w: signature %d: %w", ErrCard, len(c.Signatures)+1, err)
		}
		c.Signatures = append(c.Signatures, s)
	}
	if err := f.end(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCard, err)
	}
	return c, nil
}

// signature reads and verifies the next signature.
func (c *Card) signature(b, message []byte) (CardSignature, error) {
	f := fields{rest: b}
	member, rawKey, rawSignature := f.bytes(1), f.bytes(2), f.bytes(3)
	if err := f.end(); err != nil {
		return CardSignature{}, err
	}
	n := len(c.Signatures)
	switch {
	case n >= maxCardSigners:
		return CardSignature{}, fmt.Errorf("more than %d of them", maxCardSigners)
	case n > 0 && bytes.Compare(c.Signatures[n-1].Key[:], rawKey) >= 0:
		return CardSignature{}, errors.New("the keys are not ascending, each once")
	}
	if err := checkText("the member", member); err != nil {
		return CardSignature{}, err
	}
	key, err := sm2.ParsePublicKey(rawKey)
	if err != nil {
		return CardSignature{}, err
	}
	signature, err := sm2.ParseSignature(rawSignature)
	if err != nil {
		return CardSignature{}, err
	}
	if err := sm2.Verify(key, message, signature); err != nil {
		return CardSignature{}, fmt.Errorf("by %s: %w", member, err)
	}
	return CardSignature{string(member), key.Bytes(), signature}, nil
}

// checkText refuses what is no chain id and no member id: 1 to maxText bytes of
// printable ASCII, without spaces.
func checkText(what string, s []byte) error {
	if len(s) == 0 || len(s) > maxText {
		return fmt.Errorf("%s has %d bytes, want 1 to %d", what, len(s), maxText)
	}
	for _, c := range s {
		if c <= ' ' || c > '~' {
			return fmt.Errorf("%s has other characters than printable ones of ASCII", what)
		}
	}
	return nil
}

func parseCardBody(body []byte) (*Card, error) {
	f := fields{rest: body}
	chain, genesis, height, rawSet, made, notAfter := f.bytes(1), f.bytes(2), f.uint(3), f.bytes(4), f.uint(5), f.uint(6)
	if err := f.end(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCard, err)
	}
	if err := checkText("the chain id", chain); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCard, err)
	}
	set, err := seal.ParseSet(rawSet)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrCard, err)
	case len(genesis) != sm3.Size:
		return nil, fmt.Errorf("%w: the genesis root has %d bytes", ErrCard, len(genesis))
	case height == 0:
		return nil, fmt.Errorf("%w: it begins at height 0", ErrCard)
	case notAfter <= made || notAfter > maxSeconds:
		return nil, fmt.Errorf("%w: made at %d, ends at %d (Unix seconds)", ErrCard, made, notAfter)
	}
	c := &Card{
		ChainID: string(chain), Genesis: sm3.Hash(genesis), Height: height, Set: set,
		Made: time.Unix(int64(made), 0).UTC(), NotAfter: time.Unix(int64(notAfter), 0).UTC(), body: slices.Clone(body),
	}
	c.trust = seal.NewTrust(sm3.Sum(chain), c.Genesis, height, set)
	return c, nil
}

// maxSeconds is the end of the year 9999.
const maxSeconds = 253402300799
