package member

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// The values of the state, as protobuf. Each has exactly one encoding; another
// is refused when it is read.
var (
	memberCodec      = codec(encodeMember, decodeMember)
	keyCodec         = codec(encodeKey, decodeKey)
	grantCodec       = codec(encodeGrant, decodeGrant)
	numbersCodec     = codec(encodeNumbers, decodeNumbers)
	reservationCodec = codec(encodeReservation, decodeReservation)
)

var errForm = errors.New("not what this program writes")

// codec makes the codec of a domain type from its conversions to and from a
// protobuf message.
func codec[V, T any, M interface {
	*T
	proto.Message
}](encode func(V) M, decode func(M) (V, error)) store.ValueFuncs[V] {
	bytesOf := func(v V) ([]byte, error) {
		return proto.MarshalOptions{Deterministic: true}.Marshal(encode(v))
	}
	return store.ValueFuncs[V]{
		Encode: bytesOf,
		Decode: func(b []byte) (v V, err error) {
			m := M(new(T))
			if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, m); err != nil {
				return v, err
			}
			if v, err = decode(m); err != nil {
				return v, err
			}
			again, err := bytesOf(v)
			if err == nil && !bytes.Equal(again, b) {
				err = errForm
			}
			return v, err
		},
	}
}

// ---- Parts

// nanos is the time as Unix nanoseconds, 0 for the zero time.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func timeOf(nanos int64) time.Time {
	if nanos == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanos).UTC()
}

// small converts an enumeration, 0 included; what lies beyond highest is
// changed, and so refused.
func small[T ~uint8, E ~int32](e E, highest T) T {
	if e < 0 || e > math.MaxUint8 || T(e) > highest {
		return 0
	}
	return T(e)
}

func encodeProfile(p Profile) *memberv1.Profile {
	m := &memberv1.Profile{
		NameZh: p.NameZh, NameEn: p.NameEn, Uscc: p.USCC, Region: p.Region, ApprovalNumber: p.ApprovalNumber, Marks: p.Marks,
	}
	if f := p.Foreign; f != (ForeignRegistration{}) {
		m.Foreign = &memberv1.ForeignRegistration{Country: f.Country, Authority: f.Authority, Number: f.Number}
	}
	for _, r := range p.Roles {
		m.Roles = append(m.Roles, memberv1.Role(r))
	}
	return m
}

// decodeProfile also reads profiles of messages; check says whether they are
// any good.
func decodeProfile(m *memberv1.Profile) Profile {
	p := Profile{
		NameZh: m.GetNameZh(), NameEn: m.GetNameEn(), USCC: m.GetUscc(), Region: m.GetRegion(), ApprovalNumber: m.GetApprovalNumber(), Marks: m.GetMarks(),
		Foreign: ForeignRegistration{m.GetForeign().GetCountry(), m.GetForeign().GetAuthority(), m.GetForeign().GetNumber()},
	}
	for _, r := range m.GetRoles() {
		p.Roles = append(p.Roles, small(r, RoleObserver))
	}
	return p
}

func encodeAct(a Act) *memberv1.Act {
	m := &memberv1.Act{Height: a.Height, Time: nanos(a.Time), Member: a.Member, Governed: a.Governed}
	if a.TxID != (TxID{}) {
		m.Tx = a.TxID[:]
	}
	for _, k := range a.Keys {
		m.Keys = append(m.Keys, k[:])
	}
	return m
}

func decodeAct(m *memberv1.Act) (a Act, err error) {
	if m == nil {
		return a, errForm
	}
	a = Act{Height: m.Height, Time: timeOf(m.Time), Member: m.Member, Governed: m.Governed}
	if len(m.Tx) == sm3.Size {
		a.TxID = TxID(m.Tx)
	}
	for _, k := range m.Keys {
		if len(k) != len(Key{}) {
			return a, errForm
		}
		a.Keys = append(a.Keys, Key(k))
	}
	return a, nil
}

// ---- Values

func encodeMember(m Member) *memberv1.Member {
	return &memberv1.Member{
		Profile: encodeProfile(m.Profile), Version: m.Version, Status: memberv1.Status(m.Status), Stopped: m.Stopped,
		Caretaker: m.Caretaker, Change: memberv1.Change(m.Change), Reason: m.Reason, Act: encodeAct(m.Act),
	}
}

