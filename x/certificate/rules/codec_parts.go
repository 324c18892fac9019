package rules

import (
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// The parts of the messages, to and from protobuf. What does not fit the type
// here is cut; the comparison of bytes after decoding finds it.

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

func headFromProto(m *certificatev1.Head) *Head {
	s := m.GetStanding()
	return &Head{
		Ref:         Ref{m.GetIssuer(), m.GetNumber()},
		Scheme:      m.GetScheme(),
		Holder:      m.GetHolder(),
		FirstIssued: civil.Date(m.GetFirstIssued()),
		Version:     m.GetVersion(),
		Records:     m.GetRecords(),
		Details:     hashFromProto(m.GetDetails()),
		Standing: Standing{
			Family:         Family(small(s.GetFamily())),
			Status:         Status(small(s.GetStatus())),
			Reason:         s.GetReason(),
			Since:          civil.Date(s.GetSince()),
			Issued:         civil.Date(s.GetIssued()),
			Expires:        civil.Date(s.GetExpires()),
			SuspendedFrom:  civil.Date(s.GetSuspendedFrom()),
			SuspendedUntil: civil.Date(s.GetSuspendedUntil()),
			OrderDue:       civil.Date(s.GetOrderDue()),
			Flags:          Flags(s.GetFlags()),
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

func partyFromProto(m *certificatev1.Party) Party {
	return Party{
		NameChinese:    m.GetNameZh(),
		NameEnglish:    m.GetNameEn(),
		AddressChinese: m.GetAddressZh(),
		AddressEnglish: m.GetAddressEn(),
		Country:        m.GetCountry(),
		Region:         m.GetRegion(),
	}
}

func refToProto(r Ref) *certificatev1.Ref {
	if r.IsZero() {
		return nil
	}
	return &certificatev1.Ref{Issuer: r.Issuer, Number: r.Number}
}

func refFromProto(m *certificatev1.Ref) Ref { return Ref{m.GetIssuer(), m.GetNumber()} }

func refsToProto(list []Ref) (out []*certificatev1.Ref) {
	for _, r := range list {
		out = append(out, &certificatev1.Ref{Issuer: r.Issuer, Number: r.Number})
	}
	return out
}

func refsFromProto(list []*certificatev1.Ref) (out []Ref) {
	for _, m := range list {
		out = append(out, refFromProto(m))
	}
	return out
}

func hashToProto(h sm3.Hash) []byte {
	if h.IsZero() {
		return nil
	}
	return h[:]
}

func hashFromProto(b []byte) (h sm3.Hash) {
	copy(h[:], b)
	return h
}

func hashesToProto(list []sm3.Hash) (out [][]byte) {
	for _, h := range list {
		out = append(out, h[:])
	}
	return out
}

func hashesFromProto(list [][]byte) (out []sm3.Hash) {
	for _, b := range list {
		out = append(out, hashFromProto(b))
	}
	return out
}

// small returns the number of an enumeration, 0 for one that no type here holds.
func small[N ~int32 | ~uint32](n N) uint8 {
	if n < 0 || n > 255 {
		return 0
	}
	return uint8(n)
}
