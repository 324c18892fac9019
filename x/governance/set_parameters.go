package governance

import (
	"bytes"
	"fmt"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// validateSetParameters checks each value by itself.
func validateSetParameters(a *governancev1.SetParameters) error {
	n := len(a.GetChanges()) + len(a.GetThresholds())
	if n == 0 || n > len(bounds)+len(kinds) {
		return codeMalformed.Refuse("%d changes", n)
	}
	seen := make(map[string]bool)
	for _, change := range a.Changes {
		b, ok := boundOf(change.GetParameter())
		switch {
		case !ok:
			return codeMalformed.Refuse("there is no parameter %d", change.GetParameter())
		case seen[b.name]:
			return codeMalformed.Refuse("%s is set twice", b.name)
		case change.Value < b.least || change.Value > b.most:
			return codeParameter.Refuse("%s is %d, not within %d to %d", b.name, change.Value, b.least, b.most)
		}
		seen[b.name] = true
	}
	for _, pb := range a.Thresholds {
		t := newThreshold(pb)
		if name := "threshold of " + t.Kind.String(); seen[name] {
			return codeMalformed.Refuse("the %s is set twice", name)
		} else {
			seen[name] = true
		}
		if err := t.check(); err != nil {
			return codeParameter.Refuse("threshold of %v", err)
		}
	}
	return nil
}

func boundOf(p governancev1.Parameter) (bound, bool) {
	for _, b := range bounds {
		if b.number == int32(p) {
			return b, true
		}
	}
	return bound{}, false
}

// ApplySetParameters changes parameters. They hold from the next message on, but
// for what a module reads at the begin of a block.
func (m *Module) ApplySetParameters(c *exec.Context, a *governancev1.SetParameters) error {
	if err := validateSetParameters(a); err != nil {
		return err
	}
	p, err := m.Params(c.Store)
	if err != nil {
		return err
	}
	before, err := paramsCodec.Encode(p)
	if err != nil {
		return err
	}
	var pairs []string
	for _, change := range a.Changes {
		b, _ := boundOf(change.Parameter)
		*b.field(&p) = change.Value
		pairs = append(pairs, b.name, fmt.Sprint(change.Value))
	}
	for _, pb := range a.Thresholds {
		t := newThreshold(pb)
		p.setThreshold(t)
		pairs = append(pairs, "threshold_"+t.Kind.String(), fmt.Sprintf("%d/%d", t.Numerator, t.Denominator))
	}
	if err := p.Check(); err != nil {
		return codeParameter.Refuse("%v", err)
	}
	after, err := paramsCodec.Encode(p)
	if err != nil {
		return err
	}
	if bytes.Equal(before, after) {
		return codeNoChange.Refuse("the parameters have these values")
	}
	c.Emit(EventParameters, pairs...)
	return parameters.Set(c.Store, p)
}
