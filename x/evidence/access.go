package evidence

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// right says that a role fixes evidence of some kinds about a kind of subject, if
// it is tied to the subject.
type right struct {
	role    Role
	subject SubjectKind
	kinds   []Kind
	tie     tie
}

// tie is what connects a member with a subject.
type tie uint8

const (
	none       tie = 0 // it may be any
	accredited tie = 1 // an accreditation in force today covers its scheme
	issuer     tie = 2 // it is the body's own, or that of one whose caretaker it is
	holder     tie = 3 // the member holds the certificate
	reporter   tie = 4 // the member owns the product, or is one of its reporters
)

var (
	ofRegulators   = []Kind{Report, Inspection, Audit, Decision, Capture, Events, Supervision, Other}
	ofBodies       = []Kind{Report, Inspection, Audit, Decision, Capture, Other}
	ofLaboratories = []Kind{Report, Capture}
	ofInspectors   = []Kind{Inspection, Capture}
)

// rights is the table of who may fix what. What is not in it is refused.
var rights = []right{
	{RoleRegulator, CertificateSubject, ofRegulators, none},
	{RoleRegulator, EngagementSubject, ofRegulators, none},
	{RoleRegulator, ProductSubject, ofRegulators, none},
	{RoleCertificationBody, CertificateSubject, ofBodies, issuer},
	{RoleCertificationBody, EngagementSubject, ofBodies, issuer},
	{RoleLaboratory, CertificateSubject, ofLaboratories, accredited},
	{RoleLaboratory, EngagementSubject, ofLaboratories, accredited},
	{RoleInspectionBody, CertificateSubject, ofInspectors, accredited},
	{RoleInspectionBody, EngagementSubject, ofInspectors, accredited},
	{RoleOperator, CertificateSubject, []Kind{Capture, Other}, holder},
	{RoleOperator, ProductSubject, []Kind{Capture, Events, Other}, reporter},
}

// duties are those of keys that fix evidence.
var duties = []exec.Duty{exec.DutyOperator, exec.DutyCertifier, exec.DutyApprover}

// subject is what is known of a subject that is on the ledger.
type subject struct {
	scheme  string  // of certificates and engagements
	holder  string  // of certificates
	issuer  string  // member id of the body
	product Product // of products
}

// find looks a subject up, and refuses one that is not on the ledger.
func (m *Module) find(r store.Reader, s Subject) (found subject, err error) {
	ok := true
	switch s.Kind {
	case CertificateSubject:
		var c Certificate
		c, ok, err = m.certificates.Certificate(r, s.Issuer, s.Number)
		found.scheme, found.holder = c.Scheme, c.Holder
	case EngagementSubject:
		found.scheme = s.Scheme
	case ProductSubject:
		found.product, ok, err = m.products.Product(r, s.Product)
	}
	if err == nil && ok && s.Kind != ProductSubject {
		found.issuer, ok, err = m.members.ByApprovalNumber(r, s.Issuer)
	}
	if err == nil && !ok {
		err = codeUnknown.Refuse("%.300s", s)
	}
	return found, err
}

// permit refuses an anchor that the actor may not file. One role that may is
// enough.
func (m *Module) permit(c *exec.Context, a *Anchor) error {
	member, ok, err := m.members.Member(c.Store, c.Actor)
	switch {
	case err != nil:
		return err
	case a.Member != c.Actor:
		return codeNotActor.Refuse("evidence of %.60q, %s acts", a.Member, c.Actor)
	case !ok || !member.Active:
		return codeInactive.Refuse("%s", c.Actor)
	case !slices.ContainsFunc(c.Signers, func(s exec.Signer) bool { return s.Member == c.Actor && slices.Contains(duties, s.Duty) }):
		return codeDuty.Refuse("no such key of %s has signed", c.Actor)
	}
	var may []right
	for _, r := range rights {
		if slices.Contains(member.Roles, r.role) && r.subject == a.Subject.Kind && slices.Contains(r.kinds, a.Kind) {
			may = append(may, r)
		}
	}
	if len(may) == 0 {
		return codeRole.Refuse("%s: %v about a subject of kind %v", c.Actor, a.Kind, a.Subject.Kind)
	}
	found, err := m.find(c.Store, a.Subject)
	if err != nil {
		return err
	}
	var refusal error
	for _, r := range may {
		err := m.tied(c, r.tie, &member, &found, a.Subject)
		if _, refused := exec.AsRefusal(err); err == nil || !refused {
			return err
		}
		if refusal == nil {
			refusal = err
		}
	}
	return refusal
}

// tied refuses a subject that the actor has no tie to.
func (m *Module) tied(c *exec.Context, t tie, member *Member, found *subject, s Subject) error {
	switch t {
	case accredited:
		ok, err := m.members.Accredited(c.Store, c.Actor, found.scheme, c.Today())
		if err == nil && !ok {
			err = codeAccredited.Refuse("%s on %v: %s", c.Actor, c.Today(), found.scheme)
		}
		return err
	case issuer:
		if member.ApprovalNumber != "" && member.ApprovalNumber == s.Issuer {
			return nil
		}
		owner, ok, err := m.members.Member(c.Store, found.issuer)
		if err == nil && (!ok || owner.Active || owner.Caretaker != c.Actor) {
			err = codeIssuer.Refuse("%s is not %s", c.Actor, s.Issuer)
		}
		return err
	case holder:
		if member.Holder == "" || member.Holder != found.holder {
			return codeHolder.Refuse("%s does not hold %s", c.Actor, s)
		}
	case reporter:
		if !found.product.reports(c.Actor) {
			return codeReporter.Refuse("%s does not report %.300s", c.Actor, s)
		}
	case none:
	}
	return nil
}
