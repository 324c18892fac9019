package message_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/client/message"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

func TestTraceMessages(t *testing.T) {
	const lot = "https://id.gs1.org/01/04012345999990/10/L-7"
	p := &trace.Product{URI: lot, Owner: "maker", NameZh: "充电宝", Certificates: []trace.Ref{{Issuer: "CNCA-R-2002-001", Number: "Q-1"}}, Reporters: []string{"carrier"}}
	m, err := message.RegisterProduct(p)
	if err != nil {
		t.Fatal(err)
	}
	want := &tracev1.RegisterProduct{Product: lot, NameZh: "充电宝", Certificates: []*certificatev1.Ref{{Issuer: "CNCA-R-2002-001", Number: "Q-1"}}, Reporters: []string{"carrier"}}
	if m.Actor != "maker" || !proto.Equal(m.GetRegisterProduct(), want) {
		t.Errorf("%v", m)
	}
	p.URI = lot + "/"
	if _, err := message.RegisterProduct(p); err == nil {
		t.Error("a URI that is not canonical is accepted")
	}
	e := &trace.Event{Hash: message.EventHash("eventType=ObjectEvent"), Time: time.Unix(1_800_000_000, 5), Offset: 480, Type: trace.ObjectEvent, Action: trace.Observe, Part: trace.Object}
	m, err = message.CaptureEvents("carrier", lot, 3, []*trace.Event{e})
	if err != nil {
		t.Fatal(err)
	}
	c := m.GetCaptureEvents()
	if m.Actor != "carrier" || c.Product != lot || c.After != 3 || len(c.Events) != 1 || c.Events[0].Time != 1_800_000_000_000_000_005 || c.Events[0].Offset != 480 {
		t.Errorf("%v", m)
	}
	e.Others = []string{lot}
	if _, err := message.CaptureEvents("carrier", lot, 3, []*trace.Event{e}); err == nil {
		t.Error("an event about the product alone that names others is accepted")
	}
	if m := message.LiftRecall("maker", lot, 4, "repaired").GetLiftRecall(); m.Recall != 4 || m.Product != lot {
		t.Errorf("%v", m)
	}
	if m := message.Recall("maker", lot, "召回", "recalled").GetRecall(); m.NoteZh != "召回" || m.NoteEn != "recalled" {
		t.Errorf("%v", m)
	}
	if m := message.LinkCertificates("maker", lot, p.Certificates, nil).GetLinkCertificates(); len(m.Add) != 1 || len(m.Remove) != 0 {
		t.Errorf("%v", m)
	}
	if m := message.SetReporters("maker", lot, nil).GetSetReporters(); m.Product != lot {
		t.Errorf("%v", m)
	}
}
