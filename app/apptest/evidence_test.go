package apptest

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/evidence"
)

// anchorOf is an anchor that a member may file on the day of the genesis.
func anchorOf(member string, kind evidence.Kind, s evidence.Subject) *evidence.Anchor {
	return &evidence.Anchor{
		Member: member, Kind: kind, Subject: s, Root: sm3.Sum([]byte("root")), Leaves: 3,
		From: Begin.Add(-time.Hour), To: Begin, Method: "GB/T 2828.1", Retention: evidence.SixYears,
	}
}

func anchorMessage(a *evidence.Anchor) proto.Message {
	return &evidencev1.AnchorEvidence{Anchor: evidence.AnchorMessage(a)}
}

// goldenEvidence anchors evidence of a body and of a holder, and lets a decision of
// the same transaction rest on it.
func goldenEvidence(r *register) {
	day := r.today()
	maker := Profile("maker").Uscc
	held := &certificatev1.Certificate{Number: "Q-6", Scheme: "A010101", Holder: maker, FirstIssued: day, Issued: day, Expires: day + 1000, Details: Text("A010101")}
	about := evidence.OfCertificate(CQC, "Q-6")
	before := anchorOf("cqc", evidence.Audit, evidence.OfEngagement(CQC, "A010101", "2026/17"))
	id := before.ID()
	held.Details.Evidence = [][]byte{id[:]}
	r.ok(eyes("cqc"), msg(anchorMessage(before)), msg(&certificatev1.Issue{Certificate: held, Decided: day, Evidence: [][]byte{id[:]}}))
	r.ok([]string{"maker/operator"}, msg(anchorMessage(anchorOf("maker", evidence.Capture, about))))
	r.ok([]string{"cnca/approver"}, msg(anchorMessage(anchorOf("cnca", evidence.Supervision, about))))
}

// TestEvidence follows evidence through all modules: who may, by the members'
// accreditations and the holders of certificates, and decisions that rest on it.
func TestEvidence(t *testing.T) {
	r := &register{T: t, net: newNetwork(t, simulated(), Options{CheckEvery: 1}), nonces: map[string]uint64{}}
	day, cnas := r.today(), []string{"cnas/approver"}
	maker, trader := Profile("maker").Uscc, holders[2]
	for number, holder := range map[string]string{"V-1": maker, "V-2": trader} {
		c := &certificatev1.Certificate{Number: number, Scheme: "B0301", Holder: holder, FirstIssued: day, Issued: day, Expires: day + 1000, Details: Text("B0301")}
		r.ok(eyes("cqc"), msg(&certificatev1.Issue{Certificate: c, Decided: day}))
	}
	r.decide(action(&memberv1.AdmitMember{Member: "lab-a", Profile: Profile("lab-a"), Keys: keysOf("lab-a/admin/1", "lab-a/admin/2", "lab-a/approver")}))
	r.to(civil.Date(r.today())) // the keys are usable at once: there were none before

	v1, v2 := evidence.OfCertificate(CQC, "V-1"), evidence.OfCertificate(CQC, "V-2")
	report := anchorOf("lab-a", evidence.Report, v1)
	lab := []string{"lab-a/approver"}
	r.refused(508, lab, msg(anchorMessage(report)))
	r.ok(cnas, msg(&memberv1.Accredit{Body: "lab-a", Mark: "01", Number: "L0007", Schemes: []string{"B03"}, From: day, Until: day + 100}))
	r.ok(lab, msg(anchorMessage(report)))
	r.refused(512, lab, msg(anchorMessage(report)))
	r.ok(cnas, msg(&memberv1.SuspendAccreditation{Body: "lab-a", Grant: 1, Reason: "an audit is due"}))
	r.refused(508, lab, msg(anchorMessage(anchorOf("lab-a", evidence.Capture, v1))))

	r.ok([]string{"maker/operator"}, msg(anchorMessage(anchorOf("maker", evidence.Other, v1))))
	r.refused(510, []string{"maker/operator"}, msg(anchorMessage(anchorOf("maker", evidence.Other, v2))))
	r.refused(509, []string{"cqm/operator"}, msg(anchorMessage(anchorOf("cqm", evidence.Audit, v1))))
	r.refused(507, []string{"cqc/operator"}, msg(anchorMessage(anchorOf("cqc", evidence.Audit, evidence.OfCertificate(CQC, "V-3")))))
	r.refused(505, []string{"cqc/admin/1"}, msg(anchorMessage(anchorOf("cqc", evidence.Audit, v1))))
	r.ok([]string{"cnca/approver"}, msg(&memberv1.StopBody{Body: "cqc", Reason: "an inspection"}))
	r.ok([]string{"cqc/operator"}, msg(anchorMessage(anchorOf("cqc", evidence.Audit, v1)))) // it winds down

	id := report.ID()
	suspend := func(e []byte) proto.Message {
		return &certificatev1.Suspend{Number: "V-1", Decided: day, Reason: "0299", Until: day + 30, Evidence: [][]byte{e}}
	}
	unknown := sm3.Sum(nil)
	r.refused(483, eyes("cqc"), msg(suspend(unknown[:])))
	r.ok(eyes("cqc"), msg(suspend(id[:])))
	list, err := certificate.Decisions(r.view(), id, certificate.Decision{}, 10)
	if err != nil || len(list) != 1 || list[0] != (certificate.Decision{Certificate: rules.Ref{Issuer: CQC, Number: "V-1"}, Record: 2}) {
		t.Errorf("%v, %v", list, err)
	}
	g, err := r.net.Nodes[0].Export(uint64(r.net.Height()))
	if err != nil || len(g.Evidence.Anchors) != 3 {
		t.Errorf("%d anchors were exported, %v", len(g.Evidence.Anchors), err)
	}
}
