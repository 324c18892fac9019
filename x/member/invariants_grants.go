package member

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// check returns what is wrong with a grant by itself.
func (g *Grant) check() error {
	if (g.Mark == "") != (g.By == "") || (g.Mark == "") != (g.Number == "") {
		return errors.New("an accreditation has by, mark and number; an approval has none of them")
	}
	if g.Mark != "" {
		if MarkName(g.Mark) == "" {
			return fmt.Errorf("%.10q is no code of an accreditation mark", g.Mark)
		}
		if err := checkText("the number of an accreditation", g.Number, maxNumber); err != nil {
			return err
		}
	}
	if err := checkSchemes(g.Schemes); err != nil {
		return err
	}
	for i, s := range g.Steps {
		before := Grant{Mark: g.Mark, From: g.From, Until: g.Until, Schemes: g.Schemes, Steps: g.Steps[:i]}
		if !s.Date.Valid() || i > 0 && s.Date < g.Steps[i-1].Date || !before.may(s.Kind, s.Date) {
			return fmt.Errorf("%s on %s is out of order", s.Kind, s.Date)
		}
		if (s.Kind == StepRestrict) != (len(s.Schemes) > 0) {
			return errors.New("a restriction, and no other step, names schemes")
		}
	}
	return checkPeriod(g.From, g.Until)
}

func checkGrants(r store.Reader) error {
	var bodies, listed int
	var last place
	err := grants.Scan(r, func(k place, g Grant) (bool, error) {
		if k.member != last.member {
			bodies++
			last = place{member: k.member}
		}
		if k.n != last.n+1 {
			return false, fmt.Errorf("grant %d of %s stands where %d should", k.n, k.member, last.n+1)
		}
		last = k
		if n, _, err := grantCounts.Get(r, k.member); err != nil || n < k.n {
			return false, wrong(err, "%s has grant %d, but %d are counted", k.member, k.n, n)
		}
		if err := checkGrant(r, k, &g); err != nil {
			return false, fmt.Errorf("grant %d of %s: %w", k.n, k.member, err)
		}
		listed += len(g.Schemes)
		return true, nil
	})
	if err != nil {
		return err
	}
	err = grantCounts.Scan(r, func(body string, n uint64) (bool, error) {
		ok, err := grants.Has(r, place{body, n})
		if err == nil && !ok {
			err = fmt.Errorf("%s has fewer grants than %d", body, n)
		}
		return true, err
	})
	if err != nil {
		return err
	}
	if err := checkCount(r, "counts of grants", grantCounts.Prefix(), bodies); err != nil {
		return err
	}
	err = grantIndex.Scan(r, func(_ scope, numbers []uint64) (bool, error) {
		if !slices.IsSorted(numbers) || len(numbers) == 0 || len(numbers) > maxGrants {
			return false, fmt.Errorf("the list of grants %d is none", numbers)
		}
		listed -= len(numbers)
		return true, nil
	})
	if err == nil && listed != 0 {
		err = fmt.Errorf("%d entries too few in the lists of grants", listed)
	}
	return err
}

func checkGrant(r store.Reader, k place, g *Grant) error {
	if err := g.check(); err != nil {
		return err
	}
	for _, id := range []string{k.member, g.By} {
		if ok, err := members.Has(r, id); err != nil || id != "" && !ok {
			return wrong(err, "%q is no member", id)
		}
	}
	if len(g.Steps) > 0 && g.Steps[0].Date < civil.DateOf(g.Act.Time) {
		return errors.New("a step is older than the grant")
	}
	for _, scheme := range g.Schemes {
		list, _, err := grantIndex.Get(r, scope{k.member, g.Mark, scheme})
		if err != nil || !slices.Contains(list, k.n) {
			return wrong(err, "it is not listed for %s", scheme)
		}
	}
	return nil
}
