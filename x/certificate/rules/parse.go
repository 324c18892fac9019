package rules

import (
	"google.golang.org/protobuf/encoding/protowire"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// parseHead reads a head, by far the value that is read most, without the
// generated code. It need not be strict: the comparison of bytes after it is. The
// error is that of malformed protobuf.
func parseHead(b []byte, h *Head) error {
	return fields(b, func(field int32, v value) error {
		switch field {
		case 1:
			h.Issuer = string(v.data)
		case 2:
			h.Number = string(v.data)
		case 3:
			h.Scheme = string(v.data)
		case 4:
			h.Holder = string(v.data)
		case 5:
			h.FirstIssued = v.date()
		case 6:
			h.Version = uint32(v.number)
		case 7:
			h.Records = uint32(v.number)
		case 8:
			h.Details = hashFromProto(v.data)
		case 9:
			return parseStanding(v.data, &h.Standing)
		}
		return nil
	})
}

func parseStanding(b []byte, s *Standing) error {
	return fields(b, func(field int32, v value) error {
		switch field {
		case 1:
			s.Family = Family(small(certificatev1.Family(v.number)))
		case 2:
			s.Status = Status(small(certificatev1.Status(v.number)))
		case 3:
			s.Reason = string(v.data)
		case 4:
			s.Since = v.date()
		case 5:
			s.Issued = v.date()
		case 6:
			s.Expires = v.date()
		case 7:
			s.SuspendedFrom = v.date()
		case 8:
			s.SuspendedUntil = v.date()
		case 9:
			s.OrderDue = v.date()
		case 10:
			s.Flags = Flags(v.number)
		}
		return nil
	})
}

// value is what a field has: a number or bytes.
type value struct {
	number uint64
	data   []byte
}

func (v value) date() civil.Date { return civil.Date(v.number) }

// fields calls visit for each field of a message, with the zero value for one of
// a type that none of ours has.
func fields(b []byte, visit func(field int32, v value) error) error {
	for len(b) > 0 {
		field, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		var v value
		switch kind {
		case protowire.VarintType:
			v.number, n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			v.data, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(field, kind, b)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		if err := visit(int32(field), v); err != nil {
			return err
		}
	}
	return nil
}
