package command

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/node"
)

func initCommand(f *flags) *cobra.Command {
	var options node.InitOptions
	var name, state, passphrase string
	c := &cobra.Command{
		Use:   "init",
		Short: "Make the home of a new node: keys and configuration 创建新节点的目录：密钥与配置",
		Long: `Makes the keys and the documented configuration of a node, and prints what the
network has to know of it. With --state it also makes the genesis of a chain
whose only validator the node is; otherwise put the network's genesis.json into
HOME/config.

创建节点的密钥和带说明的配置，并输出网络需要知道的内容。给出 --state 时，同时创建以本节点为
唯一验证节点的链的创世文件；否则请将网络的 genesis.json 放入 HOME/config。`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if state != "" {
				raw, err := os.ReadFile(state)
				if err != nil {
					return err
				}
				if options.State, err = app.ParseGenesis(raw); err != nil {
					return fmt.Errorf("%s: %w", state, err)
				}
			}
			options.Settings = f.set
			if name != "" {
				options.Settings = append(options.Settings, "node.name="+name)
			}
			options.Passphrase = passphraseFrom(passphrase)
			id, err := node.InitHome(f.home, options)
			if err != nil {
				return err
			}
			return printJSON(c.OutOrStdout(), id)
		},
	}
	c.Flags().StringVar(&options.ChainID, "chain-id", "", "name of the chain 链标识")
	c.Flags().StringVar(&options.Member, "member", "", "member that runs the node 运行节点的成员")
	c.Flags().StringVar(&name, "name", "", "name of the node and validator 节点及验证节点名称 (node.name)")
	c.Flags().StringVar(&state, "state", "", "JSON of a genesis state without validators 不含验证节点的创世状态 JSON 文件")
	addPassphraseFlag(c, &passphrase)
	for _, required := range []string{"chain-id", "member"} {
		if err := c.MarkFlagRequired(required); err != nil {
			panic(err) // the flag is above
		}
	}
	return c
}

func addPassphraseFlag(c *cobra.Command, path *string) {
	c.Flags().StringVar(path, "passphrase-file", "", "file with the pass phrase of the seal key; else HALLMARKD_PASSPHRASE; else it is asked for 签章密钥口令文件；否则取环境变量；否则询问")
}

// passphraseFrom returns where the pass phrase of the seal key comes from.
func passphraseFrom(path string) keystore.PassphraseFunc {
	switch {
	case path != "":
		return keystore.FromFile(path)
	case os.Getenv("HALLMARKD_PASSPHRASE") != "":
		return keystore.FromEnvironment("HALLMARKD_PASSPHRASE")
	}
	return keystore.FromTerminal(os.Stdin, os.Stderr)
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
