package tx

import (
	"bytes"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Limits are what the ledger's parameters say of transactions. In a block they
// are those of the state before it, for every transaction of the block. The zero
// value accepts nothing.
type Limits struct {
	ChainID   string
	Bytes     int           // of a whole transaction
	Messages  int           // per transaction
	Signers   int           // per transaction
	MaxExpiry time.Duration // from the time of the block to the expiry; whole seconds
}

// Tx is a transaction in its only valid encoding, with everything checked that
// needs neither state nor curve arithmetic. Decode makes it. It is immutable and
// safe for concurrent use.
type Tx struct {
	signed     []byte // what the signatures are over; ends in the encoded body
	id         sm3.Hash
	digest     sm3.Hash // SM3(signed)
	size       int
	body       *txv1.Body
	signers    []Signer
	signatures []sm2.Signature // as many as signers
	records    []records       // per actor
}

// Signer is a key that must sign, and the member that the body says it signs
// for. Whether it does is for authentication to find.
type Signer struct {
	Member string
	Key    [sm2.PublicKeySize]byte
}

// records is how many records a transaction files for a member.
type records struct {
	member string
	n      int
}

// ID returns SM3 of the body.
func (t *Tx) ID() sm3.Hash { return t.id }

// Size returns the length of the transaction in bytes.
func (t *Tx) Size() int { return t.size }

// Body returns what the transaction says. It must not be modified.
func (t *Tx) Body() *txv1.Body { return t.body }

// Signers returns the signers in their order. It must not be modified.
func (t *Tx) Signers() []Signer { return t.signers }

// Decode reads a transaction. Every error is a refusal. It checks, in this
// order, the size; protobuf, numbers of parts and canonical form of the
// transaction, then of the body; chain, mode and nonce; the list of signers; each
// message's use of it; the form of the signatures. It costs a small multiple of
// reading raw, and keeps no reference to it.
func Decode(raw []byte, limits Limits) (*Tx, error) {
	envelope, err := decodeEnvelope(raw, limits)
	if err != nil {
		return nil, err
	}
	t, err := decodeBody(envelope.Body, limits)
	if err != nil {
		return nil, err
	}
	t.size = len(raw)
	if len(envelope.Signatures) != len(t.signers) {
		return nil, codeSignatureCount.Refuse("%d signatures for %d signers", len(envelope.Signatures), len(t.signers))
	}
	t.signatures = make([]sm2.Signature, len(t.signers))
	for i, b := range envelope.Signatures {
		if t.signatures[i], err = sm2.ParseSignature(b); err != nil {
			return nil, codeSignatureForm.Refuse("signature %d: %v", i, err)
		}
	}
	t.digest = sm3.Sum(t.signed)
	return t, nil
}

// decodeEnvelope reads the outer layer.
func decodeEnvelope(raw []byte, limits Limits) (*txv1.Tx, error) {
	if len(raw) > limits.Bytes {
		return nil, codeTooLarge.Refuse("%d bytes, of at most %d", len(raw), limits.Bytes)
	}
	n, err := count(raw)
	if err != nil {
		return nil, err
	}
	if n[2] > limits.Signers {
		return nil, codeTooManySignatures.Refuse("%d signatures, of at most %d", n[2], limits.Signers)
	}
	envelope := new(txv1.Tx)
	if err := unmarshal(raw, envelope); err != nil {
		return nil, err
	}
	return envelope, nil
}

// decodeBody reads a body and checks all of it.
func decodeBody(b []byte, limits Limits) (*Tx, error) {
	n, err := count(b)
	switch {
	case err != nil:
		return nil, err
	case n[2] > limits.Signers:
		return nil, codeTooManySigners.Refuse("%d signers, of at most %d", n[2], limits.Signers)
	case n[6] > limits.Messages:
		return nil, codeTooManyMessages.Refuse("%d messages, of at most %d", n[6], limits.Messages)
	}
	t := &Tx{body: new(txv1.Body)}
	if err := unmarshal(b, t.body); err != nil {
		return nil, err
	}
	for _, check := range []func() *exec.Refusal{
		func() *exec.Refusal { return t.checkHead(limits.ChainID) },
		t.checkSigners,
		t.checkMessages,
	} {
		if refusal := check(); refusal != nil {
			return nil, refusal
		}
	}
	t.id, t.signed = ID(b), SignBytes(b)
	return t, nil
}

// count returns how often each of the fields 1 to 7 stands in b. Two bytes of
// input can become a hundred of a decoded message, so numbers are limited before
// anything is decoded.
func count(b []byte) (n [8]int, err error) {
	for len(b) > 0 {
		field, _, size := protowire.ConsumeField(b)
		if size < 0 {
			return n, codeMalformed.Refuse("%v", protowire.ParseError(size))
		}
		if int(field) < len(n) {
			n[field]++
		}
		b = b[size:]
	}
	return n, nil
}

// unmarshal reads b into m and refuses all encodings but one: it drops what is
// unknown, encodes what is left, and compares.
func unmarshal(b []byte, m proto.Message) error {
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, m); err != nil {
		return codeMalformed.Refuse("it is not a valid %s", m.ProtoReflect().Descriptor().Name())
	}
	again, err := marshal(m)
	if err != nil {
		return codeMalformed.Refuse("it is not a valid %s", m.ProtoReflect().Descriptor().Name())
	}
	if !bytes.Equal(b, again) {
		return codeNotCanonical.Refuse("the %s has %d bytes, its valid encoding %d", m.ProtoReflect().Descriptor().Name(), len(b), len(again))
	}
	return nil
}

func marshal(m proto.Message) ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(m)
}
