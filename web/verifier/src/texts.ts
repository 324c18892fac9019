// Texts and hashes in the form that the ledger writes: docs/formats.md, appendix B.

import { type Bytes, equal, isZero } from "./bytes.js";
import { Unreadable } from "./state.js";
import { toUtf8 } from "./utf8.js";

export function need(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Unreadable("a value without the form that it must have: " + what);
}

/** 32 bytes that are not all zero, or none. */
export function needHash(b: Bytes, what: string): void {
  need(b.length === 0 || (b.length === 32 && !isZero(b)), what);
}

/** Up to 64 hashes, each once. */
export function needHashes(list: Bytes[], what: string): void {
  need(list.length <= 64, what);
  list.forEach((h, i) => {
    need(h.length === 32 && !isZero(h), what);
    for (let j = 0; j < i; j++) need(!equal(list[j]!, h), what);
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
export function needText(s: string, most: number, what: string): void {
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
