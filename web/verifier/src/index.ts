// Verifies Hallmark's bundles: see README.md.

export { Verifier, verify } from "./verify.js";
export { type Card, CardError, cardFacts, fingerprintText, parseCard } from "./card.js";
export type { Claim, Kind } from "./claim.js";
export { ContentDigest, contentDigest } from "./content.js";
export type { Limits } from "./limits.js";
export { TextError, decodeText } from "./qr.js";
export { type Subject, likely, subjects } from "./subjects.js";
export { type Language, verdictText } from "./people.js";
export { reasons } from "./tables.js";
export { maxBundleSize } from "./bundle.js";
export type * from "./verdict.js";
