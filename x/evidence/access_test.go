package evidence

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/x/exec"
)

// allowed has, for each member of the fixture and each of its subjects, the kinds
// that it may fix: report, inspection, audit, decision, capture, events,
// supervision, other. What is not here is refused by evidence_role.
var allowed = map[string]string{
	"samr certificate":    "report inspection audit decision capture events supervision other",
	"samr engagement":     "report inspection audit decision capture events supervision other",
	"samr product":        "report inspection audit decision capture events supervision other",
	"cqc certificate":     "report inspection audit decision capture other",
	"cqc engagement":      "report inspection audit decision capture other",
	"lab certificate":     "report capture",
	"lab engagement":      "report capture",
	"inspect certificate": "inspection capture",
	"inspect engagement":  "inspection capture",
	"maker certificate":   "capture other",
	"maker product":       "capture events other",
}

// TestEveryRight goes through every (role, subject, kind).
func TestEveryRight(t *testing.T) {
	done := 0
	for _, member := range []string{"samr", "cnas", "cqc", "lab", "inspect", "maker", "watch"} {
		for _, s := range []Subject{certificate, engagement, product} {
			for i := range 10 {
				w := newWorld(t)
				kind := Kind(i)
				err := w.try(w.anchor(member, kind, s))
				switch may := slices.Contains(strings.Fields(allowed[member+" "+s.Kind.String()]), kind.String()); {
				case i == 0 || i == 9:
					w.refuse(&codeMalformed, err)
				case may && err != nil:
					t.Errorf("%s, %v, %v: %v", member, s.Kind, kind, err)
				case may:
					done++
				default:
					w.refuse(&codeRole, err)
				}
			}
		}
	}
	if done != 8*3+6*2+2*2+2*2+2+3 {
		t.Errorf("%d were done", done)
	}
}

// TestTies breaks what connects each role with a subject.
func TestTies(t *testing.T) {
	for _, c := range []struct {
		member string
		kind   Kind
		s      Subject
		spoil  func(w *world)
		code   *exec.Code
	}{
		{"lab", Report, certificate, func(w *world) { delete(w.grants, "lab B01") }, &codeAccredited},
		{"lab", Report, engagement, func(w *world) { delete(w.grants, "lab B01") }, &codeAccredited},
		{"lab", Capture, OfEngagement("CNCA-R-2002-001", "A01", "1"), func(*world) {}, &codeAccredited},
		{"inspect", Inspection, certificate, func(w *world) { w.grants["inspect B01"] = false }, &codeAccredited},
		{"cqm", Audit, certificate, func(*world) {}, &codeIssuer},
		{"cqm", Audit, engagement, func(*world) {}, &codeIssuer},
		{"cqc", Audit, engagement, func(w *world) {
			w.members["cqc"].ApprovalNumber = ""
			w.members["cqm"].ApprovalNumber = engagement.Issuer
		}, &codeIssuer},
		{"cqm", Audit, certificate, func(w *world) { w.members["cqc"].Caretaker = "cqm" }, &codeIssuer}, // which has not ended
		{"cqm", Audit, certificate, func(w *world) { w.members["cqc"].Active = false }, &codeIssuer},    // another's caretaker
		{"trader", Other, certificate, func(*world) {}, &codeHolder},
		{"maker", Other, certificate, func(w *world) { w.members["maker"].Holder = "" }, &codeHolder},
		{"maker", Other, certificate, func(w *world) { w.certificates[certificate] = Certificate{"B01", ""}; w.members["maker"].Holder = "" }, &codeHolder},
		{"trader", Events, product, func(*world) {}, &codeReporter},
		{"samr", Supervision, OfCertificate("CNCA-R-2002-001", "NONE"), func(*world) {}, &codeUnknown},
		{"samr", Supervision, OfCertificate("CNCA-R-2002-009", "2023010911000001"), func(*world) {}, &codeUnknown},
		{"samr", Supervision, OfEngagement("CNCA-R-2002-009", "B01", "1"), func(*world) {}, &codeUnknown},
		{"samr", Supervision, OfProduct("https://id.gs1.org/01/09506000134352/10/LOT2"), func(*world) {}, &codeUnknown},
		{"samr", Supervision, certificate, func(w *world) { w.members["samr"].Active = false }, &codeInactive},
		{"nobody", Supervision, certificate, func(*world) {}, &codeInactive},
	} {
		w := newWorld(t)
		c.spoil(w)
		w.refuse(c.code, w.try(w.anchor(c.member, c.kind, c.s)))
	}
}

func TestMoreThanOneTie(t *testing.T) {
	w := newWorld(t)
	w.members["cqc"].Active, w.members["cqc"].Caretaker = false, "cqm"
	w.ok(w.anchor("cqm", Audit, certificate))
	w.products[product.Product] = Product{Owner: "maker", Reporters: []string{"trader"}}
	w.ok(w.anchor("trader", Events, product))
	// Two roles: the one that is not tied does not stand in the way.
	w.members["lab"].Roles = []Role{RoleCertificationBody, RoleLaboratory, RoleInspectionBody}
	w.ok(w.anchor("lab", Report, certificate))
	w.refuse(&codeIssuer, w.try(w.anchor("lab", Audit, certificate)))
}

func TestDuties(t *testing.T) {
	for _, duty := range []exec.Duty{exec.DutyAdmin, exec.DutyOperator, exec.DutyCertifier, exec.DutyApprover} {
		w := newWorld(t)
		msg := message(w.anchor("cqc", Audit, certificate))
		err := w.file("cqc", []exec.Signer{sign("cqc", duty), sign("samr", exec.DutyOperator)}, msg)
		if duty == exec.DutyAdmin { // another member's key is of no use
			w.refuse(&codeDuty, err)
		} else if err != nil {
			t.Errorf("%v: %v", duty, err)
		}
	}
}

func TestOthersEvidence(t *testing.T) {
	w := newWorld(t)
	msg := message(w.anchor("cqc", Audit, certificate))
	for _, actor := range []string{"samr", "cqm", "maker"} {
		w.refuse(&codeNotActor, w.file(actor, []exec.Signer{sign(actor, exec.DutyOperator), sign("cqc", exec.DutyOperator)}, msg))
	}
}

func ExampleSubject_String() {
	fmt.Println(certificate)
	fmt.Println(engagement)
	fmt.Println(product)
	// Output:
	// certificate/CNCA-R-2002-001/2023010911000001
	// engagement/CNCA-R-2002-001/B01/2026/0007-a
	// product/https://id.gs1.org/01/09506000134352/10/LOT1
}
