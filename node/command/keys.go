package command

import (
	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/node"
)

func keysCommand(f *flags) *cobra.Command {
	var chain, member, passphrase, out string
	c := &cobra.Command{
		Use:   "keys",
		Short: "Show the node's public keys; with --member also the seal key with its proof 显示节点公钥；给出 --member 时含签章公钥及持有证明",
		Long: `Prints, as JSON, the node id and the consensus key. With --member it also prints
the seal key and the proof of possession that a genesis or a proposal has to
name; that takes the pass phrase of the seal key.

以 JSON 输出节点号和共识公钥。给出 --member 时还输出签章公钥，以及创世文件或提案所需的持有证明；
这需要签章密钥的口令。`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := f.load()
			if err != nil {
				return err
			}
			if member == "" {
				id, err := config.PublicKeys()
				if err != nil {
					return err
				}
				return printJSON(c.OutOrStdout(), id)
			}
			if chain, err = chainOf(config, chain); err != nil {
				return err
			}
			id, err := config.Keys(chain, member, passphraseFrom(passphrase))
			if err != nil {
				return err
			}
			return printJSON(c.OutOrStdout(), id)
		},
	}
	newSeal := &cobra.Command{
		Use:   "new-seal",
		Short: "Make a new seal key in a file of its own, with its proof 创建新的签章密钥文件及持有证明",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := f.load()
			if err != nil {
				return err
			}
			if chain, err = chainOf(config, chain); err != nil {
				return err
			}
			id, err := config.NewSealKey(out, chain, member, passphraseFrom(passphrase))
			if err != nil {
				return err
			}
			return printJSON(c.OutOrStdout(), id)
		},
	}
	newSeal.Flags().StringVar(&out, "out", "", "the new file 新文件")
	for _, c := range []*cobra.Command{c, newSeal} {
		c.Flags().StringVar(&chain, "chain-id", "", "name of the chain; default that of the genesis file 链标识；默认取自创世文件")
		c.Flags().StringVar(&member, "member", "", "member that runs the node 运行节点的成员")
		addPassphraseFlag(c, &passphrase)
	}
	for _, required := range []string{"out", "member"} {
		if err := newSeal.MarkFlagRequired(required); err != nil {
			panic(err) // the flag is above
		}
	}
	c.AddCommand(newSeal)
	return c
}

// chainOf returns the chain id that was given, or else that of the genesis file.
func chainOf(config *node.Config, given string) (string, error) {
	if given != "" {
		return given, nil
	}
	doc, err := config.LoadGenesis()
	if err != nil {
		return "", err
	}
	return doc.ChainID, nil
}
