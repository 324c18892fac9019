package api

import (
	"encoding/json"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/governance"
)

type parametersInput struct{ At }

func (s *Server) registerParameters(a huma.API) {
	read(s, a, operation{
		"get-parameters", "/v1/parameters", tagGovernance,
		api.Text{En: "Parameters", Zh: "参数"},
		api.Text{En: "The parameters of the ledger, and how many regulators must approve each kind of action.", Zh: "账本参数及各类提案动作的表决门槛。"},
	}, getParameters)
}

func getParameters(v *view, _ *parametersInput) (*api.Parameters, error) {
	p, err := v.Governance.Params(v)
	if err != nil {
		return nil, err
	}
	values, err := valuesOf(p)
	if err != nil {
		return nil, err
	}
	out := &api.Parameters{Values: values, Thresholds: []api.Threshold{}}
	for _, t := range p.Thresholds {
		out.Thresholds = append(out.Thresholds, api.Threshold{Kind: t.Kind.String(), Numerator: t.Numerator, Denominator: t.Denominator})
	}
	return out, nil
}

// valuesOf returns the parameters that are numbers, under the names that they
// have in the genesis.
func valuesOf(p governance.Params) (map[string]uint64, error) {
	p.Thresholds = nil
	b, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("api: parameters: %w", err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(b, &fields); err != nil {
		return nil, fmt.Errorf("api: parameters: %w", err)
	}
	delete(fields, "thresholds")
	values := make(map[string]uint64, len(fields))
	for name, field := range fields {
		var n uint64
		if err := json.Unmarshal(field, &n); err != nil {
			return nil, fmt.Errorf("api: parameter %s: %w", name, err)
		}
		values[name] = n
	}
	return values, nil
}
