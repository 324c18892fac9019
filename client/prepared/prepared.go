// Package prepared is a transaction on its way among those who must sign it, as a
// file: NAME.hmtx, one JSON object.
//
//	format      "hallmark/prepared/v1"
//	chain       chain id, as in the body
//	id          SM3 of the body, 64 hexadecimal digits
//	body        the bytes that are signed, an encoded hallmark.tx.v1.Body, base64
//	signatures  [{"member", "key" (hexadecimal), "signature" (hexadecimal)}], of those who have signed
//	summary     what the body says, for whoever opens the file with an editor
//
// The body alone counts. Read checks all of it as a node does, verifies the
// signatures, and compares chain and id; the summary it does not look at: Write
// makes it anew each time, and whoever signs is shown Summarize of the body.
package prepared

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// Format is the version of the file.
const Format = "hallmark/prepared/v1"

// MaxSize is the most bytes of a file that is read.
const MaxSize = 64 << 20

var (
	// ErrFormat: the file is not a prepared transaction, or it is damaged.
	ErrFormat = errors.New("not a prepared transaction, or damaged")

	// ErrChain: it is for another chain than the one asked for.
	ErrChain = errors.New("the transaction is for another chain")

	// ErrOther: the files are of different transactions.
	ErrOther = errors.New("the files are of different transactions")
)

type file struct {
	Format     string      `json:"format"`
	Chain      string      `json:"chain"`
	ID         string      `json:"id"`
	Body       []byte      `json:"body"`
	Signatures []signature `json:"signatures"`
	Summary    *Summary    `json:"summary,omitempty"`
}

type signature struct {
	Member    string `json:"member"`
	Key       string `json:"key"`
	Signature string `json:"signature"`
}

// Encode returns the file of d.
func Encode(d *tx.Draft) ([]byte, error) {
	t := new(txv1.Tx)
	if err := proto.Unmarshal(d.Bytes(), t); err != nil {
		return nil, fmt.Errorf("prepared: %w", err)
	}
	id := d.ID()
	f := file{Format: Format, Chain: d.Body().GetChainId(), ID: hex.EncodeToString(id[:]), Body: t.Body, Signatures: []signature{}, Summary: Summarize(d)}
	for i, s := range d.Body().GetSigners() {
		if sig := t.Signatures[i]; len(sig) > 0 {
			f.Signatures = append(f.Signatures, signature{s.Member, hex.EncodeToString(s.Key), hex.EncodeToString(sig)})
		}
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(f); err != nil {
		return nil, fmt.Errorf("prepared: %w", err)
	}
	return out.Bytes(), nil
}

// Decode reads a file, for the chain named, or whatever it is for if that is
// empty. Errors: ErrFormat, ErrChain, and the refusals of tx.Open; a body that was
// changed after it was signed gives that of a wrong signature.
func Decode(raw []byte, chain string) (*tx.Draft, error) {
	var f file
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("prepared: %w: %w", ErrFormat, err)
	}
	if f.Format != Format {
		return nil, fmt.Errorf("prepared: %w: its format is %.40q, want %q", ErrFormat, f.Format, Format)
	}
	body := new(txv1.Body)
	if err := proto.Unmarshal(f.Body, body); err != nil {
		return nil, fmt.Errorf("prepared: %w: its body cannot be read", ErrFormat)
	}
	if f.Chain != body.ChainId {
		return nil, fmt.Errorf("prepared: %w: it says %.60q, its body %.60q", ErrChain, f.Chain, body.ChainId)
	}
	if chain != "" && chain != body.ChainId {
		return nil, fmt.Errorf("prepared: %w: it is for %.60q, not %q", ErrChain, body.ChainId, chain)
	}
	envelope, err := assemble(&f, body)
	if err != nil {
		return nil, err
	}
	draft, err := tx.Open(envelope, anyLimits(body.ChainId))
	if err != nil {
		return nil, err
	}
	if id := draft.ID(); f.ID != "" && f.ID != hex.EncodeToString(id[:]) {
		return nil, fmt.Errorf("prepared: %w: the id is not that of the body, which was changed", ErrFormat)
	}
	return draft, nil
}

// assemble returns the transaction with an empty signature where one is missing.
func assemble(f *file, body *txv1.Body) ([]byte, error) {
	t := &txv1.Tx{Body: f.Body, Signatures: make([][]byte, len(body.Signers))}
	for _, s := range f.Signatures {
		sig, err := hex.DecodeString(s.Signature)
		if err != nil || len(sig) != sm2.SignatureSize {
			return nil, fmt.Errorf("prepared: %w: a signature is not %d bytes in hexadecimal", ErrFormat, sm2.SignatureSize)
		}
		place := -1
		for i, signer := range body.Signers {
			if hex.EncodeToString(signer.Key) == s.Key && signer.Member == s.Member {
				place = i
			}
		}
		if place < 0 {
			return nil, fmt.Errorf("prepared: %w: it has a signature of %.40q with key %.66s, which its body does not name", ErrFormat, s.Member, s.Key)
		}
		t.Signatures[place] = sig
	}
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(t)
	if err != nil {
		return nil, fmt.Errorf("prepared: %w", err)
	}
	return raw, nil
}

// anyLimits are above whatever a ledger's parameters can say: away from nodes
// nothing is known of them, and a node checks its own.
func anyLimits(chain string) tx.Limits {
	return tx.Limits{ChainID: chain, Bytes: MaxSize, Messages: 1 << 20, Signers: 1 << 10}
}

// Merge returns the draft with the signatures of all, which must be of one
// transaction; otherwise ErrOther.
func Merge(drafts ...*tx.Draft) (*tx.Draft, error) {
	merged := new(txv1.Tx)
	for i, d := range drafts {
		t := new(txv1.Tx)
		if err := proto.Unmarshal(d.Bytes(), t); err != nil {
			return nil, fmt.Errorf("prepared: %w", err)
		}
		if i == 0 {
			merged = t
			continue
		}
		if d.ID() != drafts[0].ID() {
			return nil, fmt.Errorf("prepared: %w", ErrOther)
		}
		for j, sig := range t.Signatures {
			if len(merged.Signatures[j]) == 0 {
				merged.Signatures[j] = sig
			}
		}
	}
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(merged)
	if err != nil {
		return nil, fmt.Errorf("prepared: %w", err)
	}
	return tx.Open(raw, anyLimits(drafts[0].Body().GetChainId()))
}
