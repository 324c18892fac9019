package node

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// The files of a home; see the package comment.

func (c *Config) ConfigFile() string  { return filepath.Join(c.Home, "config", "hallmark.toml") }
func (c *Config) GenesisFile() string { return filepath.Join(c.Home, "config", "genesis.json") }
func (c *Config) NodeKeyFile() string { return filepath.Join(c.Home, "config", "node_key.json") }
func (c *Config) ValidatorKeyFile() string {
	return filepath.Join(c.Home, "config", "validator_key.json")
}
func (c *Config) SealKeyFile() string { return filepath.Join(c.Home, "config", "seal_key.pem") }
func (c *Config) ValidatorStateFile() string {
	return filepath.Join(c.Home, "data", "validator_state.json")
}
func (c *Config) StateDir() string { return filepath.Join(c.Home, "data", "state") }
func (c *Config) DataDir() string  { return filepath.Join(c.Home, "data") }

// lock takes the home for this process. The lock ends with the process at the
// latest. Nothing of the home may be opened before.
func (c *Config) lock() (*flock.Flock, error) {
	path := filepath.Join(c.Home, "hallmarkd.lock")
	l := flock.New(path)
	ok, err := l.TryLock()
	if err != nil {
		return nil, Troublef(ErrHome, "the home cannot be locked: %v", "无法锁定目录：%v", err)
	}
	if !ok {
		pid, _ := os.ReadFile(path) // for the message only
		return nil, Troublef(ErrLocked, "another process (%s) uses %s: stop it first", "另一进程（%s）正在使用 %s：请先将其停止", strings.TrimSpace(string(pid)), c.Home)
	}
	if err := os.WriteFile(path, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o600); err != nil {
		return nil, errors.Join(err, l.Unlock())
	}
	return l, nil
}

// checkFiles fails if a file is missing that a node cannot do without.
func (c *Config) checkFiles() error {
	for _, path := range []string{c.GenesisFile(), c.NodeKeyFile(), c.ValidatorKeyFile(), c.ValidatorStateFile()} {
		if _, err := os.Stat(path); err != nil {
			switch path {
			case c.GenesisFile():
				return Troublef(ErrGenesis, "%v: put the network's genesis file there", "%v：请将网络的创世文件放在此处", err)
			case c.ValidatorStateFile():
				return Troublef(ErrHome, "%v: it says what the validator key signed last. A key that has signed must not go on without it, nor with an older copy, which lets it sign twice. Move this file from the disk that the node last ran on, or give the node a new key (docs/operator.md)", "%v：该文件记录验证密钥最后的签名。已签过名的密钥不得缺少此文件，也不得使用其旧副本，否则会重复签名。请从节点最后运行的磁盘移回此文件，或为本节点更换新密钥（见 docs/operator.md）", err)
			}
			return Troublef(ErrHome, "%v: restore it from your backup, or make a home with `hallmarkd init`", "%v：请从备份恢复，或用 hallmarkd init 创建新目录", err)
		}
	}
	return nil
}
