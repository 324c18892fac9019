// Package seal has what validators sign with their SM2 seal keys, and its
// verification. It is pure: formats, arithmetic and signatures.
//
// After each block every validator signs the statement of that height: the chain,
// the block, the state root, the set of seal keys that decides the height and the
// set that follows. A seal is signatures of more than two thirds of the power of
// that set over one statement. Whoever trusts the set can check anything in the
// state with the seal and a proof of package store/proof.
//
//	Set        the seal keys and powers of a range of heights    ParseSet
//	Statement  what is signed                                    ParseStatement
//	Seal       who signed it, and the signatures                 Verifier.Verify
//	Trust      a set with the range it may seal                  Trust.Advance follows handovers
//	Conflict   two statements of one height by one key           Conflict.Verify
//
// A statement whose Next is not zero is a handover while its seal is good: it
// names the set that begins at NextHeight. docs/formats.md, sections 11, 12 and
// 14, has the bytes; design §2 the reasons.
package seal
