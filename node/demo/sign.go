package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
)

// What is signed begins with a block that names it.
var (
	certificateTag = sm3.TagBlock("hallmark/demo/certificate/v1")
	rootTag        = sm3.TagBlock("hallmark/demo/root/v1")
	anchorTag      = sm3.TagBlock("hallmark/demo/anchor/v1")
)

var (
	errFiler     = errors.New("demo: no such certification body")
	errCertifier = errors.New("demo: the certifier did not sign this")
	errApprover  = errors.New("demo: the approver did not sign this")
	errQuorum    = errors.New("demo: more than 2/3 of the validators must sign a root")
)

// body is a certification body, played here, with the keys of two persons.
type body struct {
	id                  string
	certifier, approver *sm2.PrivateKey
}

// sign returns c, recorded by b.
func (b body) sign(ctx context.Context, c certificate) (f filing, err error) {
	c.Filer = b.id
	f.cert = c
	if f.certifier, err = b.certifier.Sign(ctx, tagged(certificateTag, f.content())); err != nil {
		return f, err
	}
	f.approver, err = b.approver.Sign(ctx, tagged(certificateTag, f.content()))
	return f, err
}

// signers are the public keys of a body.
type signers struct {
	id                  string
	certifier, approver *sm2.PublicKey
}

// trust is what a verifier knows beforehand. It stands in for the trust card.
type trust struct {
	bodies     []signers
	validators []*sm2.PublicKey
}

func (t trust) body(id string) (signers, error) {
	for _, b := range t.bodies {
		if b.id == id {
			return b, nil
		}
	}
	return signers{}, fmt.Errorf("%w: %q", errFiler, id)
}

// approved is a filing whose two signatures have been verified; only approve
// makes one.
type approved struct{ filing filing }

// approve checks that both persons of the filing body signed each of filings.
func (t trust) approve(ctx context.Context, filings ...filing) ([]approved, error) {
	items := make([]sm2.Item, 0, 2*len(filings))
	for _, f := range filings {
		b, err := t.body(f.cert.Filer)
		if err != nil {
			return nil, err
		}
		m := tagged(certificateTag, f.content())
		items = append(items, sm2.Item{Key: b.certifier, Message: m, Signature: f.certifier},
			sm2.Item{Key: b.approver, Message: m, Signature: f.approver})
	}
	verdicts, err := sm2.VerifyBatch(ctx, items, 0)
	if err != nil {
		return nil, err
	}
	good := make([]approved, len(filings))
	for i, f := range filings {
		if err := verdicts[2*i]; err != nil {
			return nil, fmt.Errorf("%w (%s): %w", errCertifier, f.cert.Number, err)
		}
		if err := verdicts[2*i+1]; err != nil {
			return nil, fmt.Errorf("%w (%s): %w", errApprover, f.cert.Number, err)
		}
		good[i] = approved{f}
	}
	return good, nil
}

// signedRoot is the root of a version with a signature for each validator, in
// their order; zero where there is none.
type signedRoot struct {
	version    uint64
	hash       sm3.Hash
	signatures []sm2.Signature
}

// message is what validators sign: tag ‖ version ‖ root.
func (r signedRoot) message() []byte {
	return tagged(rootTag, store.AppendHash(store.AppendUint64(nil, r.version), r.hash))
}

// checkRoot checks that more than 2/3 of the validators signed r.
func (t trust) checkRoot(r signedRoot) error {
	n := 0
	for i, key := range t.validators {
		if i < len(r.signatures) && sm2.Verify(key, r.message(), r.signatures[i]) == nil {
			n++
		}
	}
	if 3*n <= 2*len(t.validators) {
		return fmt.Errorf("%w, not %d of %d", errQuorum, n, len(t.validators))
	}
	return nil
}

// tagged returns tag ‖ content.
func tagged(tag, content []byte) []byte { return append(tag[:len(tag):len(tag)], content...) }
