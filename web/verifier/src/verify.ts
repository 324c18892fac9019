// The verdict on a claim by a bundle and a card. docs/formats.md, section 18.

import { type Bytes, equal, hex } from "./bytes.js";
import { type SealedState, openBundle } from "./bundle.js";
import { BundleError } from "./fault.js";
import { type Card, CardError, cardFacts, parseCard } from "./card.js";
import { type CheckedClaim, type Claim, checkClaim, claimFacts } from "./claim.js";
import { formatInstant, formatSeconds, formatWhole, wholeSeconds } from "./civil.js";
import { type Answer, type Found, claims } from "./claims/index.js";
import { reason } from "./claims/answers.js";
import { certificateFacts, recordFacts } from "./facts.js";
import { evidenceFacts, leafFacts } from "./evidencefacts.js";
import { traceFacts } from "./tracefacts.js";
import { type Limits, formatDuration, maxAge, maxSize } from "./limits.js";
import type { Details } from "./messages.js";
import { readDetails } from "./records.js";
import type { SealMemory } from "./seal.js";
import { sm3 } from "./sm3.js";
import { State, Unproven, Unreadable } from "./state.js";
import { type Code, reasons as texts } from "./tables.js";
import type { Outcome, Reason, Verdict } from "./verdict.js";

type Said = { code: Code; detail?: string };

const second = 1_000_000_000n;
const clockSkew = 600n * second; // by how much clocks may differ

/**
 * Checks a claim by a bundle, which may be anything, with the trust of a card, at
 * an instant. A function of its arguments, which never throws. A card that is
 * none is no card.
 */
export function verify(bundle: Bytes, card: Bytes | Card | null, claim: Claim, limits: Limits, now: Date | bigint): Verdict {
  return inOrder(verifyBy(bundle, readCard(card), claim, limits, now));
}

/** Verifies many bundles by one card, and remembers the seals that were good. */
export class Verifier {
  readonly card: Card | null;
  private readonly memory = new Memory();

  constructor(card: Bytes | Card | null) {
    this.card = readCard(card);
  }

  verify(bundle: Bytes, claim: Claim, limits: Limits, now: Date | bigint): Verdict {
    return inOrder(verifyBy(bundle, this.card, claim, limits, now, this.memory));
  }
}

const order: readonly (keyof Verdict)[] = [
  "claim", "outcome", "exit_code", "reasons", "unproven", "notes", "verified_at", "seal", "card",
  "certificate", "records", "issuers", "evidence", "leaf", "trace",
];

/** The verdict with its members in the order in which they are read. */
function inOrder(v: Verdict): Verdict {
  return Object.fromEntries(order.filter((name) => v[name] !== undefined).map((name) => [name, v[name]])) as unknown as Verdict;
}

class Memory implements SealMemory {
  private readonly good = new Set<string>();
  has(statement: Bytes, seal: Bytes): boolean {
    return this.good.has(this.name(statement, seal));
  }
  add(statement: Bytes, seal: Bytes): void {
    if (this.good.size >= 256) this.good.delete(this.good.values().next().value!);
    this.good.add(this.name(statement, seal));
  }
  private name(statement: Bytes, seal: Bytes): string {
    return hex(sm3(statement, seal));
  }
}

function readCard(card: Bytes | Card | null): Card | null {
  if (!(card instanceof Uint8Array)) return card;
  try {
    return parseCard(card);
  } catch (e) {
    if (e instanceof CardError) return null;
    throw e;
  }
}

function verifyBy(bundle: Bytes, card: Card | null, claim: Claim, limits: Limits, at: Date | bigint, memory?: SealMemory): Verdict {
  const now = typeof at === "bigint" ? at : BigInt(at.getTime()) * 1_000_000n;
  const verdict: Verdict = {
    claim: claimFacts(claim),
    outcome: "not-established",
    exit_code: 2,
    reasons: [],
    verified_at: formatInstant(now),
  };
  const checked = checkClaim(claim);
  if (typeof checked === "string") {
    verdict.reasons = [say({ code: "bad-claim", detail: checked })];
    return verdict;
  }
  if (card === null) {
    verdict.reasons = [say({ code: "no-card" })];
    return verdict;
  }
  verdict.card = cardFacts(card);
  const notes: Said[] = card.signers.length === 0 ? [{ code: "card-unsigned" }] : [];
  const limiting = cardLimits(card, now);
  let sealed: SealedState;
  try {
    sealed = openBundle(bundle, card, maxSize(limits), memory);
  } catch (e) {
    if (!(e instanceof BundleError)) throw e;
    verdict.reasons = [...limiting, { code: e.code, detail: e.message }].map(say);
    if (notes.length > 0) verdict.notes = notes.map(say);
    return verdict;
  }
  const { statement } = sealed;
  const age = now - statement.time;
  verdict.seal = {
    height: Number(statement.height),
    time: formatInstant(statement.time),
    age_seconds: Number(wholeSeconds(age)),
    set: hex(sealed.set.hash),
    handovers: sealed.handovers,
  };
  answerInto(verdict, new State(sealed), checked, limits, now, limiting, notes);
  return verdict;
}

