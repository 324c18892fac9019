// Command hallmarkd is the operator's binary. It will run a node; until then it
// shows the foundations (hallmarkd demo).
//
// Exit codes: 0 done, 1 failed or a check did not hold, 3 wrong usage.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

const (
	exitFailed = 1
	exitUsage  = 3
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	started := false // the arguments were in order
	root := &cobra.Command{
		Use:              "hallmarkd",
		Short:            "Hallmark node, in the making 印信节点（开发中）",
		SilenceErrors:    true,
		SilenceUsage:     true,
		PersistentPreRun: func(*cobra.Command, []string) { started = true },
	}
	root.AddCommand(demoCommand(), versionCommand())
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case started:
		fmt.Fprintln(os.Stderr, "hallmarkd:", err)
		return exitFailed
	}
	fmt.Fprintf(os.Stderr, "hallmarkd: %v\nsee hallmarkd --help\n", err)
	return exitUsage
}
