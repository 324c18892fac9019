package command

import (
	"fmt"
	"os"

	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/spf13/cobra"
)

func exportCommand(f *flags) *cobra.Command {
	var height uint64
	var chain, out string
	c := &cobra.Command{
		Use:   "export",
		Short: "Write the state as the genesis of another chain; the node is stopped 将状态导出为另一条链的创世文件；节点须已停止",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := f.load()
			if err != nil {
				return err
			}
			doc, err := config.Export(height, chain)
			if err != nil {
				return err
			}
			raw, err := cmtjson.MarshalIndent(doc, "", "  ")
			if err != nil {
				return err
			}
			raw = append(raw, '\n')
			if out == "" {
				_, err = c.OutOrStdout().Write(raw)
				return err
			}
			file, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if err != nil {
				return err
			}
			if _, err := file.Write(raw); err != nil {
				return fmt.Errorf("%w (%w)", err, file.Close())
			}
			return file.Close()
		},
	}
	c.Flags().Uint64Var(&height, "height", 0, "height after which, of those retained; 0: the newest 导出哪个高度之后的状态；0 为最新")
	c.Flags().StringVar(&chain, "chain-id", "", "name of the new chain, never used before 新链标识，从未用过")
	c.Flags().StringVar(&out, "out", "", "new file; default: standard output 新文件；默认标准输出")
	if err := c.MarkFlagRequired("chain-id"); err != nil {
		panic(err) // the flag is above
	}
	return c
}
