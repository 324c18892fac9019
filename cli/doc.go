// Package cli has the commands of hallmark, the program of members and of the
// public. Each command is a function that returns a *cobra.Command; root.go lists
// those at the top. What commands share:
//
//	session.go    nodes, language, output, keys, chain: what the global flags say
//	transact.go   the one way of a transaction from messages to its outcome
//	keyring.go    the folder of keys and what is remembered of each
//	exit.go       errors and exit codes
//	language.go   texts in Chinese and English
//
// Output for people goes through (*session).printf and is in their language;
// with --json each command prints one JSON value of package api, or of its own
// where it says so, and nothing else.
package cli
