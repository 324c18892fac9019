// Command hallmarkd is the operator's binary: a node of the ledger. See package
// node/command for its commands and exit codes.
package main

import (
	"os"

	"github.com/hallmark-ledger/hallmark/node/command"
)

func main() { os.Exit(command.Main(demoCommand())) }
