package governance

import "github.com/hallmark-ledger/hallmark/store"

// Proposal returns a proposal. Ask it for its StatusAt the time of the block.
func (m *Module) Proposal(r store.Reader, number uint64) (Proposal, bool, error) {
	p, ok, err := proposals.Get(r, number)
	p.Number = number
	return p, ok, err
}

// Proposals returns up to limit proposals, by number, from one on.
func (m *Module) Proposals(r store.Reader, from uint64, limit int) (list []Proposal, err error) {
	err = proposals.ScanFrom(r, from, func(number uint64, p Proposal) (bool, error) {
		if len(list) >= limit {
			return false, nil
		}
		p.Number = number
		list = append(list, p)
		return true, nil
	})
	return list, err
}

// OpenProposals returns the numbers of up to limit proposals that are open, those
// that expire first before the others.
func (m *Module) OpenProposals(r store.Reader, limit int) (numbers []uint64, err error) {
	err = queue.Scan(r, func(k queueKey, _ struct{}) (bool, error) {
		if len(numbers) >= limit {
			return false, nil
		}
		numbers = append(numbers, k.proposal)
		return true, nil
	})
	return numbers, err
}

// Votes calls visit for every vote on a proposal, by regulator. Whether a vote
// counts depends on who is a regulator; see Tally. visit must not write.
func (m *Module) Votes(r store.Reader, number uint64, visit func(regulator string, v Vote) (more bool, err error)) error {
	return votes.ScanPart(r, store.AppendUint64(nil, number), nil, func(k voteKey, v Vote) (bool, error) {
		return visit(k.regulator, v)
	})
}

// Tally returns how the votes on an open proposal stand among the current
// regulators.
func (m *Module) Tally(r store.Reader, p Proposal) (Tally, error) {
	regulators, err := m.members.Regulators(r)
	if err != nil {
		return Tally{}, err
	}
	params, err := m.Params(r)
	if err != nil {
		return Tally{}, err
	}
	t, err := tally(r, p.Number, regulators)
	t.Needed = needed(params, p.Actions, t.Regulators)
	return t, err
}

// ImportWindows calls visit for every window that was opened for the body, the
// first before the others. visit must not write.
func (m *Module) ImportWindows(r store.Reader, body string, visit func(number uint64, w ImportWindow) (more bool, err error)) error {
	return windows.ScanPart(r, store.AppendText(nil, body), nil, func(k windowKey, w ImportWindow) (bool, error) {
		return visit(k.number, w)
	})
}
