// The form of values that the ledger writes: docs/formats.md, appendix B. A value
// without it is unreadable, since a program that knows it, of a later version,
// might read it otherwise.

import { type Bytes, isZero } from "./bytes.js";
import { type Day, dayOf, isDay, yearOf } from "./civil.js";
import { countries } from "./countries.js";
import type * as m from "./messages.js";
import { actionNumbers, next, stated } from "./transitions.js";
import { Bit, Status, has } from "./rules.js";
import { actions, productChanges, productReasons, productReserved, reissues, systemChanges, systemReasons, systemReserved } from "./tables.js";
import { toUtf8 } from "./utf8.js";
import { Unreadable } from "./state.js";

export function need(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Unreadable("a value without the form that it must have: " + what);
}

export const isIssuer = (s: string): boolean => /^[0-9A-Z-]{1,24}$/.test(s);
export const isNumber = (s: string): boolean => /^[0-9A-Z/_.()-]{1,60}$/.test(s);

export const isRef = (r: m.Ref): boolean => isIssuer(r.issuer) && isNumber(r.number);

// ---- Hashes and texts

/** 32 bytes that are not all zero, or none. */
export function needHash(b: Bytes, what: string): void {
  need(b.length === 0 || (b.length === 32 && !isZero(b)), what);
}

/** Up to 64 hashes, each once. */
function needHashes(list: Bytes[], what: string): void {
  need(list.length <= 64, what);
  list.forEach((h, i) => {
    need(h.length === 32 && !isZero(h), what);
    for (let j = 0; j < i; j++) need(list[j]!.some((byte, k) => byte !== h[k]), what);
  });
}

const space = /[\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;

const forbidden = new RegExp(
  "[" +
    "\\u{0}-\\u{1f}\\u{7f}-\\u{9f}\\u{ad}\\u{34f}\\u{600}-\\u{605}\\u{61c}\\u{6dd}\\u{70f}\\u{890}-\\u{891}\\u{8e2}" +
    "\\u{115f}-\\u{1160}\\u{17b4}-\\u{17b5}\\u{180b}-\\u{180f}\\u{200b}-\\u{200f}\\u{2028}-\\u{202e}\\u{2060}-\\u{206f}" +
    "\\u{3164}\\u{e000}-\\u{f8ff}\\u{fdd0}-\\u{fdef}\\u{fe00}-\\u{fe0f}\\u{feff}\\u{ffa0}\\u{fff0}-\\u{fffb}\\u{fffd}-\\u{ffff}" +
    "\\u{110bd}\\u{110cd}\\u{13430}-\\u{1343f}\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}\\u{f0000}-\\u{10ffff}" +
    Array.from({ length: 16 }, (_, i) => `\\u{${(i + 1).toString(16)}fffe}-\\u{${(i + 1).toString(16)}ffff}`).join("") +
    "]",
  "u",
);

/** A text of at most so many bytes for people. */
function needText(s: string, most: number, what: string): void {
  const chars = [...s];
  need(s !== "" && toUtf8(s).length <= most, what);
  need(!space.test(chars[0]!) && !space.test(chars[chars.length - 1]!) && !forbidden.test(s), what);
}

/** Whether texts are in strictly ascending order of their bytes, and none is empty. */
export function isAscending(list: string[]): boolean {
  return list.every((s, i) => s !== "" && (i === 0 || before(list[i - 1]!, s)));
}

/** Whether a sorts before b by bytes of UTF-8, which is the order of code points. */
function before(a: string, b: string): boolean {
  const x = [...a], y = [...b];
  for (let i = 0; i < x.length && i < y.length; i++) {
    if (x[i] !== y[i]) return x[i]!.codePointAt(0)! < y[i]!.codePointAt(0)!;
  }
  return x.length < y.length;
}

// ---- Certificates

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
  const same = r.detailsBefore.length > 0 && r.detailsBefore.every((byte, i) => byte === after.details[i]);
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

// ---- Members

export function needAct(a: m.Act | undefined): asserts a is m.Act {
  need(a !== undefined, "an act that is not there");
  needHash(a.tx, "the transaction of an act");
  for (const k of a.keys) need(k.length === 33, "a key of an act");
}

export function needMember(v: m.Member): asserts v is m.Member & { profile: NonNullable<m.Member["profile"]>; act: m.Act } {
  need(v.profile !== undefined, "a member without a profile");
  const { foreign, roles } = v.profile;
  need(foreign === undefined || foreign.country !== "" || foreign.authority !== "" || foreign.number !== "", "a registration abroad without anything");
  for (const r of roles) need(r >= 0 && r <= 7, "a role");
  need(v.version >= 1n && v.status >= 1 && v.status <= 3 && v.change >= 1 && v.change <= 8, "version, status or change");
  needAct(v.act);
}

export function needKey(k: m.Key): void {
  need(k.duty >= 1 && k.duty <= 4, "the duty of a key");
  needAct(k.registered);
  need(k.replaces.length === 0 || (k.replaces.length === 33 && !isZero(k.replaces)), "the key that it replaces");
  if (k.end !== undefined) {
    need(k.end.reason >= 1 && k.end.reason <= 5, "how a key ended");
    needAct(k.end.act);
  }
  if (k.compromise !== undefined) {
    need(k.compromise.since !== 0n, "since when a key is compromised");
    needAct(k.compromise.act);
  }
}

export function needGrant(g: m.Grant): void {
  need(isDay(g.from) && isDay(g.until), "the dates of a grant");
  needAct(g.act);
  for (const s of g.steps) {
    need(s.kind >= 1 && s.kind <= 4 && isDay(s.date), "a step of a grant");
    needAct(s.act);
  }
}
