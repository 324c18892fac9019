package member

import (
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// give adds a grant to those of a body and returns its number.
func give(rw store.ReadWriter, body string, g Grant) (uint64, error) {
	n, _, err := grantCounts.Get(rw, body)
	if err != nil {
		return 0, err
	}
	n++
	if err := grantCounts.Set(rw, body, n); err != nil {
		return 0, err
	}
	if err := grants.Set(rw, place{body, n}, g); err != nil {
		return 0, err
	}
	return n, indexGrant(rw, body, n, &g)
}

// indexGrant lists the grant under each scheme that it names.
func indexGrant(rw store.ReadWriter, body string, n uint64, g *Grant) error {
	for _, scheme := range g.Schemes {
		at := scope{body, g.Mark, scheme}
		list, _, err := grantIndex.Get(rw, at)
		if err != nil {
			return err
		}
		if len(list) >= maxGrants {
			return codeTooManyGrants.Refuse("%d name %s", len(list), scheme)
		}
		if err := grantIndex.Set(rw, at, append(list, n)); err != nil {
			return err
		}
	}
	return nil
}

// inForce reports whether a grant of the body covers the scheme at the end of
// the day: an accreditation that backs the mark, or an approval if mark is
// empty. A body that had been removed by then has none.
func inForce(r store.Reader, body, mark, scheme string, on civil.Date) (bool, error) {
	m, ok, err := seenMembers.Get(r, body)
	if err != nil || !ok {
		return false, err
	}
	if m.Status == StatusRemoved {
		if day, err := removedOn(r, body, m.Version); err != nil || day <= on {
			return false, err
		}
	}
	for _, p := range prefixes(scheme) {
		list, _, err := seenIndex.Get(r, scope{body, mark, p})
		if err != nil {
			return false, err
		}
		for i := len(list) - 1; i >= 0; i-- { // the newest is the likeliest
			g, ok, err := seenGrants.Get(r, place{body, list[i]})
			if err != nil {
				return false, err
			}
			if ok && g.InForce(scheme, on) {
				return true, nil
			}
		}
	}
	return false, nil
}

// removedOn returns the day on which a member that is removed was, none if that
// is older than the ledger. It reads single keys, so that a proof of each shows it
// to who has no more.
func removedOn(r store.Reader, id string, last uint64) (day civil.Date, err error) {
	for n := uint64(1); n <= last; n++ {
		m, ok, err := versions.Get(r, place{id, n})
		if err != nil {
			return 0, err
		}
		if !ok {
			continue
		}
		if day = civil.DateOf(m.Act.Time); m.Change == ChangeRemove {
			break
		}
	}
	return day, nil
}

// step adds what becomes of a grant from today on. The number of steps is
// limited, but for those that end a suspension or the grant.
func step(c *exec.Context, body string, n uint64, g Grant, s Step) error {
	today := c.Today()
	if !g.may(s.Kind, today) {
		return codeGrantState.Refuse("it is %s", g.state(today))
	}
	if len(g.Steps) >= maxSteps && (s.Kind == StepSuspend || s.Kind == StepRestrict) {
		return codeTooManyGrants.Refuse("%d steps were taken", len(g.Steps))
	}
	s.Date = today
	g.Steps = append(g.Steps, s)
	return grants.Set(c.Store, place{body, n}, g)
}

// grantOf returns a grant of a body, or a refusal; approval says which kind it
// must be.
func grantOf(r store.Reader, body string, n uint64, approval bool) (Grant, error) {
	if _, err := find(r, body); err != nil {
		return Grant{}, err
	}
	g, ok, err := grants.Get(r, place{body, n})
	switch {
	case err != nil:
		return g, err
	case !ok:
		return g, codeUnknownGrant.Refuse("%s has no number %d", body, n)
	case approval && g.Mark != "":
		return g, codeUnknownGrant.Refuse("number %d of %s is an accreditation", n, body)
	case !approval && g.Mark == "":
		return g, codeUnknownGrant.Refuse("number %d of %s is an approval", n, body)
	}
	return g, nil
}