function cardLimits(card: Card, now: bigint): Said[] {
  const said: Said[] = [];
  if (now >= (card.notAfter + 1n) * second) said.push({ code: "card-ended", detail: "not after " + formatSeconds(card.notAfter) });
  if (now + clockSkew < card.made * second) said.push({ code: "clock-behind", detail: "made " + formatSeconds(card.made) });
  return said;
}

/** Does an answer to the claim grow old? */
function grows(claim: CheckedClaim, answer: Answer): boolean {
  const { ages } = claims[claim.kind];
  return ages === undefined || (ages === "unless it holds" && answer.outcome !== "holds");
}

function sealLimits(time: bigint, age: bigint, grows: boolean, limits: Limits): Said[] {
  const said: Said[] = [];
  if (age < -clockSkew) said.push({ code: "future", detail: formatWhole(time) });
  const most = maxAge(limits);
  if (grows && age > most) {
    said.push({ code: "stale", detail: `${formatDuration(roundToSecond(age))}, at most ${formatDuration(most)}` });
  }
  return said;
}

function roundToSecond(ns: bigint): bigint {
  return ((ns + second / 2n) / second) * second; // of ages above a limit, so not below 0
}

function answerInto(verdict: Verdict, state: State, claim: CheckedClaim, limits: Limits, now: bigint, limiting: Said[], notes: Said[]): void {
  const { time } = state.sealed.statement;
  const found: Found = { records: [], issuers: [], unproven: [], notes: [] };
  let answer: Answer;
  let failed = false;
  try {
    answer = claims[claim.kind].answer({ claim, state, limits, instant: now > time ? now : time, found });
  } catch (e) {
    let code: Code;
    if (e instanceof Unproven) code = "unproven";
    else if (e instanceof Unreadable) code = "unreadable-record";
    else throw e;
    failed = true;
    answer = { outcome: "not-established", reasons: [reason(code, e.message)] };
  }
  limiting.push(...sealLimits(time, now - time, grows(claim, answer), limits));
  const outcome: Outcome = limiting.length > 0 ? "not-established" : answer.outcome;
  verdict.outcome = outcome;
  verdict.exit_code = outcome === "holds" ? 0 : outcome === "does-not-hold" ? 1 : 2;
  verdict.reasons = [...limiting, ...answer.reasons].map(say);
  const details = found.head && findDetails(state, found.head.details);
  if (found.head !== undefined && details === undefined && !failed) found.unproven.push("details-unproven");
  const certificate = certificateFacts(found, failed ? undefined : details);
  if (found.unproven.length > 0) verdict.unproven = found.unproven.map((code) => say({ code }));
  const allNotes = [...notes, ...found.notes];
  if (allNotes.length > 0) verdict.notes = allNotes.map(say);
  if (certificate !== undefined) verdict.certificate = certificate;
  if (found.records.length > 0) verdict.records = found.records.map(recordFacts);
  if (found.issuers.length > 0) verdict.issuers = found.issuers;
  if (found.anchor !== undefined) verdict.evidence = evidenceFacts(found.anchor);
  if (found.leaf !== undefined) verdict.leaf = leafFacts(found.leaf);
  if (found.trace !== undefined) verdict.trace = traceFacts(found.trace);
}

/** The details with a digest: of the bundle, or of an entry. Undefined if there are none to be read. */
function findDetails({ sealed }: State, digest: Bytes): Details | undefined {
  let given = sealed.details.get(hex(digest));
  for (const [key, value] of sealed.entries) {
    if (given !== undefined) break;
    if (key.startsWith("0564") && value !== null && equal(sm3(value), digest)) given = value;
  }
  if (given === undefined) return undefined;
  try {
    return readDetails(given);
  } catch (e) {
    if (e instanceof Unreadable) return undefined;
    throw e;
  }
}

function say(said: Said): Reason {
  const text = texts[said.code];
  const out: Reason = { code: said.code, en: text.en, zh: text.zh };
  if (said.detail !== undefined && said.detail !== "") out.detail = said.detail;
  return out;
}
