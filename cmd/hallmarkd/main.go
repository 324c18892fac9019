// Command hallmarkd is the operator's binary: a node of the ledger, and networks
// of nodes on one machine. See packages node/command and testnet/command for its
// commands and exit codes.
package main

import (
	"os"

	"github.com/hallmark-ledger/hallmark/node/command"
	local "github.com/hallmark-ledger/hallmark/testnet/command"
)

func main() { os.Exit(command.Main(local.Testnet(), local.Demo())) }
