package member

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/store"
)

// Check derives every fact that is kept twice and returns how the state is not
// what the handlers make, nil if it is. It takes time that grows with the state.
func Check(r store.Reader) error {
	for _, check := range []func(store.Reader) error{checkMembers, checkKeys, checkAdmins, checkGrants} {
		if err := check(r); err != nil {
			return fmt.Errorf("member: %w", err)
		}
	}
	return nil
}

// wrong is err if there is one: a fault of the store is no finding.
func wrong(err error, finding string, args ...any) error {
	if err != nil {
		return err
	}
	return fmt.Errorf(finding, args...)
}

// check returns what is wrong with a version by itself.
func (m *Member) check() error {
	if err := m.Profile.check(); err != nil {
		return err
	}
	if m.Reason != "" {
		if err := checkText("the reason", m.Reason, maxReason); err != nil {
			return err
		}
	}
	if m.Caretaker != "" && m.Status == StatusActive {
		return errors.New("an active member has no caretaker")
	}
	return nil
}

func checkMembers(r store.Reader) error {
	var total, roleCount, registered, approved, regulating int
	err := members.Scan(r, func(id string, m Member) (bool, error) {
		n, err := checkVersions(r, id, m)
		if err != nil {
			return false, fmt.Errorf("%s: %w", id, err)
		}
		total += n
		for _, role := range m.Roles {
			roleCount++
			if ok, err := roles.Has(r, roleKey{role, id}); err != nil || !ok {
				return false, wrong(err, "%s is not listed as %s", id, role)
			}
		}
		if m.Status != StatusRemoved {
			registered++
			if owner, _, err := registrations.Get(r, registrationOf(&m.Profile)); err != nil || owner != id {
				return false, wrong(err, "the registration of %s is listed as of %q", id, owner)
			}
		}
		if m.ApprovalNumber != "" {
			approved++
			if owner, _, err := approvals.Get(r, m.ApprovalNumber); err != nil || owner != id {
				return false, wrong(err, "%s of %s is listed as of %q", m.ApprovalNumber, id, owner)
			}
		}
		if ok, err := members.Has(r, m.Caretaker); err != nil || m.Caretaker != "" && !ok {
			return false, wrong(err, "%s has the caretaker %s, which is no member", id, m.Caretaker)
		}
		if m.isRegulator() {
			regulating++
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	if regulating == 0 {
		return errors.New("no member is an active regulator")
	}
	for _, c := range []struct {
		what   string
		prefix string
		want   int
	}{
		{"versions", versions.Prefix(), total}, {"roles", roles.Prefix(), roleCount},
		{"registrations", registrations.Prefix(), registered}, {"approval numbers", approvals.Prefix(), approved},
	} {
		if err := checkCount(r, c.what, c.prefix, c.want); err != nil {
			return err
		}
	}
	return nil
}

// checkCount counts the entries of an index.
func checkCount(r store.Reader, what, prefix string, want int) error {
	n := 0
	err := r.Scan([]byte(prefix), nil, func(_, _ []byte) (bool, error) { n++; return true, nil })
	if err == nil && n != want {
		err = fmt.Errorf("%d %s, want %d", n, what, want)
	}
	return err
}

// checkVersions checks that the versions of a member lead to m, step by legal
// step, and returns their number.
func checkVersions(r store.Reader, id string, m Member) (n int, err error) {
	var last Member
	err = versions.ScanPart(r, store.AppendText(nil, id), nil, func(k place, v Member) (bool, error) {
		n++
		switch {
		case k.n != uint64(n) || v.Version != k.n:
			return false, fmt.Errorf("version %d stands where %d should", k.n, n)
		case n == 1 && v.Change != ChangeAdmit:
			return false, fmt.Errorf("it began with %s", v.Change)
		case n > 1 && (!last.may(v.Change) || v.Act.Time.Before(last.Act.Time)):
			return false, fmt.Errorf("version %d: %s after %s", n, v.Change, last.standing())
		case last.ApprovalNumber != "" && v.ApprovalNumber != last.ApprovalNumber:
			return false, errors.New("its approval number has changed")
		}
		last = v
		return true, v.check()
	})
	if err != nil {
		return n, err
	}
	if !same(memberCodec, last, m) {
		return n, errors.New("the last version is not the current one")
	}
	return n, nil
}

// same reports whether two values have one encoding.
func same[V any](codec store.ValueFuncs[V], a, b V) bool {
	x, err := codec.EncodeValue(a)
	y, err2 := codec.EncodeValue(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}
