package command

import (
	"errors"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/node"
)

func startCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "start",
		Short: "Run the node until it is told to stop 运行节点",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			ctx := c.Context()
			config, err := f.load()
			if err != nil {
				return err
			}
			logger := config.Logger(os.Stderr)
			var options []node.Option
			if term.IsTerminal(int(os.Stdin.Fd())) {
				options = append(options, node.SealPassphrase(keystore.FromTerminal(os.Stdin, os.Stderr)))
			}
			n, err := node.New(ctx, config, logger, options...)
			if err != nil {
				if ctx.Err() != nil {
					return nil // told to stop before it ran
				}
				return err
			}
			if err := n.Start(); err != nil && ctx.Err() == nil {
				return errors.Join(err, n.Stop())
			}
			select {
			case <-ctx.Done():
				logger.Info("stopping 正在停止")
			case <-n.Failed():
			}
			err = n.Stop()
			if err == nil {
				logger.Info("stopped 已停止")
			}
			return err
		},
	}
}
