package generate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
)

// Names in the folder of a network.
const (
	summaryFile    = "network.json"
	genesisFile    = "genesis.json"
	keysFolder     = "keys"
	passphraseFile = "passphrase"
)

// Network is the summary of a generated network, network.json. Paths are
// relative to its folder.
type Network struct {
	Note        api.Text  `json:"note"`
	ChainID     string    `json:"chain_id"`
	GenesisTime time.Time `json:"genesis_time"`
	Genesis     string    `json:"genesis"`
	// Keys is the folder of the members' keys, PassphraseFile what opens them.
	Keys           string   `json:"keys"`
	PassphraseFile string   `json:"passphrase_file"`
	Nodes          []Node   `json:"nodes"`
	Members        []Member `json:"members"`

	dir string
}

// Node is a node: a validator, or a full node that is none.
type Node struct {
	Name      string `json:"name"`                // as node-0
	Home      string `json:"home"`                // of hallmarkd
	Validator string `json:"validator,omitempty"` // its name; empty for a full node
	Member    string `json:"member,omitempty"`    // that runs the validator
	ID        string `json:"id"`                  // CometBFT's, of the node key
	// Where it listens, host and port.
	P2P     string `json:"p2p"`
	RPC     string `json:"rpc"`
	API     string `json:"api"`
	Metrics string `json:"metrics"`
}

// URL is the address of the node's API.
func (n *Node) URL() string { return "http://" + n.API }

// Member is a member and its keys.
type Member struct {
	ID             string   `json:"id"`
	NameZh         string   `json:"name_zh"`
	NameEn         string   `json:"name_en"`
	Role           string   `json:"role"`
	ApprovalNumber string   `json:"approval_number,omitempty"`
	Schemes        []string `json:"schemes,omitempty"` // it may issue
	Keys           []Key    `json:"keys"`
}

// Key is a key of a member.
type Key struct {
	Name   string `json:"name"` // as cqc.certifier; also the holder
	Duty   string `json:"duty"`
	Public string `json:"public"`
	File   string `json:"file"`
}

// remark begins every summary.
var remark = api.Text{
	En: "A network for demonstration and tests. None of the institutions whose names stand here takes part in it. All keys were made in one place, under a pass phrase that is no secret; credit codes are placeholders; members and holders named Example do not exist.",
	Zh: "演示和测试用网络。所列机构均未参与。全部密钥由同一处生成，口令不保密；统一社会信用代码为占位代码；名称以“示例”开头的成员和组织并不存在。",
}

// Dir is the network's folder.
func (n *Network) Dir() string { return n.dir }

// Path returns the path of a file or folder named in the summary.
func (n *Network) Path(relative string) string { return filepath.Join(n.dir, relative) }

// URLs are the addresses of the APIs of the validators.
func (n *Network) URLs() (list []string) {
	for i := range n.Nodes {
		if n.Nodes[i].Validator != "" {
			list = append(list, n.Nodes[i].URL())
		}
	}
	return list
}

// Open reads the summary in dir.
func Open(dir string) (*Network, error) {
	b, err := os.ReadFile(filepath.Join(dir, summaryFile))
	if err != nil {
		return nil, fmt.Errorf("%w: make a network there with: hallmarkd testnet init", err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	n := &Network{dir: dir}
	if err := d.Decode(n); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, summaryFile), err)
	}
	return n, nil
}

func (n *Network) write() error {
	b, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(n.dir, summaryFile), append(b, '\n'), 0o644)
}

// summarise lists the members with their keys.
func summarise(keys Keys) (list []Member) {
	for _, in := range institutions {
		m := Member{ID: in.id, NameZh: in.zh, NameEn: in.en, Role: in.role.String(), ApprovalNumber: in.approval}
		if in.issues {
			m.Schemes = schemes
		}
		for _, duty := range duties[in.role] {
			name := in.id + "." + duty
			m.Keys = append(m.Keys, Key{
				Name: name, Duty: dutyOf(name), Public: keys[name].Public().String(),
				File: filepath.Join(keysFolder, name+".pem"),
			})
		}
		list = append(list, m)
	}
	return list
}
