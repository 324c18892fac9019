package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/evidence"
	"github.com/hallmark-ledger/hallmark/x/governance"
	"github.com/hallmark-ledger/hallmark/x/member"
	"github.com/hallmark-ledger/hallmark/x/trace"
	"github.com/hallmark-ledger/hallmark/x/tx"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// Genesis is the state with which a chain begins: app_state of CometBFT's
// genesis file. A new chain names its members and their keys, its validators,
// and the parameters that are not to have their defaults:
//
//	{"member":     {"members": […], "keys": […], "grants": […]},
//	 "governance": {"parameters": {"quota_block": 20000}},
//	 "validator":  {"sets": [{"begin": 1, "validators": […]}],
//	                "consensus_keys": […], "seal_keys": […]}}
//
// What the parts look like is said with their types. Unknown fields are errors.
//
// An exported state has all parts, and Exported. It begins a chain of another
// name at the height after the one exported: heights in it go on.
type Genesis struct {
	Exported *Exported `json:"exported,omitempty"`

	Tx          tx.Genesis          `json:"tx,omitzero"`
	Member      member.Genesis      `json:"member"`
	Governance  governance.Genesis  `json:"governance,omitzero"`
	Validator   validator.Genesis   `json:"validator"`
	Certificate certificate.Genesis `json:"certificate,omitzero"`
	Evidence    evidence.Genesis    `json:"evidence,omitzero"`
	Trace       trace.Genesis       `json:"trace,omitzero"`
}

// Exported says which state was exported.
type Exported struct {
	ChainID string `json:"chain_id"`
	Height  uint64 `json:"height"`
}

// ParseGenesis reads the JSON of a Genesis.
func ParseGenesis(b []byte) (*Genesis, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	g := new(Genesis)
	if err := d.Decode(g); err != nil {
		return nil, fmt.Errorf("app_state: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("app_state: there is something after its end")
	}
	return g, nil
}

// init writes g to an empty state, and checks it as a whole. Its errors say what
// to correct.
func (g *Genesis) init(rw store.ReadWriter, m *Modules, chain string, initial uint64) error {
	if chain == "" || len(chain) > 50 {
		return errors.New("chain_id: a name of 1 to 50 bytes is needed")
	}
	if err := g.checkBegin(chain, initial); err != nil {
		return err
	}
	if err := chainID.Set(rw, chain); err != nil {
		return err
	}
	if err := m.Governance.InitGenesis(rw, &g.Governance); err != nil {
		return err
	}
	if err := m.Member.InitGenesis(rw, &g.Member); err != nil {
		return err
	}
	if err := tx.InitGenesis(rw, &g.Tx); err != nil {
		return err
	}
	if err := m.Validator.InitGenesis(rw, &g.Validator); err != nil {
		return err
	}
	if err := reserveKeys(rw, m); err != nil {
		return err
	}
	if err := m.Evidence.InitGenesis(rw, &g.Evidence); err != nil { // which certificates rest on
		return err
	}
	if err := m.Certificate.InitGenesis(rw, &g.Certificate); err != nil {
		return err
	}
	if err := m.Trace.InitGenesis(rw, &g.Trace); err != nil {
		return err
	}
	if err := m.Evidence.Check(rw); err != nil { // now that its subjects are there
		return fmt.Errorf("evidence genesis: %w", err)
	}
	return g.checkMembers(rw, m, initial)
}

// checkBegin checks that g may begin the chain at its first height.
func (g *Genesis) checkBegin(chain string, initial uint64) error {
	if e := g.Exported; e != nil {
		switch {
		case e.ChainID == chain:
			return fmt.Errorf("exported: the chain %q cannot begin again: choose a chain_id that was never used", chain)
		case initial != e.Height+1:
			return fmt.Errorf("initial_height is %d; a state exported at height %d begins at %d", initial, e.Height, e.Height+1)
		}
		return nil
	}
	if sets := g.Validator.Sets; len(sets) != 1 || sets[0].Begin != initial {
		return fmt.Errorf("validator: a new chain has one set of validators, which begins at initial_height, %d", initial)
	}
	return g.Validator.CheckProofs(chain)
}

// reserveKeys takes the keys of validators out of use for anything else.
func reserveKeys(rw store.ReadWriter, m *Modules) error {
	var list []func() error
	err := m.Validator.Keys(rw, func(id, purpose string, key []byte) error {
		key = bytes.Clone(key)
		list = append(list, func() error {
			if err := m.Member.ReserveGenesisKey(rw, id, purpose, key); err != nil {
				return fmt.Errorf("validator: key %x of %s: %w", key, id, err)
			}
			return nil
		})
		return nil
	})
	for _, reserve := range list {
		err = errors.Join(err, reserve())
	}
	return err
}

// checkMembers checks what lies between modules: that those who run validators
// are members who may.
func (g *Genesis) checkMembers(r store.Reader, m *Modules, initial uint64) error {
	set, err := m.Validator.SetAt(r, initial)
	if err != nil {
		return fmt.Errorf("validator: %w", err)
	}
	for _, v := range set.Validators {
		_, known, err := m.Member.Member(r, v.Member)
		if err != nil {
			return err
		}
		may, err := m.Member.MayValidate(r, v.Member)
		switch {
		case err != nil:
			return err
		case !known:
			return fmt.Errorf("validator: %s is run by %q, which is no member", v.Name, v.Member)
		case !may && g.Exported == nil:
			return fmt.Errorf("validator: %s is run by %q, which may not run one", v.Name, v.Member)
		}
	}
	return nil
}

// Export returns the state after a height that is retained, for the genesis of
// another chain.
func (a *App) Export(height uint64) (*Genesis, error) {
	r, err := a.View(height)
	if err != nil {
		return nil, err
	}
	chain, _, err := chainID.Get(r)
	if err != nil {
		return nil, err
	}
	g := &Genesis{Exported: &Exported{ChainID: chain, Height: height}}
	return g, errors.Join(
		part(&g.Tx, r, tx.ExportGenesis),
		part(&g.Member, r, r.Member.ExportGenesis),
		part(&g.Governance, r, r.Governance.ExportGenesis),
		part(&g.Validator, r, r.Validator.ExportGenesis),
		part(&g.Certificate, r, r.Certificate.ExportGenesis),
		part(&g.Evidence, r, r.Evidence.ExportGenesis),
		part(&g.Trace, r, r.Trace.ExportGenesis),
	)
}

func part[G any](to *G, r store.Reader, export func(store.Reader) (*G, error)) error {
	g, err := export(r)
	if err == nil {
		*to = *g
	}
	return err
}

// Check checks every invariant of the state in r, for tests and for operators.
func (m *Modules) Check(r store.Reader) error {
	return errors.Join(tx.Check(r), member.Check(r), m.Governance.Check(r), m.Validator.Check(r), m.Certificate.Check(r), m.Evidence.Check(r), m.Trace.Check(r))
}
