// Strings of bytes.

export type Bytes = Uint8Array;

export const empty: Bytes = new Uint8Array(0);

export function hex(b: Bytes): string {
  let s = "";
  for (let i = 0; i < b.length; i++) s += digits[b[i]!];
  return s;
}

const digits = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

export function concat(...parts: Bytes[]): Bytes {
  let n = 0;
  for (const p of parts) n += p.length;
  const out = new Uint8Array(n);
  n = 0;
  for (const p of parts) {
    out.set(p, n);
    n += p.length;
  }
  return out;
}

export function equal(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Below 0, 0 or above 0, as a sorts before, with or after b. */
export function compare(a: Bytes, b: Bytes): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** Whether part occurs in whole. */
export function contains(whole: Bytes, part: Bytes): boolean {
  outer: for (let i = 0; i + part.length <= whole.length; i++) {
    for (let j = 0; j < part.length; j++) if (whole[i + j] !== part[j]) continue outer;
    return true;
  }
  return false;
}

export function startsWith(b: Bytes, prefix: Bytes): boolean {
  return b.length >= prefix.length && equal(b.subarray(0, prefix.length), prefix);
}

export function isZero(b: Bytes): boolean {
  for (let i = 0; i < b.length; i++) if (b[i] !== 0) return false;
  return true;
}

/** The bytes of a string of ASCII characters. */
export function ascii(s: string): Bytes {
  const out = new Uint8Array(s.length);
  for (let i = 0; i < s.length; i++) out[i] = s.charCodeAt(i);
  return out;
}

/** n in 8 bytes, the most significant first. */
export function u64(n: bigint | number): Bytes {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(n));
  return out;
}

/** The number in 8 bytes of b from offset on. */
export function readU64(b: Bytes, offset: number): bigint {
  return new DataView(b.buffer, b.byteOffset, b.byteLength).getBigUint64(offset);
}

/** The number that all of b is. */
export function toBigint(b: Bytes): bigint {
  return b.length === 0 ? 0n : BigInt("0x" + hex(b));
}

/** A tag: a name in a whole block of 64 bytes. docs/formats.md, section 2. */
export function tagBlock(name: string): Bytes {
  const out = new Uint8Array(64);
  out.set(ascii(name));
  return out;
}
