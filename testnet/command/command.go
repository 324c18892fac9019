// Package command has the commands of hallmarkd that run networks on one machine:
// testnet and demo.
package command

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/testnet/words"
)

// language adds the flag --lang.
func language(c *cobra.Command) *words.Language {
	l := words.Locale(os.Getenv)
	c.Flags().Func("lang", "language of the output: zh, en, both, or auto, by locale (default auto) 输出语言", func(name string) (err error) {
		l, err = words.Parse(name, os.Getenv)
		return err
	})
	return &l
}

// settings are those of the flag --set of hallmarkd.
func settings(c *cobra.Command) ([]string, error) {
	if c.Flags().Lookup("set") == nil {
		return nil, nil
	}
	return c.Flags().GetStringArray("set")
}
