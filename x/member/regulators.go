package member

import (
	"slices"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/store"
)

// Regulators returns the ids of the active regulators, ascending. A proposal's
// votes are counted among them.
func (m *Module) Regulators(r store.Reader) ([]string, error) { return regulators(r) }

func regulators(r store.Reader) (ids []string, err error) {
	err = roles.ScanPart(r, []byte{byte(RoleRegulator)}, nil, func(k roleKey, _ struct{}) (bool, error) {
		m, ok, err := members.Get(r, k.member)
		if ok && m.isRegulator() {
			ids = append(ids, k.member)
		}
		return true, err
	})
	return ids, err
}

// RegulatorsAfter returns what Regulators would return once the governed action
// was done, ascending; what Regulators returns if it is one that does not change
// them. Whether it can be done is not looked at.
func (m *Module) RegulatorsAfter(r store.Reader, action any) ([]string, error) {
	ids, err := regulators(r)
	if err != nil {
		return nil, err
	}
	var id string
	in := false
	switch a := action.(type) {
	case *memberv1.AdmitMember:
		id, in = a.GetMember(), isRegulator(a.GetProfile())
	case *memberv1.AmendMember:
		id, in = a.GetMember(), isRegulator(a.GetProfile())
	case *memberv1.ReinstateMember:
		id = a.GetMember()
		m, _, err := members.Get(r, id)
		if err != nil {
			return nil, err
		}
		in = slices.Contains(m.Roles, RoleRegulator)
	case *memberv1.SuspendMember:
		id = a.GetMember()
	case *memberv1.RemoveMember:
		id = a.GetMember()
	default:
		return ids, nil
	}
	if a, ok := action.(*memberv1.AmendMember); ok && in { // of a suspended member
		m, found, err := members.Get(r, a.Member)
		if err != nil {
			return nil, err
		}
		in = found && m.Status == StatusActive
	}
	at, was := slices.BinarySearch(ids, id)
	switch {
	case in && !was:
		ids = slices.Insert(ids, at, id)
	case !in && was:
		ids = slices.Delete(ids, at, at+1)
	}
	return ids, nil
}

func isRegulator(p *memberv1.Profile) bool {
	return slices.Contains(p.GetRoles(), memberv1.Role_ROLE_REGULATOR)
}
