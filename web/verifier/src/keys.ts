// Keys of the state. docs/formats.md, sections 6, 13 and 14.

import { type Bytes, ascii, concat, u64 } from "./bytes.js";
import type { Ref } from "./messages.js";
import { fromUtf8, toUtf8 } from "./utf8.js";

/** A text as a part of a key: each 00 followed by ff, then 00 01. */
function textPart(s: string): Bytes {
  const b = toUtf8(s);
  const out: number[] = [];
  for (const byte of b) {
    out.push(byte);
    if (byte === 0) out.push(0xff);
  }
  out.push(0, 1);
  return Uint8Array.from(out);
}

function key(module: number, kind: number | string, ...parts: Bytes[]): Bytes {
  const second = typeof kind === "string" ? ascii(kind) : Uint8Array.of(kind);
  return concat(Uint8Array.of(module), second, ...parts);
}

function certificate(ref: Ref): Bytes {
  return concat(textPart(ref.issuer), textPart(ref.number));
}

export const headKey = (ref: Ref): Bytes => key(5, "h", certificate(ref));
export const detailsKey = (ref: Ref): Bytes => key(5, "d", certificate(ref));
export const recordKey = (ref: Ref, n: number): Bytes => key(5, "r", certificate(ref), u64(n));
export const numberKey = (number: string): Bytes => key(5, "n", textPart(number));
export const supervisionKey = (ref: Ref): Bytes => key(5, "s", certificate(ref));
export const successorKey = (ref: Ref): Bytes => key(5, "x", certificate(ref));

export const anchorKey = (id: Bytes): Bytes => key(6, "a", id);

export const productKey = (uri: string): Bytes => key(7, "p", textPart(uri));
export const entryKey = (uri: string, n: bigint): Bytes => key(7, "e", textPart(uri), u64(n));

export const memberKey = (member: string): Bytes => key(3, 1, textPart(member));
export const memberVersionKey = (member: string, version: bigint): Bytes => key(3, 2, textPart(member), u64(version));
export const approvalNumberKey = (number: string): Bytes => key(3, 4, textPart(number));
export const keyKey = (publicKey: Bytes): Bytes => key(3, 6, publicKey);
export const grantKey = (member: string, n: bigint): Bytes => key(3, 10, textPart(member), u64(n));
export const grantsKey = (member: string, mark: string, scheme: string): Bytes =>
  key(3, 12, textPart(member), textPart(mark), textPart(scheme));

/** The texts that a key ends with, or undefined if it has another form. */
export function textParts(b: Bytes): string[] | undefined {
  const parts: string[] = [];
  let part: number[] = [];
  for (let i = 0; i < b.length; i++) {
    if (b[i] !== 0) {
      part.push(b[i]!);
      continue;
    }
    i++;
    if (b[i] === 0xff) {
      part.push(0);
    } else if (b[i] === 1) {
      const s = fromUtf8(Uint8Array.from(part));
      if (s === undefined) return undefined;
      parts.push(s);
      part = [];
    } else {
      return undefined;
    }
  }
  return part.length === 0 ? parts : undefined;
}
