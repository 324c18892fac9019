package governance

import (
	"errors"

	"github.com/hallmark-ledger/hallmark/store"
)

// Check derives and compares what the module's state says more than once:
//
//   - the parameters are within their bounds;
//   - proposals are numbered from 1 to the last, each by a member or by nobody,
//     with a title and actions; what is said of its end fits its status, and its tally the
//     decision;
//   - the open ones, and no others, wait to expire and are counted for their
//     proposers;
//   - each vote is on a proposal;
//   - import windows are numbered from 1 to the last, and those of a body do not
//     overlap;
//   - upgrades have names of their own, and versions that rise with the heights.
//
// The error says what does not hold.
func (m *Module) Check(r store.Reader) error {
	_, err := m.Params(r)
	return errors.Join(err, m.checkProposals(r), checkVotes(r), checkWindows(r), checkUpgrades(r))
}

func (m *Module) checkProposals(r store.Reader) error {
	var n, waiting uint64
	open, raised := 0, 0   // raised: without a proposer
	var proposers []string // of the open ones, each time
	err := proposals.Scan(r, func(number uint64, p Proposal) (bool, error) {
		n++
		p.Number = number
		if err := p.check(); err != nil {
			return false, err
		}
		if number != n {
			return false, corrupt("proposal %d is missing", n)
		}
		listed, err := queue.Has(r, queueKey{p.Expires, number})
		if err != nil {
			return false, err
		}
		if listed != (p.Status == Open) {
			return false, corrupt("proposal %d is %s, and waits to expire: %v", number, p.Status, listed)
		}
		if p.Status == Open {
			open++
			if p.Proposer == "" {
				raised++
			}
			proposers = append(proposers, p.Proposer)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	if last, _, err := lastProposal.Get(r); err != nil || last != n {
		return errors.Join(err, corrupt("%d proposals, the last is %d", n, last))
	}
	err = queue.Scan(r, func(queueKey, struct{}) (bool, error) { waiting++; return true, nil })
	if err == nil && waiting != uint64(open) {
		err = corrupt("%d proposals are open, %d wait to expire", open, waiting)
	}
	if err != nil {
		return err
	}
	open -= raised
	err = openOf.Scan(r, func(proposer string, count uint64) (bool, error) {
		has := uint64(0)
		for _, p := range proposers {
			if p == proposer {
				has++
			}
		}
		open -= int(has)
		if proposer == "" || has == 0 || has != count {
			return false, corrupt("%s has %d open proposals, counted %d", proposer, has, count)
		}
		return true, nil
	})
	if err == nil && open != 0 {
		err = corrupt("%d open proposals are not counted for their proposers", open)
	}
	return err
}

// check holds a proposal against itself.
func (p *Proposal) check() error {
	decided := p.Status == Executed || p.Status == Failed || p.Status == Rejected
	switch {
	case p.Proposer != "" && !isSlug(p.Proposer) || checkText(p.Title, maxTitle) != nil || len(p.Actions) == 0 || len(p.Actions) > MaxActions || p.Expires <= p.Time.Unix():
		return corrupt("proposal %d could not have been made", p.Number)
	case (p.Status == Open) != p.ClosedTime.IsZero() || p.Status == Open && p.Closed != 0:
		return corrupt("proposal %d is %s and was closed at %s", p.Number, p.Status, p.ClosedTime)
	case decided == (p.Tally == Tally{}):
		return corrupt("proposal %d is %s after the votes %+v", p.Number, p.Status, p.Tally)
	case (p.Status == Executed || p.Status == Failed) && !p.Tally.approved(), p.Status == Rejected && !p.Tally.dead():
		return corrupt("proposal %d is %s after the votes %+v", p.Number, p.Status, p.Tally)
	case decided && 2*p.Tally.Needed <= p.Tally.Regulators:
		return corrupt("proposal %d needed only %d of %d", p.Number, p.Tally.Needed, p.Tally.Regulators)
	case (p.Status == Failed) != (p.Failure.Code != 0):
		return corrupt("proposal %d is %s with the failure %+v", p.Number, p.Status, p.Failure)
	}
	for i, a := range p.Actions {
		if (Threshold{KindOf(a), 1, 1}).check() != nil {
			return corrupt("proposal %d: action %d says nothing", p.Number, i+1)
		}
	}
	return nil
}

func checkVotes(r store.Reader) error {
	return votes.Scan(r, func(k voteKey, _ Vote) (bool, error) {
		ok, err := proposals.Has(r, k.proposal)
		if err == nil && (!ok || !isSlug(k.regulator)) {
			err = corrupt("%q voted on proposal %d", k.regulator, k.proposal)
		}
		return true, err
	})
}

func checkWindows(r store.Reader) error {
	var n uint64
	seen := make(map[uint64]bool)
	var body string
	var of []ImportWindow
	err := windows.Scan(r, func(k windowKey, w ImportWindow) (bool, error) {
		if k.body != body {
			body, of = k.body, nil
		}
		if !isSlug(k.body) || w.From < 0 || w.Until <= w.From || w.MaxRecords == 0 || k.number == 0 || seen[k.number] {
			return false, corrupt("import window %d of %q could not have been opened", k.number, k.body)
		}
		for _, o := range of {
			if w.From < o.Until && o.From < w.Until {
				return false, corrupt("import window %d of %s overlaps another", k.number, k.body)
			}
		}
		seen[k.number] = true
		of = append(of, w)
		n++
		return true, nil
	})
	if err != nil {
		return err
	}
	last, _, err := lastWindow.Get(r)
	for i := range n {
		if !seen[i+1] {
			err = errors.Join(err, corrupt("import window %d is missing", i+1))
		}
	}
	if err == nil && last != n {
		err = corrupt("%d import windows, the last is %d", n, last)
	}
	return err
}

func checkUpgrades(r store.Reader) error {
	names := make(map[string]bool)
	version := uint64(0)
	return upgrades.Scan(r, func(height uint64, u Upgrade) (bool, error) {
		if !isSlug(u.Name) || names[u.Name] || height == 0 || u.AppVersion <= version {
			return false, corrupt("the upgrade %q to version %d at %d could not have been scheduled", u.Name, u.AppVersion, height)
		}
		names[u.Name], version = true, u.AppVersion
		return true, nil
	})
}
