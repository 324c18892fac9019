package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/types"
	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/node"
)

func genesisCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "genesis",
		Short: "Make and check the genesis file of a network 生成与核对网络的创世文件",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(genesisMake(), genesisCheck())
	return c
}

func genesisMake() *cobra.Command {
	var chain, at, state, out string
	var power uint64
	c := &cobra.Command{
		Use:   "make VALIDATOR.json…",
		Short: "Put the validators of all organisations into one genesis file 汇集各单位的验证节点，生成创世文件",
		Long: `Each argument is what hallmarkd init, or hallmarkd keys with --member, printed on
a validator; the file is named as the validator: val-bj.json. The state has the
members, their keys and the parameters, and no validators. The same input gives
the same file, so that every organisation can make it and compare.

每个参数为某验证节点上 hallmarkd init 或 hallmarkd keys --member 的输出，文件名即验证节点名，
如 val-bj.json。状态文件含成员、密钥与参数，不含验证节点。相同的输入得到相同的文件，
各单位可各自生成并核对。`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			start, err := time.Parse(time.RFC3339, at)
			if err != nil {
				return node.Troublef(node.ErrConfig, "--time: write it as 2027-01-01T00:00:00Z", "--time：应如 2027-01-01T00:00:00Z")
			}
			raw, err := os.ReadFile(state)
			if err != nil {
				return err
			}
			s, err := app.ParseGenesis(raw)
			if err != nil {
				return fmt.Errorf("%s: %w", state, err)
			}
			if len(s.Validator.Sets) > 0 {
				return node.Troublef(node.ErrGenesis, "%s names validators: they come from the files", "%s 中已有验证节点：验证节点应来自各文件", state)
			}
			byName := func(a, b string) int { return strings.Compare(filepath.Base(a), filepath.Base(b)) }
			for _, file := range slices.SortedFunc(slices.Values(args), byName) { // so is a set
				if err := addValidator(s, file, chain, power); err != nil {
					return err
				}
			}
			doc, err := node.NewGenesis(chain, start, s)
			if err != nil {
				return err
			}
			if raw, err = cmtjson.MarshalIndent(doc, "", "  "); err != nil {
				return err
			}
			if err := writeNew(out, append(raw, '\n')); err != nil {
				return err
			}
			return showGenesis(c, out)
		},
	}
	c.Flags().StringVar(&chain, "chain-id", "", "name of the chain 链标识")
	c.Flags().StringVar(&at, "time", "", "when the chain begins, RFC 3339 in UTC 创世时间（UTC）")
	c.Flags().StringVar(&state, "state", "", "JSON of the state without validators 不含验证节点的状态 JSON 文件")
	c.Flags().Uint64Var(&power, "power", 10, "power of each validator 每个验证节点的投票权")
	c.Flags().StringVar(&out, "out", "", "the new file 新文件")
	for _, required := range []string{"chain-id", "time", "state", "out"} {
		if err := c.MarkFlagRequired(required); err != nil {
			panic(err) // the flag is above
		}
	}
	return c
}

// addValidator adds the validator that a file describes.
func addValidator(s *app.Genesis, file, chain string, power uint64) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	id := new(node.Identity)
	if err := json.Unmarshal(raw, id); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if id.ChainID != chain {
		return node.Troublef(node.ErrGenesis, "%s was made for the chain %q: ask for it anew, for %q", "%s 是为链 %q 生成的：请按 %q 重新索取", file, id.ChainID, chain)
	}
	node.AddValidator(s, strings.TrimSuffix(filepath.Base(file), ".json"), power, id)
	return nil
}

func writeNew(path string, raw []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // a genesis file is public
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	return errors.Join(err, f.Close())
}

func genesisCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check GENESIS.json",
		Short: "Check a genesis file as a node will, and print what organisations compare 按节点的方式检查创世文件，并输出供各单位核对的内容",
		Args:  cobra.ExactArgs(1),
		RunE:  func(c *cobra.Command, args []string) error { return showGenesis(c, args[0]) },
	}
}

// showGenesis checks a file and prints what organisations compare.
func showGenesis(c *cobra.Command, file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	doc, err := types.GenesisDocFromJSON(raw)
	if err != nil {
		return node.Troublef(node.ErrGenesis, "%v", "创世文件有误：%v", err)
	}
	if err := node.CheckGenesis(doc); err != nil {
		return err
	}
	out := c.OutOrStdout()
	fmt.Fprintf(out, "chain 链标识    %s\ntime 创世时间   %s\n", doc.ChainID, doc.GenesisTime.Format(time.RFC3339))
	for _, v := range doc.Validators {
		fmt.Fprintf(out, "validator 验证节点  %s  %s  power 投票权 %d\n", v.Name, v.Address, v.Power)
	}
	_, err = fmt.Fprintf(out, "SM3 of the file 文件的 SM3  %s\n", sm3.Sum(raw))
	return err
}
