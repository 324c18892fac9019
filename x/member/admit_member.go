package member

import (
	"slices"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateAdmitMember(action *memberv1.AdmitMember) (Profile, []newKey, error) {
	p := decodeProfile(action.GetProfile())
	if err := CheckID(action.GetMember()); err != nil {
		return p, nil, err
	}
	if err := p.check(); err != nil {
		return p, nil, err
	}
	list, err := checkNewKeys(action.GetKeys(), maxAdmittedKeys)
	return p, list, err
}

// ApplyAdmitMember admits an institution. Its keys can be used at once: they
// were to be seen in the proposal.
func (m *Module) ApplyAdmitMember(c *exec.Context, action *memberv1.AdmitMember) error {
	profile, list, err := validateAdmitMember(action)
	if err != nil {
		return malformed(err)
	}
	id := action.Member
	if taken, err := members.Has(c.Store, id); err != nil {
		return err
	} else if taken {
		return codeMemberExists.Refuse("%s", id)
	}
	if n := holdersOf(list, exec.DutyAdmin); n < quorum(profile.Roles) {
		return codeAdminsTooFew.Refuse("%d people with admin keys, %s needs %d", n, id, quorum(profile.Roles))
	}
	act := byGovernance(c)
	next := Member{Profile: profile, Status: StatusActive, Change: ChangeAdmit, Act: act}
	if err := put(c.Store, id, Member{}, next); err != nil {
		return err
	}
	c.Emit(EventAdmitted, AttrMember, id, AttrVersion, count(1))
	return enrol(c, id, profile.Roles, list, 0, Key{}, act)
}

// holdersOf counts the people who are to hold keys of the duty.
func holdersOf(list []newKey, duty exec.Duty) int {
	var holders []string
	for _, k := range list {
		if k.duty == duty && !slices.Contains(holders, k.holder) {
			holders = append(holders, k.holder)
		}
	}
	return len(holders)
}
