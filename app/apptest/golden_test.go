package apptest

import (
	"crypto/ed25519"
	"flag"
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/governance"
)

var update = flag.Bool("update", false, "write the golden roots anew")

const goldenFile = "testdata/golden_roots.txt"

// wrap puts a message, or an action, into the field for its type.
func wrap[M proto.Message](into M, m proto.Message) M {
	r := into.ProtoReflect()
	for i := range r.Descriptor().Fields().Len() {
		f := r.Descriptor().Fields().Get(i)
		if f.Message() != nil && f.ContainingOneof() != nil && f.Message().FullName() == m.ProtoReflect().Descriptor().FullName() {
			r.Set(f, protoreflect.ValueOfMessage(m.ProtoReflect()))
			return into
		}
	}
	panic(m.ProtoReflect().Descriptor().FullName())
}

func msg(m proto.Message) *txv1.Message           { return wrap(&txv1.Message{}, m) }
func action(m proto.Message) *governancev1.Action { return wrap(&governancev1.Action{}, m) }
func public(name string) []byte                   { k := Key(name).Public().Bytes(); return k[:] }
func keysOf(names ...string) (list []*memberv1.NewKey) {
	for _, n := range names {
		list = append(list, NewKey(n))
	}
	return list
}

// TestGoldenRoots runs a fixed scenario, in which every message and every
// governed action is done, and compares the root after each block.
func TestGoldenRoots(t *testing.T) {
	g := simulated()
	r := &register{T: t, net: newNetwork(t, g, Options{CheckEvery: 1}), nonces: map[string]uint64{}}
	done := map[string]bool{}
	r.done = done
	goldenMembers(r)
	goldenCertificates(r)
	goldenEvidence(r)
	goldenTrace(r)
	goldenGovernance(r)
	r.to(civil.Date(r.today()).AddDays(40)) // suspensions are overdue
	r.to(civil.Date(r.today()).AddDays(1200))
	r.to(civil.Date(r.today())) // nothing is due
	for _, m := range []proto.Message{&txv1.Message{}, &governancev1.Action{}} {
		fields := m.ProtoReflect().Descriptor().Oneofs().Get(0).Fields()
		for i := range fields.Len() {
			if name := string(fields.Get(i).Name()); !done[name] {
				t.Errorf("the scenario does not do %s", name)
			}
		}
	}
	got := strings.Join(r.roots, "\n") + "\n"
	if *update {
		if err := os.WriteFile(goldenFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	compareRoots(t, strings.Split(got, "\n"), strings.Split(string(want), "\n"))
}

func compareRoots(t *testing.T, got, want []string) {
	for i := range got {
		if i < len(want) && got[i] == want[i] {
			continue
		}
		t.Fatalf(`the state root is no longer what it was, first in block %s.

A node with this program and one with the program before would part at that
height, and the chain would stop. If you did not mean to change what a block does
to the state, or how the state is encoded, find what did it and take it back.

If you meant to: while no chain runs on these rules, write the roots anew with

	go test ./app/apptest -run TestGoldenRoots -update

and say in the commit what changed. Once a chain runs on them, the change needs a
version of the rules of its own (app.Version), reached by a governed upgrade; the
roots of the versions before must stay as they are.`, got[i])
	}
	if len(got) != len(want) {
		t.Fatalf("%d roots, the file has %d", len(got), len(want))
	}
}

func goldenMembers(r *register) {
	now := r.net.Now().Unix()
	admins := []string{"cqc/admin/1", "cqc/admin/2"}
	r.ok(admins, msg(&memberv1.AddKeys{Keys: keysOf("cqc/certifier/g1", "cqc/operator/g2", "cqc/admin/g3")}))
	r.ok(admins, msg(&memberv1.CancelPendingKey{Key: public("cqc/admin/g3")}))
	rotated := NewKey("cqc/operator/g4")
	r.ok(admins, msg(&memberv1.RotateKey{OldKey: public("cqc/operator"), NewKey: rotated.Key, Proof: rotated.Proof}))
	r.ok(admins, msg(&memberv1.RevokeKey{Key: public("cqc/operator/g2")}))
	r.ok(admins, msg(&memberv1.ReportCompromise{Key: public("cqc/operator/g4"), Since: now + 3}))

	day := r.today()
	cnas := []string{"cnas/approver"}
	r.ok(cnas, msg(&memberv1.Accredit{Body: "cqm", Mark: "01", Number: "L0002", Schemes: []string{"A01"}, From: day - 10, Until: day + 1000}))
	r.ok(cnas, msg(&memberv1.SuspendAccreditation{Body: "cqm", Grant: 2, Reason: "an audit is due"}))
	r.ok(cnas, msg(&memberv1.ReinstateAccreditation{Body: "cqm", Grant: 2, Reason: "it was done"}))
	r.ok(cnas, msg(&memberv1.WithdrawAccreditation{Body: "cqm", Grant: 2, Reason: "given up"}))
	cnca := []string{"cnca/approver"}
	r.ok(cnca, msg(&memberv1.StopBody{Body: "cqm", Reason: "an inspection"}))
	r.ok([]string{"samr-gd/approver"}, msg(&memberv1.ResumeBody{Body: "cqm", Reason: "it is over"}))
	seal, proof := SealKeyOf("val-00/golden", "cnca", ConsensusKey(0).Public().(ed25519.PublicKey))
	r.ok([]string{"cnca/admin/1", "cnca/admin/2"}, msg(&validatorv1.RotateSealKey{Name: "val-00", SealKey: seal[:], SealProof: proof}))
	r.ok([]string{"maker/operator"}, msg(ConflictOf("val-01", uint64(r.net.Height()))))
	r.decided++ // it has raised a proposal
}

func goldenCertificates(r *register) {
	day := r.today()
	cqc, cnca := eyes("cqc"), []string{"cnca/approver"}
	certificate := func(number, scheme string, days int32) *certificatev1.Certificate {
		return &certificatev1.Certificate{
			Number: number, Scheme: scheme, Holder: Holder, FirstIssued: day, Issued: day, Expires: day + days, Details: Text(scheme),
		}
	}
	for _, c := range []*certificatev1.Certificate{
		certificate("Q-1", "A010101", 1000), certificate("Q-2", "A010101", 1000), certificate("Q-3", "A020101", 20), certificate("Q-4", "A010101", 1000),
		certificate("Q-5", "A010101", 1000), certificate("V-1", "B0301", 5000), certificate("2025010907000001", "B01", 1800), certificate("S-1", "C01", 400),
	} {
		r.ok(cqc, msg(&certificatev1.Issue{Certificate: c, Decided: day}))
	}
	q := func(n string) Ref { return Ref{CQC, n} }
	r.ok(cqc, r.message("suspend", q("Q-1")))
	r.ok(cqc, r.message("reinstate", q("Q-1")))
	r.ok(cqc, r.message("name", q("Q-1")))
	r.ok(cqc, msg(&certificatev1.Correct{Number: "Q-1", Decided: day, Note: "a slip of the pen", Expires: day + 900}))
	renewal := r.message("renew", q("Q-1"))
	r.ok(cqc, renewal)
	r.ok(append(eyes("cqm"), cqc...), r.message("transfer", q("Q-2")))
	r.ok(cqc, r.message("cancel", q("V-1")))
	r.ok(append(eyes("cqc"), "cnca/approver"), r.message("annul", q("Q-5")))
	r.ok(cqc, msg(&certificatev1.Suspend{Number: "S-1", Decided: day, Reason: "0116", Until: day + 30}))
	r.ok(cnca, msg(&certificatev1.FileOrder{Issuer: CQC, Number: "Q-4", Decided: day, Note: "look into it", Due: day + 5}))
	r.ok(cnca, msg(&certificatev1.CloseOrder{Issuer: CQC, Number: "Q-4", Decided: day, Order: 2}))
	r.ok(cnca, msg(&certificatev1.FileOrder{Issuer: CQC, Number: "Q-4", Decided: day, Note: "again", Due: day + 5}))
	r.ok(cnca, msg(&certificatev1.Flag{Issuer: CQC, Number: "Q-4", Decided: day, Note: "beware"}))
	r.ok(cnca, msg(&certificatev1.Unflag{Issuer: CQC, Number: "Q-4", Decided: day}))
	r.ok(cqc, r.message("revoke", q("Q-4")))
	r.decide(action(&certificatev1.ReverseDecision{Issuer: CQC, Number: "Q-4", Note: "an appeal", Record: r.head(q("Q-4")).Records}))
	r.is(q("Q-4"), rules.Valid, "")

	now := r.net.Now().Unix()
	r.decide(action(&governancev1.OpenImportWindow{Body: "cqc", From: now, Until: now + 86400, MaxRecords: 10}))
	old := certificate("OLD-1", "A010101", 0)
	old.FirstIssued, old.Issued, old.Expires = day-2000, day-2000, day-1000
	r.ok(cqc, msg(&certificatev1.Import{Certificate: old, Decided: day - 2000, Status: 1, Decisions: []*certificatev1.PastDecision{
		{Action: 3, Decided: day - 1900, Reason: "0116", SuspendedUntil: day - 1800}, {Action: 4, Decided: day - 1850},
	}}))
}

func goldenGovernance(r *register) {
	day := r.today()
	r.decide(
		action(&memberv1.AdmitMember{Member: "newcb", Profile: Profile("newcb"), Keys: keysOf("newcb/admin/1", "newcb/admin/2", "newcb/certifier", "newcb/approver")}),
		action(&memberv1.ApproveSchemes{Body: "newcb", Schemes: []string{"A01", "A02"}, From: day, Until: day + 1000}),
	)
	profile := Profile("newcb")
	profile.NameEn = "Another name"
	r.decide(action(&memberv1.AmendMember{Member: "newcb", Profile: profile}))
	r.decide(action(&memberv1.RestrictApproval{Body: "newcb", Grant: 1, Schemes: []string{"A02"}, Reason: "no staff"}))
	r.decide(action(&memberv1.RevokeApproval{Body: "newcb", Grant: 1, Reason: "no staff"}))
	r.decide(action(&memberv1.SuspendMember{Member: "newcb", Reason: "fees"}))
	r.decide(action(&memberv1.ReinstateMember{Member: "newcb", Reason: "paid"}))
	r.decide(action(&memberv1.RemoveMember{Member: "newcb", Reason: "it was dissolved"}))
	r.decide(action(&memberv1.NameCaretaker{Member: "newcb", Caretaker: "cqm"}), action(&certificatev1.ReleaseCertificates{Issuer: NewCB, Receiver: "cqm", Until: day + 100}))
	r.decide(action(&memberv1.RecoverKeys{Member: "maker", Keys: keysOf("maker/admin/g5")}))
	r.decide(action(&memberv1.DeclareCompromise{Key: public("maker/operator"), Since: r.net.Now().Unix()}))
	r.decide(action(&validatorv1.SetValidators{Changes: []*validatorv1.Change{{Change: &validatorv1.Change_SetPower{SetPower: &validatorv1.SetPower{Name: "val-02", Power: 12}}}}}))
	r.decide(action(&governancev1.SetParameters{Changes: []*governancev1.ParameterChange{{Parameter: 10, Value: 2}}}))
	r.decide(action(&governancev1.ScheduleUpgrade{Name: "second", Height: 1_000_000, AppVersion: 2}))
	r.decide(action(&governancev1.CancelUpgrade{Name: "second"}))

	suspend := action(&memberv1.SuspendMember{Member: "maker", Reason: "fees"})
	r.ok([]string{"cnca/approver"}, Propose(suspend))
	r.ok([]string{"samr-gd/approver"}, msg(&governancev1.Reject{Proposal: r.decided + 1}))
	r.ok([]string{"cnca/approver"}, msg(&governancev1.Withdraw{Proposal: r.decided + 1}))
	r.ok([]string{"cnca/approver"}, Propose(suspend)) // expires
	v := r.view()
	if p, _, err := v.Governance.Proposal(v, r.decided+2); err != nil || p.Status != governance.Open {
		r.Fatal(p.Status, err)
	}
	for range 45 { // the validators change
		r.to(civil.Date(r.today()))
	}
}
