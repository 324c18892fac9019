package certificate

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// The encodings of heads, details and records are those of package rules, so
// that who verifies offline has them too.
var (
	headCodec = store.ValueFuncs[*rules.Head]{
		Encode: func(h *rules.Head) ([]byte, error) { return rules.EncodeHead(h), nil },
		Decode: rules.DecodeHead,
	}
	detailsCodec = store.ValueFuncs[*rules.Details]{
		Encode: func(d *rules.Details) ([]byte, error) { return rules.EncodeDetails(d), nil },
		Decode: rules.DecodeDetails,
	}
	recordCodec = store.ValueFuncs[*rules.Record]{
		Encode: func(r *rules.Record) ([]byte, error) { return rules.EncodeRecord(r), nil },
		Decode: rules.DecodeRecord,
	}
)

var issuersCodec = store.ValueFuncs[[]string]{
	Encode: func(list []string) ([]byte, error) { return encode(&certificatev1.Issuers{Issuers: list}) },
	Decode: func(b []byte) ([]string, error) {
		m := &certificatev1.Issuers{}
		if err := decode(b, m); err != nil {
			return nil, err
		}
		if len(m.Issuers) == 0 || !ascending(m.Issuers) {
			return nil, errors.New("issuers are not ascending")
		}
		return m.Issuers, nil
	},
}

var successorCodec = store.ValueFuncs[rules.Ref]{
	Encode: func(r rules.Ref) ([]byte, error) {
		return encode(&certificatev1.Successor{Issuer: r.Issuer, Number: r.Number})
	},
	Decode: func(b []byte) (rules.Ref, error) {
		m := &certificatev1.Successor{}
		if err := decode(b, m); err != nil {
			return rules.Ref{}, err
		}
		ref := rules.Ref{Issuer: m.Issuer, Number: m.Number}
		return ref, ref.Check()
	},
}

var barCodec = store.ValueFuncs[Bar]{
	Encode: func(v Bar) ([]byte, error) {
		return encode(&certificatev1.Bar{Since: int32(v.Since), Until: int32(v.Until), Reason: v.Reason})
	},
	Decode: func(b []byte) (Bar, error) {
		m := &certificatev1.Bar{}
		if err := decode(b, m); err != nil {
			return Bar{}, err
		}
		v := Bar{Since: civil.Date(m.Since), Until: civil.Date(m.Until), Reason: m.Reason}
		return v, checkDates(v.Since, v.Until)
	},
}

var barredCodec = store.ValueFuncs[civil.Date]{
	Encode: func(until civil.Date) ([]byte, error) { return encode(&certificatev1.Barred{Until: int32(until)}) },
	Decode: func(b []byte) (civil.Date, error) {
		m := &certificatev1.Barred{}
		if err := decode(b, m); err != nil {
			return 0, err
		}
		return civil.Date(m.Until), checkDates(civil.Date(m.Until))
	},
}

var orderCodec = store.ValueFuncs[Order]{
	Encode: func(v Order) ([]byte, error) {
		return encode(&certificatev1.Order{
			Member: v.Member, Filed: int32(v.Filed), Due: int32(v.Due), Overdue: v.Overdue, Closed: v.Closed,
		})
	},
	Decode: func(b []byte) (Order, error) {
		m := &certificatev1.Order{}
		if err := decode(b, m); err != nil {
			return Order{}, err
		}
		v := Order{Member: m.Member, Filed: civil.Date(m.Filed), Due: civil.Date(m.Due), Overdue: m.Overdue, Closed: m.Closed}
		return v, checkDates(v.Filed, v.Due)
	},
}

var supervisionCodec = store.ValueFuncs[Supervision]{
	Encode: func(v Supervision) ([]byte, error) {
		m := &certificatev1.Supervision{Flags: v.Flags}
		for _, o := range v.Orders {
			m.Orders = append(m.Orders, &certificatev1.OpenOrder{Record: o.Record, Due: int32(o.Due)})
		}
		return encode(m)
	},
	Decode: func(b []byte) (v Supervision, err error) {
		m := &certificatev1.Supervision{}
		if err := decode(b, m); err != nil {
			return v, err
		}
		v.Flags = m.Flags
		for i, o := range m.Orders {
			if i > 0 && m.Orders[i-1].Record >= o.Record {
				return v, errors.New("orders are not ascending")
			}
			v.Orders = append(v.Orders, OpenOrder{o.Record, civil.Date(o.Due)})
		}
		if v.empty() || !ascending(v.Flags) {
			return v, errors.New("nothing is held against the certificate, or flags are not ascending")
		}
		return v, nil
	},
}

var releaseCodec = store.ValueFuncs[Release]{
	Encode: func(v Release) ([]byte, error) {
		return encode(&certificatev1.Release{Until: int32(v.Until), Height: v.Height, Tx: v.Tx[:]})
	},
	Decode: func(b []byte) (v Release, err error) {
		m := &certificatev1.Release{}
		if err := decode(b, m); err != nil {
			return v, err
		}
		v = Release{Until: civil.Date(m.Until), Height: m.Height}
		if len(m.Tx) != sm3.Size {
			return v, errors.New("the transaction's id has another length")
		}
		copy(v.Tx[:], m.Tx)
		return v, checkDates(v.Until)
	},
}

func encode(m proto.Message) ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(m)
}

// decode reads b into m and refuses any other encoding than encode's.
func decode(b []byte, m proto.Message) error {
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, m); err != nil {
		return err
	}
	again, err := encode(m)
	if err == nil && !bytes.Equal(again, b) {
		err = errors.New("not the one encoding of the value")
	}
	return err
}

func ascending(list []string) bool {
	for i := 1; i < len(list); i++ {
		if list[i-1] >= list[i] {
			return false
		}
	}
	return !slices.Contains(list, "")
}

func checkDates(dates ...civil.Date) error {
	for _, d := range dates {
		if !d.Valid() {
			return fmt.Errorf("%d is no date", d)
		}
	}
	return nil
}
