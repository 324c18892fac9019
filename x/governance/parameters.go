package governance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/store"
)

// Params are the parameters of the ledger. bounds has the default and the least
// and the greatest value of each.
type Params struct {
	// MaxExpirySeconds is the longest time from a block to the expiry of a
	// transaction in it: how long the second signer may take.
	MaxExpirySeconds uint64 `json:"max_expiry_seconds"`
	// QuotaBlock is how many records a member may file in a block.
	QuotaBlock uint64 `json:"quota_block"`
	// QuotaMempool is how many records of a member a mempool holds.
	QuotaMempool uint64 `json:"quota_mempool"`
	// MaxMessages is how many messages a transaction has at most.
	MaxMessages uint64 `json:"max_messages"`
	// MaxSigners is how many signers a transaction has at most.
	MaxSigners uint64 `json:"max_signers"`
	// MaxTxBytes is the size of the largest transaction.
	MaxTxBytes uint64 `json:"max_tx_bytes"`
	// ActivationBlocks is the number of blocks from the decision on a validator
	// set to its begin.
	ActivationBlocks uint64 `json:"activation_blocks"`
	// KeyDelaySeconds is the time from the registration of a key that decides
	// until it can be used.
	KeyDelaySeconds uint64 `json:"key_delay_seconds"`
	// ProposalSeconds is how long a proposal can be decided.
	ProposalSeconds uint64 `json:"proposal_seconds"`
	// SweepPerBlock is how many things that fall due by time alone a module
	// deals with in a block.
	SweepPerBlock uint64 `json:"sweep_per_block"`
	// MaxImportSeconds is the length of the longest import window,
	// MaxImportRecords the most certificates of one.
	MaxImportSeconds uint64 `json:"max_import_seconds"`
	MaxImportRecords uint64 `json:"max_import_records"`
	// Thresholds, ascending by kind. A kind that is not listed has its default.
	Thresholds []Threshold `json:"thresholds"`
}

const (
	hour = 60 * 60
	day  = 24 * hour
)

// bound is a parameter: its number in hallmark.governance.v1.Parameter, and what
// it may be.
type bound struct {
	number           int32
	name             string
	least, def, most uint64
	field            func(*Params) *uint64
}

var bounds = []bound{
	{1, "max_expiry_seconds", 60, 72 * hour, 30 * day, func(p *Params) *uint64 { return &p.MaxExpirySeconds }},
	{2, "quota_block", 100, 20_000, 1_000_000, func(p *Params) *uint64 { return &p.QuotaBlock }},
	{3, "quota_mempool", 100, 50_000, 10_000_000, func(p *Params) *uint64 { return &p.QuotaMempool }},
	{4, "max_messages", 1, 10_000, 100_000, func(p *Params) *uint64 { return &p.MaxMessages }},
	{5, "max_signers", 4, 16, 64, func(p *Params) *uint64 { return &p.MaxSigners }},                     // two bodies, four eyes each
	{6, "max_tx_bytes", 128 << 10, 1 << 20, 16 << 20, func(p *Params) *uint64 { return &p.MaxTxBytes }}, // any proposal fits
	{7, "activation_blocks", 20, 20, 100_000, func(p *Params) *uint64 { return &p.ActivationBlocks }},
	{8, "key_delay_seconds", 60, 24 * hour, 30 * day, func(p *Params) *uint64 { return &p.KeyDelaySeconds }},
	{9, "proposal_seconds", hour, 30 * day, 366 * day, func(p *Params) *uint64 { return &p.ProposalSeconds }},
	{10, "sweep_per_block", 1, 1000, 100_000, func(p *Params) *uint64 { return &p.SweepPerBlock }},
	{11, "max_import_seconds", hour, 90 * day, 366 * day, func(p *Params) *uint64 { return &p.MaxImportSeconds }},
	{12, "max_import_records", 1, 1_000_000, 100_000_000, func(p *Params) *uint64 { return &p.MaxImportRecords }},
}

// DefaultParams returns the defaults.
func DefaultParams() Params {
	var p Params
	for _, b := range bounds {
		*b.field(&p) = b.def
	}
	for _, k := range kinds {
		p.Thresholds = append(p.Thresholds, k.threshold)
	}
	return p
}

// Check reports which value is out of bounds, or does not go with another.
func (p *Params) Check() error {
	for _, b := range bounds {
		if v := *b.field(p); v < b.least || v > b.most {
			return fmt.Errorf("%s is %d, not within %d to %d", b.name, v, b.least, b.most)
		}
	}
	// A transaction that is allowed must fit the quotas.
	if p.QuotaBlock < p.MaxMessages {
		return fmt.Errorf("quota_block, %d, is below max_messages, %d", p.QuotaBlock, p.MaxMessages)
	}
	if p.QuotaMempool < p.QuotaBlock {
		return fmt.Errorf("quota_mempool, %d, is below quota_block, %d", p.QuotaMempool, p.QuotaBlock)
	}
	for i, t := range p.Thresholds {
		if err := t.check(); err != nil {
			return err
		}
		if i > 0 && p.Thresholds[i-1].Kind >= t.Kind {
			return fmt.Errorf("the thresholds are not in ascending order at %s", t.Kind)
		}
	}
	return nil
}

// threshold returns the threshold of a kind; all, of a kind that is unknown.
func (p *Params) threshold(k Kind) Threshold {
	for _, t := range p.Thresholds {
		if t.Kind == k {
			return t
		}
	}
	for _, e := range kinds {
		if e.threshold.Kind == k {
			return e.threshold
		}
	}
	return Threshold{k, 1, 1}
}

// setThreshold puts t in its place.
func (p *Params) setThreshold(t Threshold) {
	i, ok := slices.BinarySearchFunc(p.Thresholds, t.Kind, func(o Threshold, k Kind) int { return int(o.Kind) - int(k) })
	if ok {
		p.Thresholds[i] = t
	} else {
		p.Thresholds = slices.Insert(p.Thresholds, i, t)
	}
}

// UnmarshalJSON reads parameters; those that are not named have their defaults,
// those that do not exist are an error.
func (p *Params) UnmarshalJSON(b []byte) error {
	type plain Params // without this method
	v := plain(DefaultParams())
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return err
	}
	*p = Params(v)
	return nil
}

// Params returns the parameters as of r.
func (m *Module) Params(r store.Reader) (Params, error) {
	p, ok, err := parameters.Get(r)
	if err == nil && !ok {
		p = DefaultParams()
	}
	return p, err
}

// The following are for modules that ask for one parameter.

// ActivationBlocks returns the number of blocks from a decision on validators to
// its effect.
func (m *Module) ActivationBlocks(r store.Reader) (uint64, error) {
	p, err := m.Params(r)
	return p.ActivationBlocks, err
}

// KeyDelay returns the time until a new key that decides can be used.
func (m *Module) KeyDelay(r store.Reader) (time.Duration, error) {
	p, err := m.Params(r)
	return time.Duration(p.KeyDelaySeconds) * time.Second, err
}

// SweepPerBlock returns how much may fall due by time in a block.
func (m *Module) SweepPerBlock(r store.Reader) (uint64, error) {
	p, err := m.Params(r)
	return p.SweepPerBlock, err
}
