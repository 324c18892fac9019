// Command hallmark is the program of members and of the public: keys,
// transactions, queries. Exit codes are those of cli.Run.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/hallmark-ledger/hallmark/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	stop()
	os.Exit(code)
}
