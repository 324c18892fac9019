package trace

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/store"
)

var (
	productCodec = store.ValueFuncs[*Product]{
		Encode: func(p *Product) ([]byte, error) { return EncodeProduct(p), nil },
		Decode: DecodeProduct,
	}
	entryCodec = store.ValueFuncs[*Entry]{
		Encode: func(e *Entry) ([]byte, error) { return EncodeEntry(e), nil },
		Decode: DecodeEntry,
	}
	useCodec = store.ValueFuncs[Use]{
		Encode: func(u Use) ([]byte, error) { return encode(&tracev1.Use{By: u.By, N: u.N}), nil },
		Decode: func(b []byte) (Use, error) {
			m := &tracev1.Use{}
			if err := decode(b, m); err != nil {
				return Use{}, err
			}
			if m.By == "" || m.N == 0 {
				return Use{}, errors.New("the use names no entry")
			}
			return Use{m.By, m.N}, nil
		},
	}
)

// EncodeProduct returns the encoding of a product's record.
func EncodeProduct(p *Product) []byte { return encode(productToProto(p)) }

// DecodeProduct reads what EncodeProduct wrote, and nothing else.
func DecodeProduct(b []byte) (*Product, error) {
	m := &tracev1.Product{}
	if err := decode(b, m); err != nil {
		return nil, err
	}
	p, err := productFromProto(m)
	if err != nil {
		return nil, err
	}
	if p.Entries == 0 {
		return nil, errors.New("the product has no entries")
	}
	for i, n := range p.Recalls {
		if n == 0 || n > p.Entries || i > 0 && p.Recalls[i-1] >= n {
			return nil, errors.New("the recalls are not ascending, or of no entry")
		}
	}
	return p, p.check()
}

// EncodeEntry returns the encoding of an entry, which the chain folds in.
func EncodeEntry(e *Entry) []byte { return encode(entryToProto(e)) }

// DecodeEntry reads what EncodeEntry wrote, and nothing else.
func DecodeEntry(b []byte) (*Entry, error) {
	m := &tracev1.Entry{}
	if err := decode(b, m); err != nil {
		return nil, err
	}
	e, err := entryFromProto(m)
	if err != nil {
		return nil, err
	}
	return e, e.check()
}

// encode panics where a message cannot be encoded: a string that is no UTF-8,
// which check has refused.
func encode(m proto.Message) []byte {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		panic(fmt.Sprintf("trace: %v", err))
	}
	return b
}

// decode reads b into m and refuses any other encoding than encode's.
func decode(b []byte, m proto.Message) error {
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, m); err != nil {
		return err
	}
	if !bytes.Equal(encode(m), b) {
		return errors.New("not the one encoding of the value")
	}
	return nil
}

func productToProto(p *Product) *tracev1.Product {
	m := &tracev1.Product{
		Uri: p.URI, Owner: p.Owner, NameZh: p.NameZh, NameEn: p.NameEn, Certificates: refsToProto(p.Certificates), Reporters: p.Reporters,
		Entries: p.Entries, Recalls: p.Recalls, Uses: p.Uses,
	}
	if !p.Head.IsZero() {
		m.Head = p.Head[:]
	}
	return m
}

func productFromProto(m *tracev1.Product) (*Product, error) {
	p := &Product{
		URI: m.GetUri(), Owner: m.GetOwner(), NameZh: m.GetNameZh(), NameEn: m.GetNameEn(), Certificates: refsFromProto(m.GetCertificates()),
		Reporters: m.GetReporters(), Entries: m.GetEntries(), Recalls: m.GetRecalls(), Uses: m.GetUses(),
	}
	var err error
	if len(m.GetHead()) > 0 {
		if p.Head, err = hashFromProto(m.GetHead()); err == nil && p.Head.IsZero() {
			err = errors.New("a head of zeros is left out")
		}
	}
	if err == nil && p.Head.IsZero() != (p.Entries == 0) {
		err = errors.New("a product has a head if it has entries")
	}
	return p, err
}

