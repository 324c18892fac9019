package rules

import (
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
)

// The encodings as the generated code writes them, which those of append.go are
// held to.

func protoHead(h *Head) []byte { return protoEncode(headToProto(h)) }

func protoDetails(d *Details) []byte {
	return protoEncode(&certificatev1.Details{
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

func protoRecord(r *Record) []byte {
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
	return protoEncode(m)
}

// protoEncode cannot fail: the only failure of protobuf here would be a string that is
// not UTF-8, and such a value is none that Check accepts. It has no encoding.
func protoEncode(m proto.Message) []byte {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return nil
	}
	return b
}

func headToProto(h *Head) *certificatev1.Head {
	return &certificatev1.Head{
		Issuer:      h.Issuer,
		Number:      h.Number,
		Scheme:      h.Scheme,
		Holder:      h.Holder,
		FirstIssued: int32(h.FirstIssued),
		Version:     h.Version,
		Records:     h.Records,
		Details:     hashToProto(h.Details),
		Standing: &certificatev1.Standing{
			Family:         certificatev1.Family(h.Family),
			Status:         certificatev1.Status(h.Status),
			Reason:         h.Reason,
			Since:          int32(h.Since),
			Issued:         int32(h.Issued),
			Expires:        int32(h.Expires),
			SuspendedFrom:  int32(h.SuspendedFrom),
			SuspendedUntil: int32(h.SuspendedUntil),
			OrderDue:       int32(h.OrderDue),
			Flags:          uint32(h.Flags),
		},
	}
}

func partyToProto(p *Party) *certificatev1.Party {
	if *p == (Party{}) {
		return nil
	}
	return &certificatev1.Party{
		NameZh:    p.NameChinese,
		NameEn:    p.NameEnglish,
		AddressZh: p.AddressChinese,
		AddressEn: p.AddressEnglish,
		Country:   p.Country,
		Region:    p.Region,
	}
}

func refToProto(r Ref) *certificatev1.Ref {
	if r.IsZero() {
		return nil
	}
	return &certificatev1.Ref{Issuer: r.Issuer, Number: r.Number}
}

func refsToProto(list []Ref) (out []*certificatev1.Ref) {
	for _, r := range list {
		out = append(out, &certificatev1.Ref{Issuer: r.Issuer, Number: r.Number})
	}
	return out
}

func hashToProto(h sm3.Hash) []byte {
	if h.IsZero() {
		return nil
	}
	return h[:]
}

func hashesToProto(list []sm3.Hash) (out [][]byte) {
	for _, h := range list {
		out = append(out, h[:])
	}
	return out
}
