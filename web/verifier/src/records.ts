// Certificates as they stand in the state: their messages, and the form that
// their values have. docs/formats.md, section 13.

import type { Bytes } from "./bytes.js";
import * as m from "./messages.js";
import { isRef, needDetails, needHead, needRecord } from "./forms.js";
import { isAscending, need } from "./texts.js";
import { Unreadable } from "./state.js";
import { type Message, WireError } from "./wire.js";

export interface Head extends m.Head {
  readonly standing: m.Standing;
}

export interface Record extends m.Record {
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

/** The head of a certificate, which names it. */
export function readHead(ref: m.Ref): (b: Bytes) => Head {
  return (b) => {
    const h: m.Head = decode(m.Head, b);
    needHead(h);
    need(h.issuer === ref.issuer && h.number === ref.number, "a head that names another certificate");
    return h;
  };
}

/** Record n of a certificate, which says so. */
export function readRecord(ref: m.Ref, n: number): (b: Bytes) => Record {
  return (b) => {
    const r = decode(m.Record, b);
    needRecord(r);
    need(r.n === n && r.after!.issuer === ref.issuer && r.after!.number === ref.number, "a record of something else");
    return r as Record;
  };
}

export function readDetails(b: Bytes): m.Details {
  const d = decode(m.Details, b);
  needDetails(d);
  return d;
}

export function readIssuers(b: Bytes): string[] {
  const { issuers } = decode(m.Issuers, b);
  need(issuers.length > 0 && isAscending(issuers), "issuers that are not ascending");
  return issuers;
}

export function readSupervision(b: Bytes): m.Supervision {
  const s = decode(m.Supervision, b);
  need(s.orders.every((o, i) => i === 0 || s.orders[i - 1]!.record < o.record), "orders that are not ascending");
  need(s.orders.length + s.flags.length > 0 && isAscending(s.flags), "nothing, or warnings that are not ascending");
  return s;
}

export function readSuccessor(b: Bytes): m.Ref {
  const ref = decode(m.Ref, b);
  need(isRef(ref), "a successor");
  return ref;
}
