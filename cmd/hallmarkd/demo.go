package main

import (
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/hallmark-ledger/hallmark/node/demo"
)

func demoCommand() *cobra.Command {
	opts := demo.Options{Language: demo.LocaleLanguage(os.Getenv)}
	c := &cobra.Command{
		Use:   "demo",
		Short: "Show what exists so far, on real data 以真实数据演示现有部分",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			opts.Colour = term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == ""
			return demo.Run(c.Context(), os.Stdout, opts)
		},
	}
	setLanguage := func(name string) (err error) {
		opts.Language, err = demo.ParseLanguage(name, os.Getenv)
		return err
	}
	c.Flags().StringVar(&opts.Dir, "dir", "", "empty folder to write to and keep (default: a temporary one)")
	c.Flags().Func("lang", "language of the output: zh, en, both, or auto, by locale (default auto)", setLanguage)
	c.Flags().Bool("once", false, "exit in the end; without a network there is nothing to keep running yet, so it always does")
	return c
}
