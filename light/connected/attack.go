package connected

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/types"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Attack is the error that there are two headers of which at most one can be the
// chain's, both signed by validators that are trusted. Nothing is established, and
// it is for the regulators to find out. File has the evidence.
type Attack struct {
	File     string // empty if it could not be written
	Evidence []Evidence
	cause    error
}

// Evidence is what one node's header shows against it. It proves that validators
// signed what they must not; whose nodes served it may be as deceived as you.
type Evidence struct {
	Node   string // that gave the conflicting header
	Attack *types.LightClientAttackEvidence
}

func (a *Attack) Error() string {
	return "connected: the chain has forked, or validators sign lies: there are two headers that trusted validators have signed"
}

// Unwrap returns the cause.
func (a *Attack) Unwrap() error { return a.cause }

// attackFile is what an evidence file holds. Each evidence is as CometBFT's
// interface takes it (broadcast_evidence).
type attackFile struct {
	Format   string         `json:"format"` // "hallmark/fork-evidence/v1"
	ChainID  string         `json:"chain_id"`
	Detected time.Time      `json:"detected"`
	Evidence []evidenceFile `json:"evidence"`
}

type evidenceFile struct {
	Node       string          `json:"node"`       // that gave the conflicting header
	Height     int64           `json:"height"`     // of the conflicting header
	Hash       string          `json:"hash"`       // of it
	Validators []string        `json:"validators"` // addresses of those that signed both, as far as it can be told
	Evidence   json.RawMessage `json:"evidence"`
}

const attackFormat = "hallmark/fork-evidence/v1"

// attack writes the evidence to a file and returns the error. If it cannot be
// written, the error says so too.
func (c *Client) attack(cause error, list []Evidence, now time.Time) error {
	a := &Attack{Evidence: list, cause: cause}
	raw, err := c.encode(list, now)
	if err == nil {
		sum := sm3.Sum(raw)
		path := filepath.Join(c.config.Dir, fmt.Sprintf("fork-%x.json", sum[:8]))
		if err = writeWhole(path, raw); err == nil {
			a.File = path
		}
	}
	if err != nil {
		a.cause = fmt.Errorf("%w; the evidence could not be written: %w", cause, err)
	}
	c.halted = a
	return a
}

func (c *Client) encode(list []Evidence, now time.Time) ([]byte, error) {
	out := attackFile{Format: attackFormat, ChainID: c.config.ChainID, Detected: now.UTC(), Evidence: []evidenceFile{}}
	for _, e := range list {
		raw, err := cmtjson.Marshal(e.Attack)
		if err != nil {
			return nil, err
		}
		one := evidenceFile{
			Node: e.Node, Height: e.Attack.ConflictingBlock.Height, Hash: e.Attack.ConflictingBlock.Hash().String(),
			Validators: []string{}, Evidence: raw,
		}
		for _, v := range e.Attack.ByzantineValidators {
			if v != nil {
				one.Validators = append(one.Validators, v.Address.String())
			}
		}
		out.Evidence = append(out.Evidence, one)
	}
	return json.MarshalIndent(&out, "", "  ")
}
