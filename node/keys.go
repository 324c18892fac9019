package node

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"

	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"

	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// Identity is the public side of a node's keys: what the network's genesis, or a
// proposal to make it a validator, has to name.
type Identity struct {
	NodeID       string `json:"node_id"`            // for persistent_peers: node_id@host:port
	ConsensusKey string `json:"consensus_key"`      // Ed25519, 32 bytes, hexadecimal
	Address      string `json:"address"`            // of that key, upper-case hexadecimal
	SealKey      string `json:"seal_key,omitempty"` // SM2, compressed, 33 bytes, hexadecimal
	// Proof of possession of the seal key, 64 bytes, hexadecimal. It holds for
	// this chain, member and consensus key only.
	ChainID string `json:"chain_id,omitempty"`
	Member  string `json:"member,omitempty"`
	Proof   string `json:"proof,omitempty"`
}

// PublicKeys returns what is known of the node's identity without the seal key.
func (c *Config) PublicKeys() (*Identity, error) {
	node, pv, err := c.loadKeys()
	if err != nil {
		return nil, err
	}
	return &Identity{
		NodeID: string(node.ID()), ConsensusKey: hex.EncodeToString(pv.Key.PubKey.Bytes()), Address: pv.Key.Address.String(),
	}, nil
}

// Keys returns the node's identity, with the proof that the seal key is its own,
// for a member of a chain. Whoever is asked for the pass phrase must know that
// of the seal key.
func (c *Config) Keys(chainID, member string, pass keystore.PassphraseFunc) (*Identity, error) {
	node, pv, err := c.loadKeys()
	if err != nil {
		return nil, err
	}
	key, err := keystore.Load(c.SealKeyFile(), pass)
	if err != nil {
		return nil, Troublef(ErrHome, "the seal key: %v", "签章密钥：%v", err)
	}
	return identity(chainID, member, node, pv, key)
}

func identity(chainID, member string, node *p2p.NodeKey, pv *privval.FilePV, key *sm2.PrivateKey) (*Identity, error) {
	consensus, sealKey := pv.Key.PubKey.Bytes(), key.Public().Bytes()
	proof, err := key.Sign(context.Background(), seal.ProofOfPossessionMessage(seal.Possession{
		ChainID: chainID, Member: member, Purpose: validator.PurposeSeal, ConsensusKey: consensus, Key: sealKey,
	}))
	if err != nil {
		return nil, err
	}
	return &Identity{
		NodeID: string(node.ID()), ConsensusKey: hex.EncodeToString(consensus), Address: pv.Key.Address.String(),
		SealKey: hex.EncodeToString(sealKey[:]), ChainID: chainID, Member: member, Proof: hex.EncodeToString(proof[:]),
	}, nil
}

// loadKeys reads the node key and the validator key with what it signed last.
func (c *Config) loadKeys() (*p2p.NodeKey, *privval.FilePV, error) {
	node, err := p2p.LoadNodeKey(c.NodeKeyFile())
	if err != nil {
		return nil, nil, Troublef(ErrHome, "%v: restore %s from your backup", "%v：请从备份恢复 %s", err, c.NodeKeyFile())
	}
	// CometBFT ends the process on a file that it cannot read: read both first.
	var key privval.FilePVKey
	if err := readJSON(c.ValidatorKeyFile(), &key); err != nil {
		return nil, nil, Troublef(ErrHome, "%v: restore the file from your backup", "%v：请从备份恢复该文件", err)
	}
	if _, ok := key.PrivKey.(ed25519.PrivKey); !ok {
		return nil, nil, Troublef(ErrHome, "%s holds no Ed25519 key", "%s 中没有 Ed25519 密钥", c.ValidatorKeyFile())
	}
	if err := readJSON(c.ValidatorStateFile(), new(privval.FilePVLastSignState)); err != nil {
		return nil, nil, Troublef(ErrHome, "%v: it says what the validator key signed last, and an older copy would let it sign twice: give the node a new validator key (docs/operator.md)", "%v：该文件记录验证密钥最后的签名，使用旧副本会导致重复签名：请更换验证密钥（见 docs/operator.md）", err)
	}
	return node, privval.LoadFilePV(c.ValidatorKeyFile(), c.ValidatorStateFile()), nil
}

func readJSON(path string, to any) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := cmtjson.Unmarshal(raw, to); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// makeKeys makes the keys of a new home. Files of the same name are not
// replaced.
func (c *Config) makeKeys(pass keystore.PassphraseFunc, options keystore.Options) (*p2p.NodeKey, *privval.FilePV, *sm2.PrivateKey, error) {
	node := &p2p.NodeKey{PrivKey: ed25519.GenPrivKey()}
	pv := privval.GenFilePV(c.ValidatorKeyFile(), c.ValidatorStateFile())
	key, err := sm2.Generate(rand.Reader)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := keystore.Create(c.SealKeyFile(), key, pass, options); err != nil {
		return nil, nil, nil, err
	}
	err = guarded(func() error { // Save panics where it cannot write
		pv.Save()
		return node.SaveAs(c.NodeKeyFile())
	})
	return node, pv, key, err
}

// NewSealKey makes a seal key in a new file, and returns it with its proof. The
// member registers it by a transaction; it is used once it is moved to the
// place of the one in use.
func (c *Config) NewSealKey(path, chainID, member string, pass keystore.PassphraseFunc) (*Identity, error) {
	node, pv, err := c.loadKeys()
	if err != nil {
		return nil, err
	}
	if path == c.SealKeyFile() {
		return nil, Troublef(ErrHome, "%s is the seal key in use: name another file", "%s 是正在使用的签章密钥：请指定其他文件", path)
	}
	key, err := sm2.Generate(rand.Reader)
	if err != nil {
		return nil, err
	}
	if err := keystore.Create(path, key, pass, keystore.Options{}); err != nil {
		return nil, err
	}
	return identity(chainID, member, node, pv, key)
}
