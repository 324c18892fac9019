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
// accept no other bytes.

// EncodeHead returns the encoding of h, at most MaxHeadSize bytes for an h that
// Check accepts.
func EncodeHead(h *Head) []byte { return encode(headToProto(h)) }

// DecodeHead reads what EncodeHead wrote. The error wraps ErrEncoding.
func DecodeHead(b []byte) (*Head, error) {
	m := new(certificatev1.Head)
	if err := decode(b, m); err != nil {
		return nil, err
	}
	h := headFromProto(m)
	if err := h.Check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEncoding, err)
	}
	return h, canonical(b, EncodeHead(h))
}

// EncodeDetails returns the encoding of d. Its SM3 is the digest in the head.
func EncodeDetails(d *Details) []byte {
	return encode(&certificatev1.Details{
		Holder:     partyToProto(&d.Holder),
		ScopeZh:    d.ScopeChinese,
		ScopeEn:    d.ScopeEnglish,
		ScopeCodes: d.ScopeCodes,
		Standards:  d.Standards,
		Marks:      d.Marks,
		Producer:   partyToProto(&d.Producer),
		Factory:    partyToProto(&d.Factory),
		TradeMark:  d.TradeMark,
		Models:     d.Models,
		Gtins:      d.GTINs,
		Main:       refToProto(d.Main),
		Components: refsToProto(d.Components),
		Document:   hashToProto(d.Document),
		Evidence:   hashesToProto(d.Evidence),
	})
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
	d := &Details{
		Holder:       partyFromProto(m.GetHolder()),
		ScopeChinese: m.GetScopeZh(),
		ScopeEnglish: m.GetScopeEn(),
		ScopeCodes:   m.GetScopeCodes(),
		Standards:    m.GetStandards(),
		Marks:        m.GetMarks(),
		Producer:     partyFromProto(m.GetProducer()),
		Factory:      partyFromProto(m.GetFactory()),
		TradeMark:    m.GetTradeMark(),
		Models:       m.GetModels(),
		GTINs:        m.GetGtins(),
		Main:         refFromProto(m.GetMain()),
		Components:   refsFromProto(m.GetComponents()),
		Document:     hashFromProto(m.GetDocument()),
		Evidence:     hashesFromProto(m.GetEvidence()),
	}
	return d, canonical(b, EncodeDetails(d))
}

// EncodeRecord returns the encoding of r.
func EncodeRecord(r *Record) []byte {
	m := &certificatev1.Record{
		N:             r.N,
		Action:        certificatev1.Action(r.Action),
		From:          certificatev1.Status(r.From),
		After:         headToProto(&r.After),
		ChangeType:    r.ChangeType,
		ReissueReason: r.ReissueReason,
		Actor:         r.Actor,
		Decided:       int32(r.Decided),
		Height:        r.Height,
		Time:          r.Time.UnixNano(),
		Tx:            hashToProto(r.Tx),
		Evidence:      hashesToProto(r.Evidence),
		DetailsBefore: hashToProto(r.DetailsBefore),
		Link:          refToProto(r.Link),
		Reverses:      r.Reverses,
		Imported:      r.Imported,
		Note:          r.Note,
	}
	for _, s := range r.Signers {
		m.Signers = append(m.Signers, &certificatev1.Signer{Member: s.Member, Key: s.Key[:], Duty: uint32(s.Duty)})
	}
	return encode(m)
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

// encode cannot fail: the only failure of protobuf here would be a string that is
// not UTF-8, and such a value is none that Check accepts. It has no encoding.
func encode(m proto.Message) []byte {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return nil
	}
	return b
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
		return fmt.Errorf("%w: not the canonical encoding", ErrEncoding)
	}
	return nil
}
