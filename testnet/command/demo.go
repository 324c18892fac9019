package command

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/hallmark-ledger/hallmark/testnet/demo"
)

// Demo returns the command demo.
func Demo() *cobra.Command {
	var o demo.Options
	c := &cobra.Command{
		Use:   "demo",
		Short: "Watch a network of four validators at work 演示由四个验证节点组成的网络",
		Args:  cobra.NoArgs,
	}
	c.Flags().StringVar(&o.Dir, "dir", "", "empty folder to write to and keep (default: a temporary one) 保存用的空目录（默认临时目录）")
	c.Flags().BoolVar(&o.Once, "once", false, "end after the last step 最后一步后退出")
	c.Flags().IntVar(&o.BasePort, "base-port", 0, "first of four ports of each node; 0: any that are free 起始端口，每节点四个；0 为任意空闲端口")
	lang := language(c)
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		if o.Settings, err = settings(c); err != nil {
			return err
		}
		o.Language = *lang
		o.Colour = term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == ""
		err = demo.Run(c.Context(), c.OutOrStdout(), o)
		if errors.Is(err, context.Canceled) && !o.Once {
			return nil // interrupted, as it is meant to end
		}
		return err
	}
	return c
}
