package node

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// passphraseVariable has the pass phrase of the seal keys.
const passphraseVariable = "HALLMARKD_PASSPHRASE"

// SealKeyFiles returns the files of the home that may hold seal keys: the one in
// use, and beside it old ones, which are needed until their sets have ended, and
// new ones: config/seal_key*.pem.
func (c *Config) SealKeyFiles() ([]string, error) {
	return filepath.Glob(filepath.Join(filepath.Dir(c.SealKeyFile()), "seal_key*.pem"))
}

// loadSealKeys opens the seal keys of the home. A node runs without them, and so
// without a word of any that cannot be opened it would seem to seal: whatever is
// wrong is logged, and the metric of the key says so.
func (n *Node) loadSealKeys(pass keystore.PassphraseFunc) (keys []sm2.Signer) {
	switch {
	case n.config.Seal.PassphraseFile != "":
		pass = keystore.FromFile(n.config.Seal.PassphraseFile)
	case os.Getenv(passphraseVariable) != "":
		pass = keystore.FromEnvironment(passphraseVariable)
	}
	files, err := n.config.SealKeyFiles()
	if err != nil {
		n.log.Error("the seal keys cannot be found 无法查找签章密钥", "err", err)
	}
	if pass == nil {
		if len(files) > 0 {
			n.log.Warn("no pass phrase: the seal keys stay closed, and a validator seals nothing 未提供口令：签章密钥未打开，验证节点将不签章", "set", "seal.passphrase_file, "+passphraseVariable)
		}
		return nil
	}
	for _, file := range files {
		key, err := keystore.Load(file, pass)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			n.log.Error("a seal key cannot be opened; a validator seals nothing with it 无法打开签章密钥，将不以其签章", "file", file, "err", err)
		default:
			keys = append(keys, key)
		}
	}
	return keys
}
