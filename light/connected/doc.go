// Package connected checks what a node claims of a certificate by following the
// headers of the chain, with CometBFT's light client, instead of by a seal. The
// rest is package light: the same bundles, proofs, claims and verdicts.
//
//	c, err := connected.Open(ctx, connected.Config{
//		ChainID: "hallmark-1", Dir: dir,
//		Primary: "https://a.example:26657", Witnesses: []string{"https://b.example:26657"},
//		Trust: &connected.Trust{Height: 1200, Hash: hash}, // the first time
//	})
//	defer c.Close()
//	verdict, err := c.Verify(ctx, bundle, claim, light.Limits{}, time.Now())
//
// # How
//
// The root of the state after a block is in the header of the next one. The client
// gets that header from the primary, verifies that enough of the validators that it
// trusts have signed it, and compares it with what every witness has. It starts
// from a height and hash that somebody trusted gave, keeps the headers that it
// verified in a folder, and goes on from the newest of them as long as that is
// younger than the trust period.
//
// Neither primary nor witnesses are trusted one by one: as long as one of them is
// honest, and less than a third of the validators' power is not, a false header is
// not taken. Two different headers that the validators have signed are an Attack:
// nothing is established any more, and the evidence is written to a file.
//
// Unlike a seal, this rests on Ed25519 and SHA-256, and needs a network; unlike a
// card it does not end, and it sees a fork that a lone seal does not show.
package connected
