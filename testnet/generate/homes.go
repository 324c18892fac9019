package generate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/node"
)

// MaxNodes is how many validators, and how many full nodes, a network can have.
const MaxNodes = 50

// Options say what network is made; the zero value is right for most.
type Options struct {
	ChainID    string // default "hallmark-testnet"
	Validators int    // default 4
	FullNodes  int    // that are no validators
	// BasePort is the first of four ports of each node; 0 for ports that are
	// free.
	BasePort int
	// Settings are written to the files of all nodes: section.key=value.
	Settings []string
	// Begin is the time of the genesis; default now.
	Begin time.Time
	// Keys are those of the members; default new ones.
	Keys Keys
}

// operators are the members that run the validators, in turn.
var operators = []string{CNCA, "amr-bj", "amr-fj", "amr-sd", Accreditation}

func validatorMember(i int) string { return operators[i%len(operators)] }

// ValidatorName is the name of the i-th validator; names sort by number.
func ValidatorName(i int) string { return fmt.Sprintf("val-%02d", i) }

// NodeName is the name of the i-th node. The validators come first.
func NodeName(i int) string { return fmt.Sprintf("node-%d", i) }

// local are the settings of nodes on one machine, whose users all have one address.
var local = []string{"p2p.pex=false", "p2p.strict_addresses=false", "p2p.duplicate_ip=true", "p2p.redial=1s", "api.read_rate=0", "api.write_rate=0"}

// Create makes a network in a folder that is empty or does not exist.
func Create(ctx context.Context, dir string, o Options) (*Network, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	if err := makeEmpty(dir); err != nil {
		return nil, err
	}
	keyErr := make(chan error, 1) // the files take long
	go func() { keyErr <- o.Keys.Write(filepath.Join(dir, keysFolder)) }()
	n, err := o.nodes(ctx, dir)
	if err = errors.Join(err, <-keyErr); err != nil {
		return nil, err
	}
	n.Members = summarise(o.Keys)
	return n, n.write()
}

func (o *Options) complete() (err error) {
	if o.ChainID == "" {
		o.ChainID = "hallmark-testnet"
	}
	if o.Validators == 0 {
		o.Validators = 4
	}
	if o.Validators < 1 || o.Validators > MaxNodes || o.FullNodes < 0 || o.FullNodes > MaxNodes {
		return fmt.Errorf("generate: 1 to %d validators and 0 to %[1]d full nodes, not %d and %d", MaxNodes, o.Validators, o.FullNodes)
	}
	if last := o.BasePort + 4*(o.Validators+o.FullNodes) - 1; o.BasePort != 0 && (o.BasePort < 1024 || last > 65535) {
		return fmt.Errorf("generate: ports %d to %d, which are not within 1024 to 65535", o.BasePort, last)
	}
	if o.Begin.IsZero() {
		o.Begin = time.Now()
	}
	if o.Keys == nil {
		o.Keys, err = NewKeys(nil)
	}
	return err
}

// ErrNotEmpty: the folder for a network has something in it. Name another.
var ErrNotEmpty = errors.New("generate: the folder is not empty")

func makeEmpty(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("%w: %s has %s", ErrNotEmpty, dir, entries[0].Name())
	}
	return err
}

// nodes makes the homes and the genesis.
func (o *Options) nodes(ctx context.Context, dir string) (*Network, error) {
	n := &Network{
		Note: remark, ChainID: o.ChainID, GenesisTime: o.Begin.UTC().Round(0), Genesis: genesisFile, Keys: keysFolder,
		PassphraseFile: filepath.Join(keysFolder, passphraseFile), dir: dir,
	}
	addrs, err := addresses(ctx, o.BasePort, 4*(o.Validators+o.FullNodes))
	if err != nil {
		return nil, err
	}
	passphrase, err := filepath.Abs(n.Path(n.PassphraseFile)) // of the seal keys too
	if err != nil {
		return nil, err
	}
	common := append([]string{"seal.passphrase_file=" + passphrase}, o.Settings...)
	var validators []Validator
	for i := range o.Validators + o.FullNodes {
		x := Node{
			Name: NodeName(i), Home: NodeName(i), Member: validatorMember(i),
			P2P: addrs[4*i], RPC: addrs[4*i+1], API: addrs[4*i+2], Metrics: addrs[4*i+3],
		}
		if i < o.Validators {
			x.Validator = ValidatorName(i)
		}
		id, err := node.InitHome(n.Path(x.Home), node.InitOptions{
			ChainID: o.ChainID, Member: x.Member, Settings: x.settings(common),
			Passphrase: func(keystore.Request) ([]byte, error) { return []byte(Passphrase), nil }, Iterations: keystore.MinIterations,
		})
		if err != nil {
			return nil, err
		}
		x.ID = id.NodeID
		if x.Validator != "" {
			validators = append(validators, Validator{x.Validator, *id})
		}
		n.Nodes = append(n.Nodes, x)
	}
	doc, err := Genesis(o.ChainID, n.GenesisTime, o.Keys, validators)
	if err != nil {
		return nil, err
	}
	if err := doc.SaveAs(n.Path(genesisFile)); err != nil {
		return nil, err
	}
	for i := range n.Nodes {
		c, err := node.Load(n.Path(n.Nodes[i].Home), "p2p.persistent_peers="+strings.Join(n.peers(i), ","))
		if err != nil {
			return nil, err
		}
		if err := errors.Join(c.WriteGenesis(doc), os.WriteFile(c.ConfigFile(), c.TOML(false), 0o600)); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// settings are those of the node's file; more come last.
func (x *Node) settings(more []string) []string {
	list := append(local[:len(local):len(local)], "node.name="+x.Name,
		"p2p.listen="+x.P2P, "rpc.listen="+x.RPC, "api.listen="+x.API, "metrics.listen="+x.Metrics)
	return append(list, more...)
}

// peers are the validators but node i.
func (n *Network) peers(i int) (list []string) {
	for j, x := range n.Nodes {
		if j != i && x.Validator != "" {
			list = append(list, x.ID+"@"+x.P2P)
		}
	}
	return list
}
