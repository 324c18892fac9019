package rules

import (
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// The parts of the messages, from protobuf. What does not fit the type
// here is cut; the comparison of bytes after decoding finds it.

func detailsFromProto(m *certificatev1.Details) *Details {
	return &Details{
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

func refFromProto(m *certificatev1.Ref) Ref { return Ref{m.GetIssuer(), m.GetNumber()} }

func refsFromProto(list []*certificatev1.Ref) (out []Ref) {
	for _, m := range list {
		out = append(out, refFromProto(m))
	}
	return out
}

func hashFromProto(b []byte) (h sm3.Hash) {
	copy(h[:], b)
	return h
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
