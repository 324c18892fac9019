package node

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
)

// InitOptions say what a new home is to be.
type InitOptions struct {
	// ChainID and Member are what the proof of possession of the seal key is
	// made for. Required.
	ChainID, Member string
	// Passphrase protects the seal key. Required. Iterations are those of
	// keystore.Options.
	Passphrase keystore.PassphraseFunc
	Iterations int
	// Settings are "section.key=value", written to the file; node.name also
	// names the validator.
	Settings []string
	// State, if given, is the state of a new chain with this node as its only
	// validator, which is added to it: the genesis file is made as well.
	State *app.Genesis
	// GenesisTime is when that chain begins; default now.
	GenesisTime time.Time
}

// InitHome makes a home: keys and the configuration, and the genesis of a chain
// of one validator if there is a state for it. Otherwise the genesis file of the
// network is to be put there. A folder that has something in it is refused
// (ErrHome); where InitHome fails it leaves nothing behind.
func InitHome(home string, options InitOptions) (id *Identity, err error) {
	home, err = filepath.Abs(home)
	if err != nil {
		return nil, err
	}
	if options.ChainID == "" || options.Member == "" || options.Passphrase == nil {
		return nil, Troublef(ErrConfig, "a chain id, the member that runs the node and a pass phrase for the seal key are needed", "需要链标识、运行节点的成员，以及签章密钥的口令")
	}
	c := Default(home)
	if err := c.apply(options.Settings); err != nil {
		return nil, err
	}
	_, missing := os.Stat(home)
	entries, err := os.ReadDir(home)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, Troublef(ErrHome, "%v", "无法读取目录：%v", err)
	}
	if len(entries) > 0 {
		return nil, Troublef(ErrHome, "%s is not empty, it has %s: name an empty folder", "%s 不为空，其中有 %s：请指定空目录", home, entries[0].Name())
	}
	defer func() {
		if err == nil {
			return
		}
		for _, name := range []string{"config", "data"} {
			err = errors.Join(err, os.RemoveAll(filepath.Join(home, name)))
		}
		if missing != nil {
			err = errors.Join(err, os.RemoveAll(home))
		}
	}()
	for _, dir := range []string{filepath.Join(home, "config"), c.DataDir()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, Troublef(ErrHome, "%v", "无法创建目录：%v", err)
		}
	}
	return c.fill(options)
}

// apply puts settings into a configuration that is to be written.
func (c *Config) apply(settings []string) error {
	for _, s := range settings {
		if err := c.Set(s); err != nil {
			return err
		}
	}
	return c.check()
}

// fill writes the files.
func (c *Config) fill(options InitOptions) (*Identity, error) {
	node, pv, key, err := c.makeKeys(options.Passphrase, keystore.Options{Iterations: options.Iterations})
	if err != nil {
		return nil, err
	}
	id, err := identity(options.ChainID, options.Member, node, pv, key)
	if err != nil {
		return nil, err
	}
	if options.State != nil {
		if options.GenesisTime.IsZero() {
			options.GenesisTime = time.Now()
		}
		AddValidator(options.State, c.Node.Name, 10, id)
		doc, err := NewGenesis(options.ChainID, options.GenesisTime, options.State)
		if err != nil {
			return nil, err
		}
		if err := c.WriteGenesis(doc); err != nil {
			return nil, err
		}
	}
	return id, os.WriteFile(c.ConfigFile(), c.TOML(false), 0o600)
}