func entryToProto(e *Entry) *tracev1.Entry {
	m := &tracev1.Entry{N: e.N, Member: e.Member, Key: e.Key[:], Height: e.Height, Time: e.Time.UnixNano(), Tx: e.Tx[:]}
	switch {
	case e.Registered != nil:
		m.What = &tracev1.Entry_Registered{Registered: productToProto(e.Registered)}
	case e.Event != nil:
		m.What = &tracev1.Entry_Event{Event: eventToProto(e.Event)}
	case e.Certificates != nil:
		m.What = &tracev1.Entry_Certificates{Certificates: &tracev1.CertificateChange{Add: refsToProto(e.Certificates.Add), Remove: refsToProto(e.Certificates.Remove)}}
	case e.Reporters != nil:
		m.What = &tracev1.Entry_Reporters{Reporters: &tracev1.ReporterChange{Reporters: e.Reporters.Reporters}}
	case e.Recall != nil:
		m.What = &tracev1.Entry_Recall{Recall: &tracev1.RecallEntry{NoteZh: e.Recall.NoteZh, NoteEn: e.Recall.NoteEn, Regulator: e.Recall.Regulator}}
	case e.Lift != nil:
		m.What = &tracev1.Entry_Lift{Lift: &tracev1.LiftEntry{Recall: e.Lift.Recall, Note: e.Lift.Note}}
	}
	return m
}

func entryFromProto(m *tracev1.Entry) (e *Entry, err error) {
	e = &Entry{N: m.GetN(), Member: m.GetMember(), Height: m.GetHeight(), Time: time.Unix(0, m.GetTime()).UTC()}
	if e.Tx, err = hashFromProto(m.GetTx()); err != nil {
		return nil, err
	}
	if len(m.GetKey()) != len(e.Key) {
		return nil, fmt.Errorf("a key of %d bytes, not %d", len(m.GetKey()), len(e.Key))
	}
	e.Key = [33]byte(m.GetKey())
	switch w := m.GetWhat().(type) {
	case *tracev1.Entry_Registered:
		e.Registered, err = productFromProto(w.Registered)
	case *tracev1.Entry_Event:
		e.Event, err = eventFromProto(w.Event)
	case *tracev1.Entry_Certificates:
		e.Certificates = &CertificateChange{refsFromProto(w.Certificates.GetAdd()), refsFromProto(w.Certificates.GetRemove())}
	case *tracev1.Entry_Reporters:
		e.Reporters = &ReporterChange{w.Reporters.GetReporters()}
	case *tracev1.Entry_Recall:
		e.Recall = &Recall{w.Recall.GetNoteZh(), w.Recall.GetNoteEn(), w.Recall.GetRegulator()}
	case *tracev1.Entry_Lift:
		e.Lift = &Lift{w.Lift.GetRecall(), w.Lift.GetNote()}
	}
	return e, err
}

func eventToProto(e *Event) *tracev1.Event {
	m := &tracev1.Event{
		Hash: e.Hash[:], Time: e.Time.UnixNano(), Offset: int32(e.Offset), Type: tracev1.EventType(e.Type), Action: tracev1.Action(e.Action),
		Step: e.Step, Disposition: e.Disposition, Place: e.Place, Part: tracev1.Part(e.Part), Others: e.Others,
	}
	for i := range e.Corrects {
		m.Corrects = append(m.Corrects, e.Corrects[i][:])
	}
	return m
}

func eventFromProto(m *tracev1.Event) (e *Event, err error) {
	e = &Event{
		Time: time.Unix(0, m.GetTime()).UTC(), Offset: int(m.GetOffset()), Step: m.GetStep(), Disposition: m.GetDisposition(),
		Place: m.GetPlace(), Others: m.GetOthers(),
	}
	if e.Hash, err = hashFromProto(m.GetHash()); err != nil {
		return nil, err
	}
	for _, b := range m.GetCorrects() {
		h, err := hashFromProto(b)
		if err != nil {
			return nil, err
		}
		e.Corrects = append(e.Corrects, h)
	}
	// An enumeration beyond a byte is none that there is.
	e.Type, e.Action, e.Part = small[EventType](m.GetType()), small[Action](m.GetAction()), small[Part](m.GetPart())
	return e, nil
}

func small[N ~uint8, E ~int32](n E) N {
	if n < 0 || n > math.MaxUint8 {
		return math.MaxUint8
	}
	return N(n)
}

func hashFromProto(b []byte) (h sm3.Hash, err error) {
	if len(b) != sm3.Size {
		return h, fmt.Errorf("a hash of %d bytes, not %d", len(b), sm3.Size)
	}
	return sm3.Hash(b), nil
}

func refsToProto(list []Ref) (out []*certificatev1.Ref) {
	for _, r := range list {
		out = append(out, &certificatev1.Ref{Issuer: r.Issuer, Number: r.Number})
	}
	return out
}

func refsFromProto(list []*certificatev1.Ref) (out []Ref) {
	for _, r := range list {
		out = append(out, Ref{r.GetIssuer(), r.GetNumber()})
	}
	return out
}
