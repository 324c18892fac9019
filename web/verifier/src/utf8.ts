// Text in UTF-8, strictly.

import type { Bytes } from "./bytes.js";

// Of the language's host: browsers and Node have it.
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(b: Bytes): string;
}
declare class TextEncoder {
  encode(s: string): Bytes;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The text that b is, or undefined if it is not UTF-8. */
export function fromUtf8(b: Bytes): string | undefined {
  try {
    return decoder.decode(b);
  } catch {
    return undefined;
  }
}

export function toUtf8(s: string): Bytes {
  return encoder.encode(s);
}
