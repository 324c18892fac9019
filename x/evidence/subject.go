package evidence

import "strings"

// SubjectKind is what a subject is. The numbers are those of the fields of the
// protobuf message Subject.
type SubjectKind uint8

// The kinds of subjects.
const (
	CertificateSubject SubjectKind = 1
	EngagementSubject  SubjectKind = 2
	ProductSubject     SubjectKind = 3
)

var subjectNames = []string{"", "certificate", "engagement", "product"}

// String returns the name of the kind.
func (k SubjectKind) String() string { return name(subjectNames, uint8(k)) }

// Subject is what evidence is about. Parts that its kind does not have are empty.
type Subject struct {
	Kind      SubjectKind
	Issuer    string // approval number; of certificates and engagements
	Number    string // of a certificate
	Scheme    string // item code; of an engagement
	Reference string // of an engagement: the body's own
	Product   string // canonical URI
}

// OfCertificate is the subject that a certificate is.
func OfCertificate(issuer, number string) Subject {
	return Subject{Kind: CertificateSubject, Issuer: issuer, Number: number}
}

// OfEngagement is what a body has been asked to do, before there is a certificate.
func OfEngagement(issuer, scheme, reference string) Subject {
	return Subject{Kind: EngagementSubject, Issuer: issuer, Scheme: scheme, Reference: reference}
}

// OfProduct is the subject that a product is.
func OfProduct(uri string) Subject { return Subject{Kind: ProductSubject, Product: uri} }

// String writes a subject as ParseSubject reads it:
//
//	certificate/ISSUER/NUMBER
//	engagement/ISSUER/SCHEME/REFERENCE
//	product/URI
func (s Subject) String() string {
	switch s.Kind {
	case CertificateSubject:
		return "certificate/" + s.Issuer + "/" + s.Number
	case EngagementSubject:
		return "engagement/" + s.Issuer + "/" + s.Scheme + "/" + s.Reference
	case ProductSubject:
		return "product/" + s.Product
	}
	return "unknown"
}

// ParseSubject reads a subject in words and checks its form; the error is a
// refusal. That it is on the ledger is another question.
func ParseSubject(text string) (Subject, error) {
	kind, rest, _ := strings.Cut(text, "/")
	var s Subject
	switch kind {
	case "certificate":
		issuer, number, _ := strings.Cut(rest, "/")
		s = OfCertificate(issuer, number)
	case "engagement":
		parts := strings.SplitN(rest, "/", 3)
		parts = append(parts, "", "")
		s = OfEngagement(parts[0], parts[1], parts[2])
	case "product":
		s = OfProduct(rest)
	default:
		return s, codeMalformed.Refuse("subject %.60q: it begins with certificate/, engagement/ or product/", text)
	}
	return s, s.Check()
}

// Check refuses a subject that cannot be: parts of its kind that are missing or
// malformed.
func (s Subject) Check() error {
	if s != s.own() {
		return codeMalformed.Refuse("subject: parts of several kinds")
	}
	if s.Kind == ProductSubject {
		if !clean(s.Product, 1, MaxProduct) {
			return codeMalformed.Refuse("subject: a product is a URI of 1 to %d bytes", MaxProduct)
		}
		return nil
	}
	if s.Kind != CertificateSubject && s.Kind != EngagementSubject {
		return codeMalformed.Refuse("subject: none, or of an unknown kind")
	}
	if !consists(s.Issuer, 24, upper+"-") {
		return codeMalformed.Refuse("subject: the approval number %.40q", s.Issuer)
	}
	if s.Kind == CertificateSubject {
		if !consists(s.Number, 60, upper+"/_.()-") {
			return codeMalformed.Refuse("subject: the number %.80q", s.Number)
		}
		return nil
	}
	if !scheme(s.Scheme) {
		return codeMalformed.Refuse("subject: the item code %.20q, which is as A010101, B01 or C0101", s.Scheme)
	}
	if !consists(s.Reference, MaxReference, upper+lower+"/_.()-") {
		return codeMalformed.Refuse("subject: the reference %.80q: 1 to %d of 0-9 A-Z a-z / _ . ( ) -", s.Reference, MaxReference)
	}
	return nil
}

// own returns s with the parts of its kind alone.
func (s Subject) own() Subject {
	switch s.Kind {
	case CertificateSubject:
		return OfCertificate(s.Issuer, s.Number)
	case EngagementSubject:
		return OfEngagement(s.Issuer, s.Scheme, s.Reference)
	case ProductSubject:
		return OfProduct(s.Product)
	}
	return Subject{Kind: s.Kind}
}
