// Package demo shows a network at work: four validators as processes of their own
// on this machine, run by regulators; certificates that bodies file and that live
// through what the rules allow, and through some of what they do not. Then a story:
// test reports are fixed, cells and power banks are certified, made and recorded, and
// what becomes of the certificate of the cells shows in the trace of a power bank.
//
// Nothing is shown that was not checked: after each step every node is asked for
// the state, with a proof that leads to the app hash in the next block's header, or
// with a bundle under the validators' seal. The first thing that is not as it should
// be ends the demonstration with an error.
package demo
