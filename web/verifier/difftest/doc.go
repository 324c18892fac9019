// Package difftest holds the two verifiers against each other: package light and
// the TypeScript of web/verifier. Its tests make worlds (certificates of every
// family and history, members, keys, approvals, anchors, products with their chains,
// sealed as one state), mutants of them, of bundles, cards and claims, and let both
// judge each: the verdicts, as JSON, must be equal member for member.
//
//	make fuzz-verifiers N=1000000 SEED=1 TRACES=25
//
// Mutations follow the message descriptors: a field at any depth is altered,
// withheld, doubled, moved, cut or extended, also in the values of the state, which
// is sealed anew with the world's keys, so that the rules behind a good proof are
// reached. A disagreement is written to build/difftest and belongs, once settled,
// into testdata/found.json, which the tests of both verifiers judge from then on.
//
// It is code of tests alone. Without node, or before `make web-verifier`, it skips.
package difftest
