package generate

import (
	"fmt"
	"time"

	cmttypes "github.com/cometbft/cometbft/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/node"
	"github.com/hallmark-ledger/hallmark/x/member"
)

// validatorPower is the power of each validator.
const validatorPower = 10

// Validator is what the genesis names of a validator.
type Validator struct {
	Name string // as val-00
	node.Identity
}

// Genesis returns the genesis of a chain that begins at a time, checked as a node
// checks it. The same arguments give the same genesis. keys must have all keys of
// NewKeys; the validators must be sorted by name.
func Genesis(chain string, begin time.Time, keys Keys, validators []Validator) (*cmttypes.GenesisDoc, error) {
	g, err := State(keys)
	if err != nil {
		return nil, err
	}
	for _, v := range validators {
		node.AddValidator(g, v.Name, validatorPower, &v.Identity)
	}
	return node.NewGenesis(chain, begin, g)
}

// State returns a state with the members and no validators.
func State(keys Keys) (*app.Genesis, error) {
	g := &app.Genesis{}
	for i, in := range institutions {
		g.Member.Members = append(g.Member.Members, member.GenesisMember{ID: in.id, Member: in.member(i)})
		for _, duty := range duties[in.role] {
			name := in.id + "." + duty
			key, ok := keys[name]
			if !ok {
				return nil, fmt.Errorf("generate: there is no key %s", name)
			}
			g.Member.Keys = append(g.Member.Keys, member.GenesisKey{
				Key: key.Public().Bytes(), Duty: dutyOf(name), KeyRecord: member.KeyRecord{Member: in.id, Holder: name},
			})
		}
		g.Member.Grants = append(g.Member.Grants, in.grants()...)
	}
	return g, nil
}

func (in institution) member(i int) member.Member {
	p := member.Profile{
		NameZh: in.zh, NameEn: in.en, USCC: memberCode(i), Roles: []member.Role{in.role},
		Region: in.region, ApprovalNumber: in.approval,
	}
	if in.role == member.RoleAccreditationBody {
		p.Marks = []string{cnasMark}
	}
	return member.Member{Profile: p, Status: member.StatusActive, Change: member.ChangeAdmit}
}

// grants are the approval and the accreditation of a body that issues.
func (in institution) grants() []member.GenesisGrant {
	if !in.issues {
		return nil
	}
	return []member.GenesisGrant{
		{Body: in.id, From: grantFrom, Until: grantUntil, Grant: member.Grant{Schemes: schemes}},
		{Body: in.id, From: grantFrom, Until: grantUntil, Grant: member.Grant{
			By: Accreditation, Mark: cnasMark, Number: "EXAMPLE-" + in.approval, Schemes: schemes,
		}},
	}
}
