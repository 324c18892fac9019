package evidence

import (
	"bytes"
	"errors"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	"github.com/hallmark-ledger/hallmark/store"
)

// AnchorMessage returns the message of an anchor.
func AnchorMessage(a *Anchor) *evidencev1.Anchor {
	return &evidencev1.Anchor{
		Member: a.Member, Kind: evidencev1.Kind(a.Kind), Subject: subjectMessage(a.Subject), Root: a.Root[:], Leaves: a.Leaves,
		From: a.From.UnixNano(), To: a.To.UnixNano(), Method: a.Method, Retention: evidencev1.Retention(a.Retention),
	}
}

// ParseAnchor reads and checks an anchor; the error is a refusal.
func ParseAnchor(m *evidencev1.Anchor) (*Anchor, error) {
	if len(m.GetRoot()) != sm3.Size {
		return nil, codeTree.Refuse("the root has %d bytes, not %d", len(m.GetRoot()), sm3.Size)
	}
	a := &Anchor{
		Member: m.GetMember(), Kind: Kind(small(m.GetKind())), Subject: parseSubject(m.GetSubject()), Root: sm3.Hash(m.GetRoot()),
		Leaves: m.GetLeaves(), From: time.Unix(0, m.GetFrom()).UTC(), To: time.Unix(0, m.GetTo()).UTC(),
		Method: m.GetMethod(), Retention: Retention(small(m.GetRetention())),
	}
	return a, a.Check()
}

func subjectMessage(s Subject) *evidencev1.Subject {
	switch s.Kind {
	case CertificateSubject:
		return &evidencev1.Subject{Subject: &evidencev1.Subject_Certificate{
			Certificate: &evidencev1.CertificateSubject{Issuer: s.Issuer, Number: s.Number},
		}}
	case EngagementSubject:
		return &evidencev1.Subject{Subject: &evidencev1.Subject_Engagement{
			Engagement: &evidencev1.EngagementSubject{Issuer: s.Issuer, Reference: s.Reference, Scheme: s.Scheme},
		}}
	case ProductSubject:
		return &evidencev1.Subject{Subject: &evidencev1.Subject_Product{Product: s.Product}}
	}
	return &evidencev1.Subject{}
}

func parseSubject(m *evidencev1.Subject) Subject {
	switch s := m.GetSubject().(type) {
	case *evidencev1.Subject_Certificate:
		return OfCertificate(s.Certificate.GetIssuer(), s.Certificate.GetNumber())
	case *evidencev1.Subject_Engagement:
		return OfEngagement(s.Engagement.GetIssuer(), s.Engagement.GetScheme(), s.Engagement.GetReference())
	case *evidencev1.Subject_Product:
		return OfProduct(s.Product)
	}
	return Subject{}
}

// small returns the number of an enumeration, 0 for one that no type here holds.
func small[N ~int32](n N) uint8 {
	if n < 0 || n > 255 {
		return 0
	}
	return uint8(n)
}

// EncodeAnchor returns the one encoding of an anchor, of which its id is made. It
// is empty if a text is not UTF-8, which Check refuses.
func EncodeAnchor(a *Anchor) []byte {
	b, _ := encode(AnchorMessage(a))
	return b
}

// EncodeRecord returns the one encoding of a record.
func EncodeRecord(r *Record) ([]byte, error) { return encode(recordMessage(r)) }

// DecodeRecord reads and checks a record as the state has it.
func DecodeRecord(b []byte) (*Record, error) {
	m := &evidencev1.AnchorRecord{}
	if err := decode(b, m); err != nil {
		return nil, err
	}
	return parseRecord(m)
}

var recordCodec = store.ValueFuncs[*Record]{Encode: EncodeRecord, Decode: DecodeRecord}

func recordMessage(r *Record) *evidencev1.AnchorRecord {
	m := &evidencev1.AnchorRecord{Anchor: AnchorMessage(&r.Anchor), Height: r.Height, Time: r.Time.UnixNano(), Tx: r.Tx[:]}
	for _, s := range r.Signers {
		m.Signers = append(m.Signers, &evidencev1.Signer{Member: s.Member, Key: s.Key[:]})
	}
	return m
}

func parseRecord(m *evidencev1.AnchorRecord) (*Record, error) {
	a, err := ParseAnchor(m.GetAnchor())
	if err != nil {
		return nil, err
	}
	r := &Record{Anchor: *a, Height: m.GetHeight(), Time: time.Unix(0, m.GetTime()).UTC()}
	switch {
	case r.Height == 0 || m.GetTime() <= 0:
		return nil, errors.New("no block")
	case len(m.GetTx()) != sm3.Size:
		return nil, errors.New("the transaction's id has another length")
	case len(m.GetSigners()) == 0:
		return nil, errors.New("nobody has signed")
	case r.Time.Add(MaxAhead).Before(a.To):
		return nil, errors.New("it was captured after the block")
	}
	r.Tx = sm3.Hash(m.GetTx())
	for _, s := range m.GetSigners() {
		if s.GetMember() == "" || len(s.GetKey()) != 33 || s.Key[0] != 2 && s.Key[0] != 3 {
			return nil, errors.New("a signer is no key of a member")
		}
		r.Signers = append(r.Signers, Signer{s.Member, [33]byte(s.Key)})
	}
	return r, nil
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
