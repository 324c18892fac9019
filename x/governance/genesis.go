package governance

import (
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/store"
)

// Genesis is the state of the module as JSON. A chain starts with parameters
// alone; everything may be left out.
type Genesis struct {
	// Parameters; those that are not named have their defaults.
	Parameters *Params           `json:"parameters,omitempty"`
	Proposals  []GenesisProposal `json:"proposals,omitempty"` // numbered from 1
	Windows    []GenesisWindow   `json:"import_windows,omitempty"`
	Upgrades   []GenesisUpgrade  `json:"upgrades,omitempty"`
}

// GenesisProposal is a Proposal and its votes.
type GenesisProposal struct {
	Number   uint64        `json:"number"`
	Proposer string        `json:"proposer"`
	Title    string        `json:"title"`
	Document string        `json:"document,omitempty"` // hexadecimal
	Actions  []string      `json:"actions"`            // each encoded as protobuf, hexadecimal
	Height   uint64        `json:"height"`
	Time     time.Time     `json:"time"`
	Expires  int64         `json:"expires"` // Unix seconds
	Status   Status        `json:"status"`  // number
	Closed   *GenesisClose `json:"closed,omitempty"`
	Votes    []GenesisVote `json:"votes,omitempty"` // by regulator
}

// GenesisClose is how a proposal ended.
type GenesisClose struct {
	Height        uint64    `json:"height"`
	Time          time.Time `json:"time"`
	Regulators    int       `json:"regulators,omitempty"`
	Needed        int       `json:"needed,omitempty"`
	Approvals     int       `json:"approvals,omitempty"`
	Rejections    int       `json:"rejections,omitempty"`
	FailureCode   uint32    `json:"failure_code,omitempty"`
	FailureAction int       `json:"failure_action,omitempty"`
	FailureDetail string    `json:"failure_detail,omitempty"`
}

// GenesisVote is a Vote.
type GenesisVote struct {
	Regulator string    `json:"regulator"`
	Approve   bool      `json:"approve"`
	Key       string    `json:"key"` // hexadecimal
	Height    uint64    `json:"height"`
	Time      time.Time `json:"time"`
}

// GenesisWindow is an ImportWindow.
type GenesisWindow struct {
	Body       string `json:"body"`
	Number     uint64 `json:"number"`
	From       int64  `json:"from"`
	Until      int64  `json:"until"`
	MaxRecords uint64 `json:"max_records"`
}

// GenesisUpgrade is an Upgrade.
type GenesisUpgrade struct {
	Height     uint64 `json:"height"`
	Name       string `json:"name"`
	AppVersion uint64 `json:"app_version"`
}

// InitGenesis writes g to an empty state. Its errors say what to correct.
func (m *Module) InitGenesis(rw store.ReadWriter, g *Genesis) error {
	err := g.write(rw)
	if err == nil {
		err = m.Check(rw)
	}
	if err != nil {
		return fmt.Errorf("governance genesis: %w", err)
	}
	return nil
}

func (g *Genesis) write(rw store.ReadWriter) error {
	params := DefaultParams()
	if g.Parameters != nil {
		params = *g.Parameters
	}
	if err := params.Check(); err != nil {
		return fmt.Errorf("parameters: %w", err)
	}
	if err := parameters.Set(rw, params); err != nil {
		return err
	}
	for i := range g.Proposals {
		if err := g.Proposals[i].write(rw); err != nil {
			return fmt.Errorf("proposal %d: %w", g.Proposals[i].Number, err)
		}
	}
	if n := uint64(len(g.Proposals)); n > 0 {
		if err := lastProposal.Set(rw, n); err != nil {
			return err
		}
	}
	for _, j := range g.Windows {
		if err := windows.Set(rw, windowKey{j.Body, j.Number}, ImportWindow{j.From, j.Until, j.MaxRecords}); err != nil {
			return err
		}
	}
	if n := uint64(len(g.Windows)); n > 0 {
		if err := lastWindow.Set(rw, n); err != nil {
			return err
		}
	}
	for _, j := range g.Upgrades {
		if err := upgrades.Set(rw, j.Height, Upgrade{Name: j.Name, AppVersion: j.AppVersion}); err != nil {
			return err
		}
	}
	return nil
}

func (j *GenesisProposal) write(rw store.ReadWriter) error {
	p := Proposal{
		Number: j.Number, Proposer: j.Proposer, Title: j.Title,
		Height: j.Height, Time: j.Time, Expires: j.Expires, Status: j.Status,
	}
	if j.Document != "" {
		if err := unhex(p.Document[:], j.Document); err != nil {
			return err
		}
	}
	for i, s := range j.Actions {
		b, err := hex.DecodeString(s)
		a := &governancev1.Action{}
		if err == nil {
			err = decode(b, a)
		}
		if err != nil {
			return fmt.Errorf("action %d: %w", i+1, err)
		}
		p.Actions = append(p.Actions, a)
	}
	if (j.Closed == nil) != (p.Status == Open) {
		return errors.New("closed goes with every status but open (1)")
	}
	if c := j.Closed; c != nil {
		p.Closed, p.ClosedTime = c.Height, c.Time
		p.Tally = Tally{c.Regulators, c.Needed, c.Approvals, c.Rejections}
		p.Failure = Failure{c.FailureCode, c.FailureAction, c.FailureDetail}
	} else {
		if err := queue.Set(rw, queueKey{p.Expires, p.Number}, struct{}{}); err != nil {
			return err
		}
		if err := count(rw, p.Proposer, +1); err != nil {
			return err
		}
	}
	if err := proposals.Set(rw, p.Number, p); err != nil {
		return err
	}
	for _, v := range j.Votes {
		vote := Vote{Approve: v.Approve, Height: v.Height, Time: v.Time}
		if err := unhex(vote.Key[:], v.Key); err != nil {
			return err
		}
		if err := votes.Set(rw, voteKey{p.Number, v.Regulator}, vote); err != nil {
			return err
		}
	}
	return nil
}

// unhex reads s into dst, which it must fill.
func unhex(dst []byte, s string) error {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(dst) || hex.EncodeToString(b) != s {
		return fmt.Errorf("%.100q is not %d lower-case hexadecimal digits", s, 2*len(dst))
	}
	copy(dst, b)
	return nil
}
