package governance

import (
	"encoding/hex"

	"github.com/hallmark-ledger/hallmark/store"
)

// ExportGenesis returns what InitGenesis makes the same state from.
func (m *Module) ExportGenesis(r store.Reader) (*Genesis, error) {
	params, err := m.Params(r)
	if err != nil {
		return nil, err
	}
	g := &Genesis{Parameters: &params}
	err = proposals.Scan(r, func(number uint64, p Proposal) (bool, error) {
		p.Number = number
		j, err := m.export(r, p)
		g.Proposals = append(g.Proposals, j)
		return true, err
	})
	if err != nil {
		return nil, err
	}
	err = windows.Scan(r, func(k windowKey, w ImportWindow) (bool, error) {
		g.Windows = append(g.Windows, GenesisWindow{k.body, k.number, w.From, w.Until, w.MaxRecords})
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	err = upgrades.Scan(r, func(height uint64, u Upgrade) (bool, error) {
		g.Upgrades = append(g.Upgrades, GenesisUpgrade{height, u.Name, u.AppVersion})
		return true, nil
	})
	return g, err
}

func (m *Module) export(r store.Reader, p Proposal) (GenesisProposal, error) {
	j := GenesisProposal{
		Number: p.Number, Proposer: p.Proposer, Title: p.Title,
		Height: p.Height, Time: p.Time, Expires: p.Expires, Status: p.Status,
	}
	if !p.Document.IsZero() {
		j.Document = p.Document.String()
	}
	for _, a := range p.Actions {
		b, err := encode(a)
		if err != nil {
			return j, err
		}
		j.Actions = append(j.Actions, hex.EncodeToString(b))
	}
	if p.Status != Open {
		j.Closed = &GenesisClose{
			p.Closed, p.ClosedTime, p.Tally.Regulators, p.Tally.Needed, p.Tally.Approvals, p.Tally.Rejections,
			p.Failure.Code, p.Failure.Action, p.Failure.Detail,
		}
	}
	err := m.Votes(r, p.Number, func(regulator string, v Vote) (bool, error) {
		j.Votes = append(j.Votes, GenesisVote{regulator, v.Approve, hex.EncodeToString(v.Key[:]), v.Height, v.Time})
		return true, nil
	})
	return j, err
}
