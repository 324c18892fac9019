package tx

import (
	"context"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// signTag begins what is signed, so that a signature over a transaction is one
// over nothing else.
const signTag = "hallmark/tx/v1\x00"

// SignBytes returns what the signers of an encoded body sign:
//
//	"hallmark/tx/v1" ‖ 00 ‖ body
func SignBytes(body []byte) []byte {
	return append(append(make([]byte, 0, len(signTag)+len(body)), signTag...), body...)
}

// ID returns the id of the transaction with this encoded body: SM3(body).
func ID(body []byte) sm3.Hash { return sm3.Sum(body) }

// Draft is a transaction on its way among those who must sign it. Its encoding
// is the transaction's own, with an empty signature where one is missing, so it
// can be stored, sent and signed elsewhere. One goroutine uses it at a time.
type Draft struct {
	tx         *Tx // without signatures
	body       []byte
	signatures [][]byte // as many as signers; empty where missing
}

// New returns the draft of a transaction that nobody has signed. It makes the
// checks of Decode, so what is refused for its form is refused before anyone is
// asked to sign it.
func New(body *txv1.Body, limits Limits) (*Draft, error) {
	b, err := marshal(body)
	if err != nil {
		return nil, codeMalformed.Refuse("%v", err)
	}
	t, err := decodeBody(b, limits)
	if err != nil {
		return nil, err
	}
	signed := slices.Repeat([][]byte{make([]byte, sm2.SignatureSize)}, len(t.signers))
	if n := len(encode(b, signed)); n > limits.Bytes {
		return nil, codeTooLarge.Refuse("%d bytes when signed, of at most %d", n, limits.Bytes)
	}
	return &Draft{t, b, make([][]byte, len(t.signers))}, nil
}

// Open reads what Bytes wrote, and verifies the signatures that are there.
func Open(raw []byte, limits Limits) (*Draft, error) {
	d, err := openDraft(raw, limits)
	if err != nil {
		return nil, err
	}
	if err := d.verify(); err != nil {
		return nil, err
	}
	return d, nil
}

// openDraft is Open without curve arithmetic: it is not known yet by whom the
// signatures are.
func openDraft(raw []byte, limits Limits) (*Draft, error) {
	envelope, err := decodeEnvelope(raw, limits)
	if err != nil {
		return nil, err
	}
	t, err := decodeBody(envelope.Body, limits)
	if err != nil {
		return nil, err
	}
	if len(envelope.Signatures) != len(t.signers) {
		return nil, codeSignatureCount.Refuse("places for %d signatures, for %d signers", len(envelope.Signatures), len(t.signers))
	}
	for i, b := range envelope.Signatures {
		if len(b) == 0 {
			continue
		}
		if _, err := sm2.ParseSignature(b); err != nil {
			return nil, codeSignatureForm.Refuse("signature %d: %v", i, err)
		}
	}
	return &Draft{t, envelope.Body, envelope.Signatures}, nil
}

// verify verifies the signatures that are there.
func (d *Draft) verify() error {
	for i, b := range d.signatures {
		if len(b) == 0 {
			continue
		}
		key, err := sm2.ParsePublicKey(d.tx.signers[i].Key[:])
		if err != nil {
			return codeKey.Refuse("signer %d: %v", i, err)
		}
		sig, err := sm2.ParseSignature(b)
		if err != nil {
			return codeSignatureForm.Refuse("signature %d: %v", i, err)
		}
		if sm2.Verify(key, d.tx.signed, sig) != nil {
			return codeSignature.Refuse("signature %d, of %.60q", i, d.tx.signers[i].Member)
		}
	}
	return nil
}

// ID returns the id that the transaction will have.
func (d *Draft) ID() sm3.Hash { return d.tx.id }

// Body returns what is to be signed, for the signer to look at. It must not be
// modified.
func (d *Draft) Body() *txv1.Body { return d.tx.body }

// Missing returns the signers that have not signed, in their order.
func (d *Draft) Missing() (missing []Signer) {
	for i, s := range d.signatures {
		if len(s) == 0 {
			missing = append(missing, d.tx.signers[i])
		}
	}
	return missing
}

// Sign adds the signature of signer, in place of the one it may have made
// before. It fails if the body does not name its key, and if what signer returns
// does not verify, as when a hardware module uses another key or user id.
func (d *Draft) Sign(ctx context.Context, signer sm2.Signer) error {
	key := signer.Public()
	i := d.tx.signerOf(key.Bytes())
	if i < 0 {
		return fmt.Errorf("tx: sign: the transaction does not name the key %v", key)
	}
	sig, err := signer.Sign(ctx, d.tx.signed)
	if err != nil {
		return fmt.Errorf("tx: sign: %w", err)
	}
	if err := sm2.Verify(key, d.tx.signed, sig); err != nil {
		return fmt.Errorf("tx: sign: the signer with key %v returned a wrong signature: %w", key, err)
	}
	d.signatures[i] = sig[:]
	return nil
}

// Bytes returns the encoding: the transaction, once nothing is Missing.
func (d *Draft) Bytes() []byte { return encode(d.body, d.signatures) }

func encode(body []byte, signatures [][]byte) []byte {
	b, err := marshal(&txv1.Tx{Body: body, Signatures: signatures})
	if err != nil {
		panic("tx: " + err.Error()) // byte strings always encode
	}
	return b
}
