package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/node"
)

const (
	exitFailed      = 1
	exitUnreachable = 2
	exitUsage       = 3
)

// exitError ends the program with a code.
type exitError struct {
	error
	code int
}

func (e exitError) Unwrap() error { return e.error }

// flags are those of every command that has a home.
type flags struct {
	home     string
	set      []string
	logLevel string
}

// load reads the configuration.
func (f *flags) load() (*node.Config, error) {
	set := f.set
	if f.logLevel != "" {
		set = append(set, "log.level="+f.logLevel)
	}
	return node.Load(f.home, set...)
}

// New returns the command hallmarkd, with further subcommands.
func New(extra ...*cobra.Command) *cobra.Command {
	f := new(flags)
	root := &cobra.Command{
		Use:           "hallmarkd",
		Short:         "A node of the Hallmark ledger 印信账本节点",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	p := root.PersistentFlags()
	p.StringVar(&f.home, "home", node.DefaultHome(), "folder of the node 节点目录 (HALLMARKD_HOME)")
	p.StringArrayVar(&f.set, "set", nil, "a setting, before file and environment 设置项，优先于文件与环境变量: section.key=value")
	p.StringVar(&f.logLevel, "log.level", "", "as 同 --set log.level=…")
	root.AddCommand(initCommand(f), startCommand(f), statusCommand(f), exportCommand(f), keysCommand(f), configCommand(f), genesisCommand(), versionCommand())
	root.AddCommand(extra...)
	return root
}

// Main runs the program with its arguments until it is done or told to stop
// (SIGINT, SIGTERM; a second one ends it at once), and returns its exit code.
func Main(extra ...*cobra.Command) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, New(extra...), os.Stderr)
}

func run(ctx context.Context, root *cobra.Command, stderr io.Writer) int {
	started := false // the arguments were in order
	root.PersistentPreRun = func(*cobra.Command, []string) { started = true }
	err := root.ExecuteContext(ctx)
	exit, ok := errors.AsType[exitError](err)
	switch {
	case err == nil:
		return 0
	case ok:
		if exit.error != nil {
			fmt.Fprintln(stderr, "hallmarkd:", err)
		}
		return exit.code
	case started:
		fmt.Fprintln(stderr, "hallmarkd:", err)
		return exitFailed
	}
	fmt.Fprintf(stderr, "hallmarkd: %v\nsee hallmarkd --help 见 hallmarkd --help\n", err)
	return exitUsage
}
