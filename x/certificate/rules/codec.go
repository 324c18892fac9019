package rules

import (
	"bytes"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Encodings are deterministic protobuf, of the messages of the same names in
// hallmark.certificate.v1. Each legal value has exactly one, and the decoders
// accept no other bytes. A value with a string that is not UTF-8, which no Check
// accepts, has none: nil is returned for it.

// EncodeHead returns the encoding of h, at most MaxHeadSize bytes for an h that
// Check accepts.
func EncodeHead(h *Head) []byte {
	m := newMessage(MaxHeadSize)
	m.head(h)
	return m.bytes()
}

// DecodeHead reads what EncodeHead wrote. The error wraps ErrEncoding.
func DecodeHead(b []byte) (*Head, error) {
	h := new(Head)
	if err := parseHead(b, h); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEncoding, err)
	}
	if err := h.Check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEncoding, err)
	}
	return h, canonical(b, EncodeHead(h))
}

// EncodeDetails returns the encoding of d. Its SM3 is the digest in the head.
func EncodeDetails(d *Details) []byte {
	m := newMessage(d.room())
	m.details(d)
	return m.bytes()
}

// DigestDetails returns SM3 of the encoding of d.
func DigestDetails(d *Details) sm3.Hash { return sm3.Sum(EncodeDetails(d)) }

// DecodeDetails reads what EncodeDetails wrote. The error wraps ErrEncoding. It
// does not Check: that needs the certificate, whose head has the digest.
func DecodeDetails(b []byte) (*Details, error) {
	m := new(certificatev1.Details)
	if err := decode(b, m); err != nil {
		return nil, err
	}
	d := detailsFromProto(m)
	return d, canonical(b, EncodeDetails(d))
}

// ParseDetails reads the text of a certificate from a decoded message, whose
// slices it shares: what DecodeDetails makes of the message's encoding, without
// that. The error wraps ErrEncoding.
func ParseDetails(m *certificatev1.Details) (*Details, error) {
	empty := func(p *certificatev1.Party) bool { return p != nil && partyFromProto(p) == Party{} }
	whole := len(m.GetDocument()) == 0 || len(m.GetDocument()) == sm3.Size && !hashFromProto(m.GetDocument()).IsZero()
	for _, e := range m.GetEvidence() {
		whole = whole && len(e) == sm3.Size
	}
	if !whole || empty(m.GetHolder()) || empty(m.GetProducer()) || empty(m.GetFactory()) || m.GetMain() != nil && refFromProto(m.GetMain()).IsZero() {
		return nil, errNotCanonical
	}
	d := detailsFromProto(m)
	if EncodeDetails(d) == nil {
		return nil, fmt.Errorf("%w: a text is not UTF-8", ErrEncoding)
	}
	return d, nil
}

// EncodeRecord returns the encoding of r.
func EncodeRecord(r *Record) []byte {
	m := newMessage(2*MaxHeadSize + len(r.Signers)*len(Signer{}.Key) + len(r.Evidence)*sm3.Size + len(r.Note))
	m.record(r)
	return m.bytes()
}

// DecodeRecord reads what EncodeRecord wrote. The error wraps ErrEncoding.
func DecodeRecord(b []byte) (*Record, error) {
	m := new(certificatev1.Record)
	if err := decode(b, m); err != nil {
		return nil, err
	}
	r := &Record{
		N:             m.GetN(),
		Action:        Action(small(m.GetAction())),
		From:          Status(small(m.GetFrom())),
		After:         *headFromProto(m.GetAfter()),
		ChangeType:    m.GetChangeType(),
		ReissueReason: m.GetReissueReason(),
		Actor:         m.GetActor(),
		Decided:       civil.Date(m.GetDecided()),
		Height:        m.GetHeight(),
		Time:          time.Unix(0, m.GetTime()).UTC(),
		Tx:            hashFromProto(m.GetTx()),
		Evidence:      hashesFromProto(m.GetEvidence()),
		DetailsBefore: hashFromProto(m.GetDetailsBefore()),
		Link:          refFromProto(m.GetLink()),
		Reverses:      m.GetReverses(),
		Imported:      m.GetImported(),
		Note:          m.GetNote(),
	}
	for _, s := range m.GetSigners() {
		signer := Signer{Member: s.GetMember(), Duty: small(s.GetDuty())}
		copy(signer.Key[:], s.GetKey())
		r.Signers = append(r.Signers, signer)
	}
	if err := r.Check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEncoding, err)
	}
	return r, canonical(b, EncodeRecord(r))
}

func decode(b []byte, m proto.Message) error {
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, m); err != nil {
		return fmt.Errorf("%w: %w", ErrEncoding, err)
	}
	return nil
}

// canonical refuses bytes that are not the one encoding of what they decode to.
func canonical(got, want []byte) error {
	if !bytes.Equal(got, want) {
		return errNotCanonical
	}
	return nil
}

var errNotCanonical = fmt.Errorf("%w: not the canonical encoding", ErrEncoding)
