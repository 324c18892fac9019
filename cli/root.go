package cli

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// Run runs hallmark with the arguments after its name and returns the exit code:
// 0 done; 1 the ledger refused, some or all, or does not have what was asked for;
// 2 not established: no node answers, or the time to wait is over; 3 wrong usage,
// or input and output.
func Run(ctx context.Context, args []string, in *os.File, out, errOut io.Writer, getenv func(string) string) int {
	s := newSession(args, in, out, errOut, getenv)
	root := s.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err != nil {
		s.complain(err)
	}
	return codeOf(err)
}

// root returns the whole program.
func (s *session) root() *cobra.Command {
	root := &cobra.Command{
		Use: "hallmark",
		Short: s.language.of(say("Keys, transactions, queries and proofs of a Hallmark ledger",
			"印信账本的密钥、交易、查询与证明")),
		Long: s.language.of(say(`hallmark is the program of the members of a Hallmark ledger, and of whoever wants
to read it. It talks to nodes (--node) and keeps the keys of its user.

Exit codes: 0 done; 1 the ledger refused, some or all, or does not have what was
asked for; 2 not established: no node answers, or the time to wait is over;
3 wrong usage, or input and output.`,
			`hallmark 供印信账本的成员及查询者使用：与节点（--node）通信，并保管使用者的密钥。

退出码：0 完成；1 账本拒绝（全部或部分），或没有所查内容；2 结果未定：没有节点应答，
或等待超时；3 用法或输入输出有误。`)),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE:          s.needsCommand,
	}
	s.flags(root.PersistentFlags())
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return usageOf(say("The flags are wrong; see --help.", "参数有误，请看 --help。"), err)
	})
	// The one place where commands are added.
	root.AddCommand(
		s.keysCommand(),
		s.memberCommand(),
		s.govCommand(),
		certCommand(s),
		s.queryCommand(),
		s.proveCommand(),
		s.verifyCommand(),
		s.cardCommand(),
		s.evidenceCommand(),
		s.epcisCommand(),
		s.traceCommand(),
		s.txCommand(),
		s.versionCommand(),
	)
	s.localize(root)
	return root
}

// needsCommand shows the help of a command that does nothing by itself.
func (s *session) needsCommand(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(sayf("There is no command %q. See %s --help.", "没有命令 %q。请看 %s --help。", args[0], c.CommandPath()))
	}
	if err := c.Help(); err != nil {
		return err
	}
	return &failure{exitUsage, text{}, errTold}
}

// group returns a command that only has others below it.
func (s *session) group(use string, short text, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: s.language.of(short), Args: cobra.ArbitraryArgs, RunE: s.needsCommand}
	c.AddCommand(commands...)
	return c
}

// args returns cobra's check of the number of arguments, as an error of ours.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, given []string) error {
		if err := check(c, given); err != nil {
			return usageOf(sayf("The arguments are wrong: %s", "参数有误：%s", c.UseLine()), err)
		}
		return nil
	}
}
