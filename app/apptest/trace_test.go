package apptest

import (
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// happened is an event of now, with a hash of its name.
func (r *register) happened(name string, kind tracev1.EventType, part tracev1.Part, others ...string) *tracev1.Event {
	h := sm3.Sum([]byte(name))
	e := &tracev1.Event{Hash: h[:], Time: r.net.Now().UnixNano(), Offset: 480, Type: kind, Action: tracev1.Action_ACTION_OBSERVE, Step: "shipping", Part: part, Others: others}
	if kind == tracev1.EventType_EVENT_TYPE_TRANSFORMATION {
		e.Action = 0
	}
	return e
}

// goldenTrace does everything that is done to products: a lot of an operator with
// a certificate (Q-6 of goldenEvidence), made of another.
func goldenTrace(r *register) {
	maker, cells, lot := []string{"maker/operator"}, productURIs[4], productURIs[1]
	r.ok(maker, msg(&tracev1.RegisterProduct{Product: cells, NameEn: "Cells"}))
	r.ok(maker, msg(&tracev1.RegisterProduct{Product: lot, NameZh: "充电宝", Certificates: []*certificatev1.Ref{{Issuer: CQC, Number: "Q-6"}}}))
	r.ok(maker, msg(&tracev1.CaptureEvents{Product: lot, After: 1, Events: []*tracev1.Event{
		r.happened("made", tracev1.EventType_EVENT_TYPE_TRANSFORMATION, tracev1.Part_PART_OUTPUT, cells),
		r.happened("shipped", tracev1.EventType_EVENT_TYPE_OBJECT, tracev1.Part_PART_OBJECT),
	}}))
	r.ok(maker, msg(&tracev1.LinkCertificates{Product: lot, Remove: []*certificatev1.Ref{{Issuer: CQC, Number: "Q-6"}}}))
	r.ok(maker, msg(&tracev1.SetReporters{Product: lot, Reporters: []string{"cqc"}}))
	r.ok([]string{"cnca/approver"}, msg(&tracev1.Recall{Product: lot, NoteEn: "may catch fire"}))
	r.ok(maker, msg(&tracev1.Recall{Product: lot, NoteZh: "可能起火"}))
	r.ok(maker, msg(&tracev1.LiftRecall{Product: lot, Recall: 7, Note: "repaired"}))
}

// TestTraces follows products through all modules: members that may report no
// longer, certificates by their holders, and authentication.
func TestTraces(t *testing.T) {
	r := &register{T: t, net: newNetwork(t, simulated(), Options{CheckEvery: 1}), nonces: map[string]uint64{}}
	day := r.today()
	for number, holder := range map[string]string{"Q-1": makerCode, "Q-2": Holder} {
		c := &certificatev1.Certificate{Number: number, Scheme: "A010101", Holder: holder, FirstIssued: day, Issued: day, Expires: day + 1000, Details: Text("A010101")}
		r.ok(eyes("cqc"), msg(&certificatev1.Issue{Certificate: c, Decided: day}))
	}
	link := func(number string) []*certificatev1.Ref {
		return []*certificatev1.Ref{{Issuer: CQC, Number: number}}
	}
	maker, lot := []string{"maker/operator"}, productURIs[1]
	register := func(numbers ...string) *tracev1.RegisterProduct {
		m := &tracev1.RegisterProduct{Product: lot, NameEn: "Power banks", Reporters: []string{"cqc"}}
		for _, n := range numbers {
			m.Certificates = append(m.Certificates, link(n)...)
		}
		return m
	}
	r.refused(610, maker, msg(register("Q-1", "Q-2")))
	r.refused(609, maker, msg(register("Q-9")))
	r.refused(604, []string{"cqm/operator"}, msg(register()))
	r.ok(maker, msg(register("Q-1")))
	capture := func(name string) *tracev1.CaptureEvents {
		p, _, err := trace.Find(r.view(), lot)
		if err != nil {
			t.Fatal(err)
		}
		return &tracev1.CaptureEvents{Product: lot, After: p.Entries, Events: []*tracev1.Event{r.happened(name, tracev1.EventType_EVENT_TYPE_OBJECT, tracev1.Part_PART_OBJECT)}}
	}
	reporter := []string{"cqc/operator"}
	r.ok(reporter, msg(capture("tested")))
	r.refused(608, []string{"cqm/operator"}, msg(capture("a stranger's")))
	r.refused(605, []string{"cqc/approver"}, msg(capture("another duty")))

	// A stopped body reports nothing; a suspended member does not get that far.
	r.ok([]string{"cnca/approver"}, msg(&memberv1.StopBody{Body: "cqc", Reason: "an inspection"}))
	r.refused(606, reporter, msg(capture("stopped")))
	r.ok([]string{"cnca/approver"}, msg(&memberv1.ResumeBody{Body: "cqc", Reason: "it is over"}))
	r.ok(reporter, msg(capture("resumed")))
	r.decide(action(&memberv1.SuspendMember{Member: "maker", Reason: "fees"}))
	raw := Draft{Nonce: 1000, Keys: maker, Messages: []*txv1.Message{msg(capture("suspended"))}, Expiry: r.net.Now().Add(time.Hour)}.Sign()
	res, err := r.net.Run(t.Context(), r.net.Next(time.Second, raw))
	if err != nil || res.TxResults[0].Code != 37 {
		t.Errorf("%v, %v", res.TxResults, err)
	}
	r.ok(reporter, msg(capture("by a reporter of a suspended owner")))
	if n, err := r.view().Trace.ExportGenesis(r.view()); err != nil || len(n.Products) != 1 {
		t.Error(err)
	}
}
