// The text of a QR code: an address whose fragment is a bundle in base 41.
//
//     HTTPS://HOST/V#TEXT
//
// Let P = bundle ‖ the first 4 bytes of its SM3. Two bytes of P, as a number
// 256·a + b, are three characters, the least significant first; a last single
// byte is two. A bundle has exactly one text. docs/decisions/0008.

import { type Bytes, equal } from "./bytes.js";
import { sm3 } from "./sm3.js";

/** The text does not carry a bundle: it may be cut off or damaged. */
export class TextError extends Error {}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+-/.:";
const sumSize = 4;

/** The bundle that an address, its fragment or the text alone carries; throws TextError. */
export function decodeText(text: string): Bytes {
  const trimmed = trim(text);
  const body = trimmed.slice(trimmed.indexOf("#") + 1);
  if (body.length % 3 === 1) throw new TextError("not the text of a bundle: it is cut off");
  const p = new Uint8Array(Math.floor(body.length / 3) * 2 + (body.length % 3 === 2 ? 1 : 0));
  let n = 0;
  for (let i = 0; i < body.length; i += 3) {
    const last = body.length - i === 2;
    let value = digit(body, i) + 41 * digit(body, i + 1);
    if (!last) value += 41 * 41 * digit(body, i + 2);
    if (value > (last ? 0xff : 0xffff)) throw new TextError("not the text of a bundle: it is damaged");
    if (!last) p[n++] = value >> 8;
    p[n++] = value & 0xff;
  }
  if (p.length < sumSize) throw new TextError("not the text of a bundle: it is too short");
  const bundle = p.subarray(0, p.length - sumSize);
  if (!equal(sm3(bundle).subarray(0, sumSize), p.subarray(p.length - sumSize))) {
    throw new TextError("not the text of a bundle: its check sum is another; it is cut off or damaged");
  }
  return bundle;
}

/** The text without white space of ASCII at its ends: trim takes off more, and not what other languages do. */
function trim(text: string): string {
  let start = 0, end = text.length;
  while (start < end && space.includes(text[start]!)) start++;
  while (end > start && space.includes(text[end - 1]!)) end--;
  return text.slice(start, end);
}

const space = "\t\n\v\f\r ";

function digit(text: string, i: number): number {
  const d = alphabet.indexOf(text.charAt(i));
  if (d < 0) throw new TextError("not the text of a bundle: a character that is of no such text");
  return d;
}
