package app

import (
	"fmt"
	"time"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/evidence"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/governance"
	"github.com/hallmark-ledger/hallmark/x/member"
	"github.com/hallmark-ledger/hallmark/x/trace"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// Modules are the modules, without state of their own: each call is given the
// state to read or to change. They may be used by many goroutines.
type Modules struct {
	Member      *member.Module
	Governance  *governance.Module
	Validator   *validator.Module
	Certificate *certificate.Module
	Evidence    *evidence.Module
	Trace       *trace.Module
}

func newModules() *Modules {
	m := new(Modules)
	*m = Modules{
		Member:      member.New(parameters{m}),
		Governance:  governance.New(regulators{m}, actions{m}),
		Validator:   validator.New(validators{m}, parameters{m}, parameters{m}),
		Certificate: certificate.New(bodies{m}, parameters{m}, parameters{m}, validators{m}, anchors{m}),
		Evidence:    evidence.New(providers{m}, providers{m}, providers{m}),
		Trace:       trace.New(reporters{m}, reporters{m}),
	}
	return m
}

// The following are how modules reach each other. They look the other module up
// when they are called, so the order in which modules are made is of no matter.

// parameters is governance as the others see it.
type parameters struct{ *Modules }

func (p parameters) KeyDelay(r store.Reader) (time.Duration, error) { return p.Governance.KeyDelay(r) }

func (p parameters) ActivationBlocks(r store.Reader) (uint64, error) {
	return p.Governance.ActivationBlocks(r)
}

// RaiseRemoval implements validator.Proposals.
func (p parameters) RaiseRemoval(c *exec.Context, name string, height uint64) (uint64, error) {
	remove := &validatorv1.Change{Change: &validatorv1.Change_Remove{Remove: &validatorv1.RemoveValidator{Name: name}}}
	return p.Governance.Raise(c,
		fmt.Sprintf("Remove validator %s: its seal key signed two statements of height %d 移除验证者：其签章密钥对同一高度签署了两份陈述", name, height),
		&governancev1.Action{Action: &governancev1.Action_SetValidators{SetValidators: &validatorv1.SetValidators{Changes: []*validatorv1.Change{remove}}}})
}

func (p parameters) SweepPerBlock(r store.Reader) (uint64, error) {
	return p.Governance.SweepPerBlock(r)
}

func (p parameters) ImportWindow(r store.Reader, body string, at time.Time) (id, quota uint64, open bool, err error) {
	return p.Governance.ImportWindow(r, body, at)
}
