package light

import (
	"time"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/member"
)

// The modules whose queries answer claims, wired as in app: only queries are
// called, so what they need for messages is left out.
var (
	members      = member.New(nil)
	certificates = certificate.New(bodies{}, nil, nil, bodies{}, nil)
)

// bodies are the members as certificates see them.
type bodies struct{}

// Member implements certificate.Members.
func (bodies) Member(r store.Reader, id string) (certificate.Member, bool, error) {
	f, ok, err := members.Member(r, id)
	if err != nil || !ok {
		return certificate.Member{}, false, err
	}
	m := certificate.Member{
		Active: f.Status == member.StatusActive, Stopped: f.Stopped,
		ApprovalNumber: f.ApprovalNumber, Caretaker: f.Caretaker,
	}
	for _, role := range f.Roles {
		m.Roles = append(m.Roles, certificate.Role(role))
	}
	return m, true, nil
}

// ByApprovalNumber implements certificate.Members.
func (bodies) ByApprovalNumber(r store.Reader, number string) (id string, ok bool, err error) {
	return members.ByApprovalNumber(r, number)
}

// Covers implements certificate.Members.
func (bodies) Covers(r store.Reader, id, scheme string, on civil.Date) (bool, error) {
	return members.Covers(r, id, scheme, on)
}

// Accredited implements certificate.Members.
func (bodies) Accredited(r store.Reader, id, mark, scheme string, on civil.Date) (bool, error) {
	return members.Accredited(r, id, mark, scheme, on)
}

// CompromisedSince implements certificate.Compromise.
func (bodies) CompromisedSince(r store.Reader, key [33]byte) (time.Time, bool, error) {
	return members.CompromisedSince(r, key)
}
