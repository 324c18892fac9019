// Package demo shows a network at work: four validators as processes of their own
// on this machine, run by regulators; certificates that bodies file and that live
// through what the rules allow, and through some of what they do not.
//
// Nothing is shown that was not checked: after each step every node is asked for
// the state, with a proof that leads to the app hash in the next block's header.
// The first thing that is not as it should be ends the demonstration with an error.
package demo