func decodeMember(m *memberv1.Member) (Member, error) {
	act, err := decodeAct(m.Act)
	v := Member{
		Profile: decodeProfile(m.Profile), Version: m.Version, Status: small(m.Status, StatusRemoved), Stopped: m.Stopped,
		Caretaker: m.Caretaker, Change: small(m.Change, ChangeCaretaker), Reason: m.Reason, Act: act,
	}
	if err == nil && (v.Version == 0 || v.Status == 0 || v.Change == 0) {
		err = errForm
	}
	return v, err
}

func encodeKey(k KeyRecord) *memberv1.Key {
	m := &memberv1.Key{
		Member: k.Member, Duty: memberv1.Duty(k.Duty), Holder: k.Holder, Registered: encodeAct(k.Registered), UsableFrom: nanos(k.UsableFrom),
	}
	if k.Replaces != (Key{}) {
		m.Replaces = k.Replaces[:]
	}
	if e := k.End; k.ended() {
		m.End = &memberv1.KeyEnd{Reason: memberv1.KeyEndReason(e.Reason), At: nanos(e.At), Act: encodeAct(e.Act)}
	}
	if c := k.Compromise; !c.Since.IsZero() {
		m.Compromise = &memberv1.Compromise{Since: nanos(c.Since), Act: encodeAct(c.Act)}
	}
	return m
}

func decodeKey(m *memberv1.Key) (k KeyRecord, err error) {
	k = KeyRecord{Member: m.Member, Duty: small(m.Duty, exec.DutyApprover), Holder: m.Holder, UsableFrom: timeOf(m.UsableFrom)}
	if k.Registered, err = decodeAct(m.Registered); err != nil {
		return k, err
	}
	if len(m.Replaces) == len(k.Replaces) {
		k.Replaces = Key(m.Replaces)
	}
	if e := m.End; e != nil {
		k.End = KeyEnd{Reason: small(e.Reason, EndRecovered), At: timeOf(e.At)}
		if k.End.Act, err = decodeAct(e.Act); err != nil {
			return k, err
		}
	}
	if c := m.Compromise; c != nil {
		k.Compromise.Since = timeOf(c.Since)
		if k.Compromise.Act, err = decodeAct(c.Act); err != nil {
			return k, err
		}
	}
	if k.Duty == 0 {
		err = fmt.Errorf("duty %d: %w", m.Duty, errForm)
	}
	return k, err
}

func encodeGrant(g Grant) *memberv1.Grant {
	m := &memberv1.Grant{
		By: g.By, Mark: g.Mark, Number: g.Number, Schemes: g.Schemes, From: int32(g.From), Until: int32(g.Until), Act: encodeAct(g.Act),
	}
	for _, s := range g.Steps {
		m.Steps = append(m.Steps, &memberv1.GrantStep{
			Kind: memberv1.GrantStepKind(s.Kind), Date: int32(s.Date), Schemes: s.Schemes, Reason: s.Reason, Act: encodeAct(s.Act),
		})
	}
	return m
}

func decodeGrant(m *memberv1.Grant) (g Grant, err error) {
	g = Grant{By: m.By, Mark: m.Mark, Number: m.Number, Schemes: m.Schemes, From: civil.Date(m.From), Until: civil.Date(m.Until)}
	if g.Act, err = decodeAct(m.Act); err != nil {
		return g, err
	}
	for _, s := range m.Steps {
		step := Step{Kind: small(s.Kind, StepEnd), Date: civil.Date(s.Date), Schemes: s.Schemes, Reason: s.Reason}
		if step.Act, err = decodeAct(s.Act); err != nil {
			return g, err
		}
		if step.Kind == 0 || !step.Date.Valid() {
			return g, errForm
		}
		g.Steps = append(g.Steps, step)
	}
	if !g.From.Valid() || !g.Until.Valid() {
		err = errForm
	}
	return g, err
}

func encodeNumbers(n []uint64) *memberv1.GrantNumbers { return &memberv1.GrantNumbers{Numbers: n} }

func decodeNumbers(m *memberv1.GrantNumbers) ([]uint64, error) { return m.Numbers, nil }

func encodeReservation(r Reservation) *memberv1.Reservation {
	return &memberv1.Reservation{Member: r.Member, Purpose: r.Purpose, Height: r.Height, Time: nanos(r.Time)}
}

func decodeReservation(m *memberv1.Reservation) (Reservation, error) {
	return Reservation{Member: m.Member, Purpose: m.Purpose, Height: m.Height, Time: timeOf(m.Time)}, nil
}
