package message

import (
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// The errors of what follows say what is wrong, as a ledger would, as far as that
// does not depend on its state.

// RegisterProduct returns the message that makes the owner of a product register
// it.
func RegisterProduct(p *trace.Product) (*txv1.Message, error) {
	if err := trace.CheckProduct(p); err != nil {
		return nil, err
	}
	return &txv1.Message{Actor: p.Owner, Action: &txv1.Message_RegisterProduct{RegisterProduct: &tracev1.RegisterProduct{
		Product: p.URI, NameZh: p.NameZh, NameEn: p.NameEn, Certificates: refs(p.Certificates), Reporters: p.Reporters,
	}}}, nil
}

// CaptureEvents returns the message that adds events to the chain of a product,
// which has a number of entries before: look it up, so that nothing is filed twice.
func CaptureEvents(actor, product string, after uint64, events []*trace.Event) (*txv1.Message, error) {
	m := &tracev1.CaptureEvents{Product: product, After: after}
	for _, e := range events {
		if err := trace.CheckEvent(product, e); err != nil {
			return nil, err
		}
		m.Events = append(m.Events, trace.EventMessage(e))
	}
	return &txv1.Message{Actor: actor, Action: &txv1.Message_CaptureEvents{CaptureEvents: m}}, nil
}

// LinkCertificates returns the message that says that a product relies on more
// certificates, or on some no longer.
func LinkCertificates(actor, product string, add, remove []trace.Ref) *txv1.Message {
	return &txv1.Message{Actor: actor, Action: &txv1.Message_LinkCertificates{LinkCertificates: &tracev1.LinkCertificates{
		Product: product, Add: refs(add), Remove: refs(remove),
	}}}
}

// SetReporters returns the message that replaces the members that may report beside
// the owner; they are ascending.
func SetReporters(actor, product string, reporters []string) *txv1.Message {
	return &txv1.Message{Actor: actor, Action: &txv1.Message_SetReporters{SetReporters: &tracev1.SetReporters{Product: product, Reporters: reporters}}}
}

// Recall returns the message that warns of a product.
func Recall(actor, product, noteZh, noteEn string) *txv1.Message {
	return &txv1.Message{Actor: actor, Action: &txv1.Message_Recall{Recall: &tracev1.Recall{Product: product, NoteZh: noteZh, NoteEn: noteEn}}}
}

// LiftRecall returns the message that ends the recall that an entry made.
func LiftRecall(actor, product string, recall uint64, note string) *txv1.Message {
	return &txv1.Message{Actor: actor, Action: &txv1.Message_LiftRecall{LiftRecall: &tracev1.LiftRecall{Product: product, Recall: recall, Note: note}}}
}

func refs(list []trace.Ref) (out []*certificatev1.Ref) {
	for _, r := range list {
		out = append(out, &certificatev1.Ref{Issuer: r.Issuer, Number: r.Number})
	}
	return out
}

// EventHash is the hash under which the ledger keeps an EPCIS event: SM3 of its CBV
// 2.0 pre-hash string.
func EventHash(preHash string) sm3.Hash { return sm3.Sum([]byte(preHash)) }
