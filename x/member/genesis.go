package member

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Genesis is the members as a genesis file states them. For a new ledger a
// member needs id and profile, a key key, member, duty and holder; what else
// there is comes from an exported state:
//
//	{"members": [{"id": "cnca", "name_zh": "国家认证认可监督管理委员会", "uscc": "…",
//	              "roles": ["regulator"], "region": "110000"}],
//	 "keys": [{"key": "02…", "member": "cnca", "duty": "admin", "holder": "a1"}],
//	 "grants": [{"body": "cqc", "schemes": ["A01"], "from": "2020-01-01", "until": "2026-01-01"}]}
//
// Times are RFC 3339, dates are of Beijing, keys and hashes hexadecimal.
type Genesis struct {
	Members []GenesisMember `json:"members"`
	Keys    []GenesisKey    `json:"keys"`
	// Grants are the approvals (without by and mark) and accreditations, those
	// of one body in order of their numbers.
	Grants []GenesisGrant `json:"grants,omitempty"`
	// Reserved are the keys that ReserveKey recorded. For a new ledger, those
	// whose keys they are reserve them.
	Reserved []GenesisReservation `json:"reserved,omitempty"`
}

// GenesisMember is a member: its current version, and those before.
type GenesisMember struct {
	ID      string   `json:"id"`
	Member           // status "active" and change "admit" unless it says otherwise
	Earlier []Member `json:"earlier,omitempty"`
}

// GenesisKey is a registered key.
type GenesisKey struct {
	Key  Key    `json:"key"`
	Duty string `json:"duty"` // admin, operator, certifier, approver
	KeyRecord
}

// GenesisGrant is an approval or an accreditation.
type GenesisGrant struct {
	Body  string `json:"body"`
	From  string `json:"from"`
	Until string `json:"until"`
	Grant
	Steps []GenesisStep `json:"steps,omitempty"`
}

// GenesisStep is what became of a grant.
type GenesisStep struct {
	Date string `json:"date"`
	Step
}

// GenesisReservation is a reserved key.
type GenesisReservation struct {
	Key hexBytes `json:"key"`
	Reservation
}

// InitGenesis writes g to a state that has no members, and checks the whole.
// The error says what in g is to be mended.
func (m *Module) InitGenesis(rw store.ReadWriter, g *Genesis) error {
	for i := range g.Members {
		if err := initMember(rw, g.Members[i]); err != nil {
			return fmt.Errorf("genesis: member %q: %w", g.Members[i].ID, err)
		}
	}
	for i := range g.Keys {
		if err := initKey(rw, g.Keys[i]); err != nil {
			return fmt.Errorf("genesis: key %s: %w", g.Keys[i].Key, err)
		}
	}
	for i := range g.Grants {
		if err := initGrant(rw, g.Grants[i]); err != nil {
			return fmt.Errorf("genesis: grant %d, of body %q: %w", i, g.Grants[i].Body, err)
		}
	}
	for _, r := range g.Reserved {
		if err := reserve(rw, r.Reservation, r.Key); err != nil {
			return fmt.Errorf("genesis: reserved key %x: %w", r.Key, err)
		}
	}
	if err := Check(rw); err != nil {
		return fmt.Errorf("genesis: %w", err)
	}
	return nil
}

func initMember(rw store.ReadWriter, g GenesisMember) error {
	if err := CheckID(g.ID); err != nil {
		return err
	}
	if has, err := members.Has(rw, g.ID); err != nil || has {
		return wrong(err, "the id stands there twice")
	}
	current := g.Member
	if current.Status == 0 {
		current.Status = StatusActive
	}
	if current.Change == 0 {
		current.Change = ChangeAdmit
	}
	for i, v := range append(g.Earlier[:len(g.Earlier):len(g.Earlier)], current) {
		if err := v.check(); err != nil {
			return err
		}
		v.Version = uint64(i) + 1
		if err := versions.Set(rw, place{g.ID, v.Version}, v); err != nil {
			return err
		}
		current.Version = v.Version
	}
	if err := indexMember(rw, g.ID, &Member{}, &current); err != nil {
		return err
	}
	return members.Set(rw, g.ID, current)
}

func initKey(rw store.ReadWriter, g GenesisKey) (err error) {
	k := g.KeyRecord
	if k.Duty, err = dutyNamed(g.Duty); err != nil {
		return err
	}
	if _, err := parseKey(g.Key[:]); err != nil {
		return err
	}
	if err := CheckHolder(k.Holder); err != nil {
		return err
	}
	owner, ok, err := members.Get(rw, k.Member)
	switch {
	case err != nil:
		return err
	case !ok:
		return fmt.Errorf("no member %q", k.Member)
	case k.Registered.Height == 0 && !allows(owner.Roles, k.Duty):
		return fmt.Errorf("members that are %v have no keys of duty %s", owner.Roles, k.Duty)
	}
	if taken, err := keyTaken(rw, g.Key[:]); err != nil || taken {
		return wrong(err, "it, or its negative, stands there twice")
	}
	if !k.ended() {
		return register(rw, g.Key, k)
	}
	if err := held.Set(rw, heldKey{k.Member, true, k.Duty, g.Key}, struct{}{}); err != nil {
		return err
	}
	return keys.Set(rw, g.Key, k)
}

func initGrant(rw store.ReadWriter, in GenesisGrant) (err error) {
	g := in.Grant
	g.Steps = nil
	if g.From, err = civil.Parse(in.From); err != nil {
		return err
	}
	if g.Until, err = civil.Parse(in.Until); err != nil {
		return err
	}
	for _, s := range in.Steps {
		if s.Step.Date, err = civil.Parse(s.Date); err != nil {
			return err
		}
		g.Steps = append(g.Steps, s.Step)
	}
	if has, err := members.Has(rw, in.Body); err != nil || !has {
		return wrong(err, "no such member")
	}
	if err := g.check(); err != nil {
		return err
	}
	_, err = give(rw, in.Body, g)
	return err
}
