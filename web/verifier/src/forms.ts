// The form of certificates that the ledger writes: docs/formats.md, appendix B. A
// value without it is unreadable, since a program that knows it, of a later
// version, might read it otherwise.

import { equal, isZero } from "./bytes.js";
import { type Day, dayOf, isDay, yearOf } from "./civil.js";
import { countries } from "./countries.js";
import type * as m from "./messages.js";
import { actionNumbers, next, stated } from "./transitions.js";
import { Bit, Status, has } from "./rules.js";
import { actions, productChanges, productReasons, productReserved, reissues, systemChanges, systemReasons, systemReserved } from "./tables.js";
import { need, needHash, needHashes, needText } from "./texts.js";

export const isIssuer = (s: string): boolean => /^[0-9A-Z-]{1,24}$/.test(s);
export const isNumber = (s: string): boolean => /^[0-9A-Z/_.()-]{1,60}$/.test(s);

export const isRef = (r: m.Ref): boolean => isIssuer(r.issuer) && isNumber(r.number);

/** The family of an item code, or 0. */
function familyOf(scheme: string): number {
  if (!/^[ABC](?!00)\d\d(\d\d){0,2}$/.test(scheme)) return 0;
  if (scheme[0] === "A") return 1;
  if (scheme[0] === "C") return 4;
  return scheme.startsWith("B01") ? 2 : 3;
}

export const isScheme = (s: string): boolean => familyOf(s) !== 0;

const isSystem = (family: number): boolean => family === 1 || family === 4;

/** Sixteen digits: year, body, product category, serial. */
function isCccNumber(ref: m.Ref, issued: Day): boolean {
  const { issuer, number } = ref;
  if (!/^\d{16}$/.test(number)) return false;
  const year = Number(number.slice(0, 4));
  const body = number.slice(4, 6);
  if (year < 2002 || year > yearOf(issued) || body === "00" || number.slice(6, 8) === "00") return false;
  return (body === "01") === (issuer === "CNCA-R-2002-001");
}

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const usccWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** A unified social credit code, an organisation code, or country and registration abroad. */
function isHolder(code: string): boolean {
  if (code.length === 18 && isUscc(code)) return true;
  if (/^[0-9A-Z]{8}[0-9X]$/.test(code) && isOrganisation(code)) return true;
  const m = /^(\d{3}):([0-9A-Z/.-]{1,24})$/.exec(code);
  return m !== null && m[1] !== "156" && countries.has(m[1]!);
}

function isUscc(code: string): boolean {
  if (!/^[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}$/.test(code)) return false;
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += usccWeights[i]! * usccAlphabet.indexOf(code[i]!);
  return usccAlphabet.indexOf(code[17]!) === (31 - (sum % 31)) % 31;
}

function isOrganisation(code: string): boolean {
  const sum = [3, 7, 9, 10, 5, 8, 4, 2].reduce((s, w, i) => s + w * parseInt(code[i]!, 36), 0);
  return code[8] === "0X987654321"[sum % 11];
}

function reasonsOf(family: number, status: number): { readonly [code: string]: unknown } | undefined {
  return (isSystem(family) ? systemReasons : productReasons)[status];
}

function needStanding(s: m.Standing): void {
  need(s.family >= 1 && s.family <= 4 && s.status >= 1 && s.status <= 6, "family or status");
  const suspended = s.status === Status.suspended;
  need(isDay(s.since) && isDay(s.issued) && isDay(s.expires), "a date");
  for (const d of [s.suspendedFrom, s.suspendedUntil]) need(suspended ? isDay(d) : d === 0, "a date of the suspension");
  need(s.orderDue === 0 || isDay(s.orderDue), "the deadline of an order");
  need(s.issued <= s.expires && s.suspendedFrom <= s.suspendedUntil, "the order of dates");
  need(s.flags < 128, "flags that are not stored");
  need(suspended || !has(s.flags, Bit.suspensionOverdue), "overdue, but not suspended");
  need(s.status > Status.suspended || !has(s.flags, Bit.replaced), "replaced, but not closed");
  const reasons = reasonsOf(s.family, s.status);
  need(reasons === undefined ? s.reason === "" : Object.hasOwn(reasons, s.reason), "the reason");
}

