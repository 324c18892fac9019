// Package validator owns the validator set: who decides blocks with CometBFT,
// and with which SM2 seal keys the same institutions stand behind them.
//
// # State
//
//	0x04 s height               Set: the set that begins at that height
//	0x04 r complement of height nothing: the same heights, the latest first
//	0x04 c consensus key        who registered the Ed25519 key, and when
//	0x04 k seal key             who registered the SM2 key, when, and its proof of possession
//	0x04 a address              consensus key of a CometBFT address
//	0x04 m address height kind  misbehaviour that CometBFT proved
//	0x04 n address              how many of these
//	0x04 f seal key height      two statements of the height that the key signed
//	0x04 g seal key             how many of these
//
// Heights are 8 bytes, big endian. There is one record per change, not per
// height, and nothing is ever deleted: the set of any height, and so its seal
// set, can be read and proven for ever.
//
// # Activation
//
// A set is decided in the block of height d and begins at height
//
//	A = max(d, begin of the set decided before it) + K
//
// where K is the parameter activation_blocks, at least 20. So each set is in
// force for K blocks or more while the next one is known: these heights are the
// handover, since the statement of each names the next seal set. A decided set
// is never altered or taken back, since it may have been sealed.
//
//	decided at d ── open window ── begins at A ── in force ── next begins
//
// Changes may queue, up to MaxPending, each computed on the one before it and
// with a window of its own. Only the regulators can queue: a member's own
// rotation of a seal key waits until no window is open, so members cannot keep
// the regulators from acting.
//
// CometBFT v0.40.0 puts the updates that FinalizeBlock(h) returns into the set
// of h+2 (state/execution.go, updateState: they change NextValidators, which is
// the set of h+1 before the block and of h+2 after it). So that a set decides
// its first block at A, EndBlock returns the updates in block A-2:
//
//	FinalizeBlock(A-2) returns updates → CometBFT's set of A = our set of A
//
// Since A ≥ d+20, that block always lies after the decision.
//
// # Rules
//
// What one step may change is limited (design §5; checkPower). What CometBFT
// would halt on is refused when it is decided (checkSet, checkUpdates), and
// checked again before it is returned. A consensus key or seal key is registered
// once, ever, even if its validator ends.
//
// # Invariants
//
// See Check.
package validator
