package testnet

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/hallmark-ledger/hallmark/testnet/generate"
)

// Manifest says what network is run, under which load, and what happens to it.
// It is written in TOML with the names below; unknown names are errors. Durations
// are as 1.5s or 2m. manifests/ has examples.
type Manifest struct {
	// ChainID of the network; default "hallmark-testnet".
	ChainID string `toml:"chain_id"`
	// Validators run from the beginning, node-0 and on; default 4.
	Validators int `toml:"validators"`
	// FullNodes are numbered after the validators. They run when they join.
	FullNodes int `toml:"full_nodes"`
	// Settings of all nodes in the place of their files: section.key=value.
	Settings []string `toml:"settings"`
	// MaxGap is the longest time allowed between two blocks while there is a
	// load; default 30s.
	MaxGap Duration `toml:"max_gap"`
	// Settle is how long everything that was filed and done may take to come to
	// an end after the load; default 60s.
	Settle Duration `toml:"settle"`

	Load    Load           `toml:"load"`
	Perturb []Perturbation `toml:"perturb"`
}

// Load is what is filed: certificates of two example bodies, in turn.
type Load struct {
	// Lasts is how long it is filed.
	Lasts Duration `toml:"lasts"`
	// Rate is how many transactions are begun in a second; default 5.
	Rate float64 `toml:"rate"`
	// Batch is how many certificates are in a transaction; default 20.
	Batch int `toml:"batch"`
	// InFlight is how many transactions may wait for their block; default 50. The
	// load is less than Rate while so many wait.
	InFlight int `toml:"in_flight"`
}

// Perturbation is something that happens to a node.
type Perturbation struct {
	// Node as node-1.
	Node string `toml:"node"`
	// Action: kill (kill −9), stop, pause (the process is suspended), disconnect
	// (from all others), slow (its links), or join (a full node starts).
	Action string `toml:"action"`
	// After is when, from the beginning of the load; or AtHeight, when the first
	// node has a block of that height. One of them.
	After    Duration `toml:"after"`
	AtHeight uint64   `toml:"at_height"`
	// Lasts is after what time it ends: the node is started again, woken,
	// connected, or fast. Without it, at the end of the load.
	Lasts Duration `toml:"lasts"`
	// Delay of each link of a slow node, in each direction.
	Delay Duration `toml:"delay"`
}

// Duration is a time.Duration in the notation of time.ParseDuration.
type Duration time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = Duration(v)
	return err
}

// String is as it is written in a manifest.
func (d Duration) String() string { return time.Duration(d).String() }

var actions = []string{"kill", "stop", "pause", "disconnect", "slow", "join"}

// ReadManifest reads the manifest in a file.
func ReadManifest(path string) (*Manifest, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, err := ParseManifest(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// ParseManifest reads a manifest and puts in the defaults. Its errors say what to
// correct, and where.
func ParseManifest(b []byte) (*Manifest, error) {
	m := &Manifest{
		ChainID: "hallmark-testnet", Validators: 4, MaxGap: Duration(30 * time.Second), Settle: Duration(time.Minute),
		Load: Load{Rate: 5, Batch: 20, InFlight: 50},
	}
	d := toml.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err := d.Decode(m)
	var unknown *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		return nil, fmt.Errorf("manifest: there is no such name:\n%s", unknown.String())
	case errors.As(err, &wrong):
		return nil, fmt.Errorf("manifest:\n%s", wrong.String())
	case err != nil:
		return nil, fmt.Errorf("manifest: %w", err)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	return m, nil
}

var chainForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,49}$`)

func (m *Manifest) check() error {
	switch {
	case !chainForm.MatchString(m.ChainID):
		return fmt.Errorf("chain_id: 1 to 50 of a-z, 0-9, dot and hyphen, not %q", m.ChainID)
	case m.Validators < 1 || m.Validators > generate.MaxNodes || m.FullNodes < 0 || m.FullNodes > generate.MaxNodes:
		return fmt.Errorf("validators, full_nodes: 1 to %d and 0 to %[1]d, not %d and %d", generate.MaxNodes, m.Validators, m.FullNodes)
	case m.MaxGap <= 0 || m.Settle <= 0:
		return errors.New("max_gap, settle: a time above 0 is needed")
	case m.Load.Lasts <= 0:
		return errors.New("load.lasts: say how long certificates are filed")
	case m.Load.Rate <= 0 || m.Load.Rate > 1000:
		return fmt.Errorf("load.rate: above 0 to 1000 transactions a second, not %v", m.Load.Rate)
	case m.Load.Batch < 1 || m.Load.Batch > 1000:
		return fmt.Errorf("load.batch: 1 to 1000 certificates, not %d", m.Load.Batch)
	case m.Load.InFlight < 1 || m.Load.InFlight > 1000:
		return fmt.Errorf("load.in_flight: 1 to 1000 transactions, not %d", m.Load.InFlight)
	}
	for i, p := range m.Perturb {
		if err := m.checkPerturbation(p); err != nil {
			return fmt.Errorf("perturb, entry %d (%s of %s): %w", i+1, p.Action, p.Node, err)
		}
	}
	return m.checkOrder()
}

func (m *Manifest) checkPerturbation(p Perturbation) error {
	full := slices.Contains(nodeNames(m.Validators, m.Validators+m.FullNodes), p.Node)
	switch {
	case !full && !slices.Contains(nodeNames(0, m.Validators), p.Node):
		return fmt.Errorf("node: there are node-0 to node-%d", m.Validators+m.FullNodes-1)
	case !slices.Contains(actions, p.Action):
		return fmt.Errorf("action: one of %s", strings.Join(actions, ", "))
	case (p.After > 0) == (p.AtHeight > 0):
		return errors.New("say when: either after or at_height, above 0")
	case p.After < 0 || p.Lasts < 0 || p.Delay < 0:
		return errors.New("a time is below 0")
	case p.After >= m.Load.Lasts:
		return fmt.Errorf("after: the load lasts only %s", m.Load.Lasts)
	case p.Action == "join" && (!full || p.Lasts > 0):
		return errors.New("a full node joins, and stays")
	case (p.Action == "slow") != (p.Delay > 0):
		return errors.New("delay: needed with slow, and only there")
	}
	return nil
}

// checkOrder refuses what does not go together: a full node to which something
// happens must join, once.
func (m *Manifest) checkOrder() error {
	joins := map[string]int{}
	for _, p := range m.Perturb {
		if p.Action == "join" {
			joins[p.Node]++
		}
	}
	for _, name := range nodeNames(m.Validators, m.Validators+m.FullNodes) {
		if joins[name] != 1 {
			return fmt.Errorf("perturb: the full node %s joins %d times; it must once", name, joins[name])
		}
	}
	return nil
}

// nodeNames are the names of the nodes from one number to below another.
func nodeNames(from, to int) (names []string) {
	for i := from; i < to; i++ {
		names = append(names, generate.NodeName(i))
	}
	return names
}