export function needHead(h: m.Head | undefined): asserts h is m.Head & { standing: m.Standing } {
  need(h !== undefined && h.standing !== undefined, "no head, or no standing");
  need(isRef(h), "issuer or number");
  const s = h.standing;
  const family = familyOf(h.scheme);
  need(family !== 0 && family === s.family, "the scheme, or its family");
  need(family !== 2 || isCccNumber(h, s.issued), "the number of a CCC certificate");
  need(isHolder(h.holder), "the holder");
  need(isDay(h.firstIssued) && h.firstIssued <= s.issued, "the date of first issue");
  need(h.version >= 1 && h.records >= 1 && h.version <= h.records, "version or records");
  need(h.details.length === 32 && !isZero(h.details), "the digest of the details");
  needStanding(s);
}

export function needRecord(r: m.Record): void {
  needHead(r.after);
  const { after } = r;
  const s = after.standing;
  const action = actions[r.action - 1];
  need(action !== undefined, "the action");
  const [name, , by] = action;
  need(r.n >= 1 && r.n === after.records, "its number");
  const to = next(s.family, r.from, name);
  need(to === stated || to === s.status, "the act does not lead from the one status to the other");
  need((r.n === 1) === (r.from === 0), "the status before");
  need(name !== "import" || s.status !== Status.annulled, "an import of what is annulled");
  const nobody = by === "chain" || by === "governance";
  need(nobody === (r.actor === "") && nobody === (r.signers.length === 0), "who did it");
  needHash(r.tx, "the transaction");
  need((by === "chain") === (r.tx.length === 0), "the transaction");
  need(isDay(r.decided) && r.height >= 1n && r.time >= 1n && r.decided <= dayOf(r.time), "when it was done");
  needHash(r.detailsBefore, "the details before");
  const same = equal(r.detailsBefore, after.details);
  need(!same && (r.n > 1 || r.detailsBefore.length === 0), "the details before");
  const replaces = name === "renew" || name === "transfer";
  need(replaces ? r.link !== undefined && isRef(r.link) : r.link === undefined, "the link");
  need((name === "reverse") === (r.reverses !== 0) && r.reverses < r.n, "what it reverses");
  need(r.signers.length <= 16, "too many signers");
  needCodes(r, name, s);
  if (r.note !== "") needText(r.note, 1000, "the note");
  if (r.actor !== "") needText(r.actor, 64, "the actor");
  for (const signer of r.signers) {
    needText(signer.member, 64, "a signer");
    need(signer.duty >= 1 && signer.duty <= 255, "a signer's duty");
    need(signer.key.length === 33 && (signer.key[0] === 2 || signer.key[0] === 3), "a signer's key");
  }
  needHashes(r.evidence, "evidence");
}

/** The codes that go with an act. */
function needCodes(r: m.Record, action: string, s: m.Standing): void {
  const system = isSystem(s.family);
  if (["suspend", "revoke", "cancel"].includes(action)) {
    const status = actionNumbers[action as "suspend" | "revoke" | "cancel"];
    const reserved = (status === 3 && system ? systemReserved : status === 4 && !system ? productReserved : []).includes(s.reason);
    need(Object.hasOwn(reasonsOf(s.family, status) ?? {}, s.reason) && !reserved, "the reason");
  } else if (action === "lapse") {
    need(s.reason === (system ? "" : "0201"), "the reason");
  } else if ((action === "renew" || action === "transfer") && r.from !== 0) {
    need(s.reason === (system ? "0120" : "0204"), "the reason");
  }
  const bears = (table: typeof reissues, code: string) => table.some(([c, of]) => c === code && of.includes(action));
  const mustReissue = action === "renew" || action === "transfer";
  need((r.reissueReason === "" && !mustReissue) || bears(reissues, r.reissueReason), "the reissue reason");
  const amends = r.action >= 7 && r.action <= 13;
  need(amends ? bears(system ? systemChanges : productChanges, r.changeType) : r.changeType === "", "the change type");
}

const isEmptyParty = (p: m.Party): boolean => Object.values(p).every((v) => v === "");

export function needDetails(d: m.Details): void {
  for (const p of [d.holder, d.producer, d.factory]) need(p === undefined || !isEmptyParty(p), "an organisation without anything");
  need(d.main === undefined || d.main.issuer !== "" || d.main.number !== "", "a main certificate without a name");
  needHash(d.document, "the digest of the document");
  for (const e of d.evidence) need(e.length === 32, "evidence");
}
