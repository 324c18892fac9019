// What is claimed. docs/formats.md, sections 18 and 21.

import { type Bytes, isZero } from "./bytes.js";
import { type Day, parseDay } from "./civil.js";
import { claims } from "./claims/index.js";
import { isIssuer, isNumber } from "./forms.js";
import { isProductUri } from "./uris.js";

export type Kind = "valid" | "on-date" | "history" | "absent" | "approved" | "anchored" | "traced";

export interface Claim {
  kind: Kind;
  /** Approval number of the body, as CNCA-R-2002-001. */
  issuer?: string;
  number?: string;
  /** As 2026-06-01, in Beijing. */
  date?: string;
  /** Of "anchored", at least one: the id of an anchor, SM3 of a content; 64 hexadecimal digits. */
  anchor?: string;
  content?: string;
  /** Of "traced": the URI of a product. */
  product?: string;
}

/** A claim that can be answered: it names what its kind names, and nothing else. */
export interface CheckedClaim {
  readonly kind: Kind;
  readonly issuer: string;
  readonly number: string;
  /** 0 if it names none. */
  readonly day: Day;
  /** 32 bytes, all 0 if it names none. */
  readonly anchor: Bytes;
  readonly content: Bytes;
  readonly product: string;
}

/** The claim, or what is wrong with it. */
export function checkClaim(claim: Claim): CheckedClaim | string {
  if (!Object.hasOwn(claims, claim.kind)) return `there is no claim of kind ${String(claim.kind)}`;
  const names = claims[claim.kind].names;
  const { issuer = "", number = "", date = "", product = "" } = claim;
  if (names.number ? !isNumber(number) : number !== "") {
    return names.number ? "the claim names no number that can be" : "a claim of this kind names no number";
  }
  if (names.issuer ? !isIssuer(issuer) : issuer !== "") {
    return names.issuer ? "the claim names no body that can be" : "a claim of this kind names no issuer";
  }
  const day = parseDay(date);
  if (names.date ? day === undefined : date !== "") {
    return names.date ? "the claim names no date that can be" : "a claim of this kind names no date";
  }
  if (names.product ? !isProductUri(product) : product !== "") {
    return names.product ? "the claim names no product that can be" : "a claim of this kind names no product";
  }
  const anchor = hashOf(claim.anchor), content = hashOf(claim.content);
  if (anchor === undefined || content === undefined) return "an anchor or content that is not 64 lower-case hexadecimal digits";
  if (names.evidence !== (!isZero(anchor) || !isZero(content) || undefined)) {
    return names.evidence ? "the claim names no anchor and no content" : "a claim of this kind names no evidence";
  }
  return { kind: claim.kind, issuer, number, day: day ?? 0, anchor, content, product };
}

function hashOf(digits = ""): Bytes | undefined {
  if (digits === "") return new Uint8Array(32);
  return /^[0-9a-f]{64}$/.test(digits) ? Uint8Array.from({ length: 32 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16)) : undefined;
}

/** The claim as a verdict shows it. */
export function claimFacts(claim: Claim): Claim {
  const facts: Claim = { kind: claim.kind };
  if (claim.issuer) facts.issuer = claim.issuer;
  if ((claim.kind !== "anchored" && claim.kind !== "traced") || claim.number) facts.number = claim.number ?? "";
  if (claim.date) facts.date = claim.date;
  if (claim.product) facts.product = claim.product;
  if (claim.anchor && !/^0+$/.test(claim.anchor)) facts.anchor = claim.anchor;
  if (claim.content && !/^0+$/.test(claim.content)) facts.content = claim.content;
  return facts;
}
