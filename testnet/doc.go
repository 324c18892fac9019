// Package testnet runs test networks as manifests say: real processes of
// hallmarkd on this machine under a load of made-up certificates, to which things
// happen (Perturbation). In the end every node is asked over its API for what must
// be so, whatever happened:
//
//   - all nodes run, and are at the same height or above it;
//   - each has every block from the first on, and the same ones;
//   - the state root after the last common height is the same on all, as each
//     proves with a proof that is verified;
//   - every transaction of the load is in exactly one block, and no others are;
//   - every certificate that was filed is there, with one record, valid, and no
//     certificate that was not filed was found;
//   - no two blocks are further apart than the manifest allows.
//
// The parts: generate makes networks, runner runs and disturbs them, example makes
// certificates, demo is the demonstration of hallmarkd, command has the commands.
package testnet
