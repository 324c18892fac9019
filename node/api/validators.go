package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

type validatorsInput struct{ At }

func (s *Server) registerValidators(a huma.API) {
	read(s, a, operation{
		"get-validators", "/v1/validators", tagGovernance,
		api.Text{En: "Validators", Zh: "验证者"},
		api.Text{En: "The set that decides the next block, and those that are decided to follow it.", Zh: "决定下一区块的验证者集合，以及已确定将接替的集合。"},
	}, getValidators)
}

func getValidators(v *view, _ *validatorsInput) (*api.ValidatorSets, error) {
	current, err := v.Validator.SetAt(v, v.Height()+1)
	if err != nil {
		return nil, err
	}
	following, err := v.Validator.Sets(v, current.Begin+1, validator.MaxPending)
	if err != nil {
		return nil, err
	}
	out := &api.ValidatorSets{Items: []api.ValidatorSet{}}
	for _, set := range append([]validator.Set{current}, following...) {
		s, err := v.validatorSet(set)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, s)
	}
	return out, nil
}

func (v *view) validatorSet(set validator.Set) (api.ValidatorSet, error) {
	out := api.ValidatorSet{Begin: set.Begin, Decided: set.Decided, SealHash: set.SealHash.String(), Validators: []api.Validator{}}
	for _, one := range set.Validators {
		address := one.ConsensusKey.Address()
		offences, err := v.Validator.Offences(v, address)
		if err != nil {
			return out, err
		}
		out.Validators = append(out.Validators, api.Validator{
			Name: one.Name, Member: one.Member, ConsensusKey: one.ConsensusKey.String(), Address: strings.ToUpper(address.String()),
			SealKey: hexText(one.SealKey[:]), Power: one.Power, Offences: offences,
		})
	}
	return out, nil
}
