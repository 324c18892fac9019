// Package command is the command line of hallmarkd.
//
// Exit codes: 0 done; 1 failed, or not as it should be; 2 the node is not
// reachable; 3 wrong usage.
package command
