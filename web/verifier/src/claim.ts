// What is claimed of a certificate. docs/formats.md, section 18.

import { type Day, parseDay } from "./civil.js";
import { claims } from "./claims/index.js";
import { isIssuer, isNumber } from "./forms.js";

export type Kind = "valid" | "on-date" | "history" | "absent" | "approved";

export interface Claim {
  kind: Kind;
  /** Approval number of the body, as CNCA-R-2002-001. */
  issuer?: string;
  number?: string;
  /** As 2026-06-01, in Beijing. */
  date?: string;
}

/** A claim that can be answered: it names what its kind names, and nothing else. */
export interface CheckedClaim {
  readonly kind: Kind;
  readonly issuer: string;
  readonly number: string;
  /** 0 if it names none. */
  readonly day: Day;
}

/** The claim, or what is wrong with it. */
export function checkClaim(claim: Claim): CheckedClaim | string {
  if (!Object.hasOwn(claims, claim.kind)) return `there is no claim of kind ${String(claim.kind)}`;
  const names = claims[claim.kind].names;
  const { issuer = "", number = "", date = "" } = claim;
  if (!isNumber(number)) return number === "" ? "the claim names no number" : "no certificate has such a number";
  if (names.issuer ? !isIssuer(issuer) : issuer !== "") {
    return names.issuer ? "the claim names no body that can be" : "a claim of this kind names no issuer";
  }
  const day = parseDay(date);
  if (names.date ? day === undefined : date !== "") {
    return names.date ? "the claim names no date that can be" : "a claim of this kind names no date";
  }
  return { kind: claim.kind, issuer, number, day: day ?? 0 };
}

/** The claim as a verdict shows it. */
export function claimFacts(claim: Claim): Claim {
  const facts: Claim = { kind: claim.kind };
  if (claim.issuer) facts.issuer = claim.issuer;
  facts.number = claim.number ?? "";
  if (claim.date) facts.date = claim.date;
  return facts;
}
