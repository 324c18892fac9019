// Package light checks, offline, what a node claims of a certificate. It needs a
// trust card and a bundle, trusts no server, and has no network, no database, no
// clock and no log.
//
//	card, err := light.ParseCard(file)            // who may seal, for which chain, until when
//	verdict := light.Verify(bundle, card, claim, light.Limits{}, time.Now())
//	fmt.Print(light.Text(verdict, "zh"))          // or json.Marshal(verdict)
//	os.Exit(int(verdict.Outcome))
//
// A Verifier does the same for many bundles and remembers seals. Build makes a
// bundle, ParseCard and NewCard a card. docs/formats.md, sections 16 to 18, has the
// bytes and the rules; testdata/vectors breaks each of them once.
//
// # How
//
// A bundle is entries of the state of one height, each with its proof, and the
// seal of that height (crypto/seal), with the handovers that lead from the card's
// seal set to the seal's. Once these are verified, the entries are a part of the
// state, and a claim is answered by the same functions of the modules with which
// a node answers its queries, over a store.Reader that has only those entries: a
// key that the bundle does not prove is ErrUnproven, never "absent". A node
// builds a bundle by answering the claim over its whole state and recording what
// was read. So what a handler checks, a query answers and a verdict says cannot
// differ.
//
// # What a verdict says
//
// Never a bare yes: what is established, what is not, at which height and time,
// how old that is. A seal shows that a quorum of its set stood behind the state
// then; docs/security.md says what that is worth, and what ends a card.
package light
