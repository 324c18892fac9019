// Certificates as they stand in the state: their messages, and the form that
// their values have. docs/formats.md, section 13.

import type { Bytes } from "./bytes.js";
import * as m from "./messages.js";
import { Unreadable } from "./state.js";
import { type Message, WireError } from "./wire.js";

export const isIssuer = (s: string): boolean => /^[0-9A-Z-]{1,24}$/.test(s);
export const isNumber = (s: string): boolean => /^[0-9A-Z/_.()-]{1,60}$/.test(s);

export interface Head {
  readonly issuer: string;
  readonly number: string;
  readonly scheme: string;
  readonly holder: string;
  readonly firstIssued: number;
  readonly version: number;
  readonly records: number;
  readonly details: Bytes;
  readonly standing: m.Standing;
}

export interface Record extends Omit<m.Record, "after"> {
  readonly after: Head;
}

/** Reads a message in its canonical form; throws Unreadable. */
export function decode<V>(type: Message<V>, b: Bytes): V {
  try {
    return type.decode(b);
  } catch (e) {
    if (e instanceof WireError) throw new Unreadable(e.message);
    throw e;
  }
}

export function need(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Unreadable("a value without the form it must have: " + what);
}

export function readHead(b: Bytes): Head {
  need(b.length <= 256, "a head of more than 256 bytes");
  return checkHead(decode(m.Head, b));
}

function checkHead(h: m.Head | undefined): Head {
  need(h !== undefined && h.standing !== undefined, "no head, or no standing");
  need(isIssuer(h.issuer) && isNumber(h.number), "issuer and number");
  need(h.details.length === 32, "the digest of the details");
  need(h.version >= 1 && h.records >= 1, "version and records");
  const s = h.standing;
  need(s.family >= 1 && s.family <= 4 && s.status >= 1 && s.status <= 6, "family and status");
  for (const d of [h.firstIssued, s.since, s.issued, s.expires, s.suspendedFrom, s.suspendedUntil, s.orderDue]) {
    need(d >= 0, "a date");
  }
  need(s.flags < 128, "flags");
  return { ...h, standing: s };
}

export function readRecord(b: Bytes): Record {
  const r = decode(m.Record, b);
  const after = checkHead(r.after);
  need(r.n >= 1 && r.action >= 1 && r.action <= 24, "number and action");
  need(r.from >= 0 && r.from <= 6, "the status before");
  need(r.decided >= 1, "the date of the decision");
  return { ...r, after };
}

export function readDetails(b: Bytes): m.Details {
  return decode(m.Details, b);
}

export function readIssuers(b: Bytes): string[] {
  const { issuers } = decode(m.Issuers, b);
  need(issuers.length > 0, "no issuers");
  issuers.forEach((s, i) => need(isIssuer(s) && (i === 0 || issuers[i - 1]! < s), "issuers"));
  return issuers;
}

export function readSupervision(b: Bytes): m.Supervision {
  return decode(m.Supervision, b);
}

export function readSuccessor(b: Bytes): m.Ref {
  const ref = decode(m.Ref, b);
  need(isIssuer(ref.issuer) && isNumber(ref.number), "a successor");
  return ref;
}
