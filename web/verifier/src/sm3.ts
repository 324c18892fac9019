// SM3, GB/T 32905-2016: 32 bytes, over blocks of 64.

import type { Bytes } from "./bytes.js";

/** The chaining value after whole blocks, and how many bytes they had. */
export interface Midstate {
  readonly state: Int32Array;
  readonly length: number;
}

const IV = Int32Array.of(
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
);

const start: Midstate = { state: IV, length: 0 };

// T[j] <<< j
const T = new Int32Array(64);
for (let j = 0; j < 64; j++) T[j] = rotl(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32);

const W = new Int32Array(68);
const tail = new Uint8Array(128);
const chaining = new Int32Array(8);

function rotl(x: number, n: number): number {
  return (x << n) | (x >>> (32 - n));
}

/** SM3 of the parts, one after the other. */
export function sm3(...parts: Bytes[]): Bytes {
  return sm3From(start, ...parts);
}

/** The chaining value after blocks, whose length is a multiple of 64. */
export function midstate(blocks: Bytes): Midstate {
  const state = IV.slice();
  for (let i = 0; i < blocks.length; i += 64) compress(state, blocks, i);
  return { state, length: blocks.length };
}

/** SM3 of the blocks of mid and then the parts. */
export function sm3From(mid: Midstate, ...parts: Bytes[]): Bytes {
  chaining.set(mid.state);
  let total = mid.length;
  let held = 0;
  for (const part of parts) {
    total += part.length;
    held = absorb(chaining, tail, held, part);
  }
  return finish(chaining, tail, held, total);
}

/** SM3 of what comes piece by piece, as a file that is read. */
export class Sm3 {
  private readonly state = IV.slice();
  private readonly tail = new Uint8Array(128);
  private held = 0;
  private total = 0;

  update(part: Bytes): this {
    this.total += part.length;
    this.held = absorb(this.state, this.tail, this.held, part);
    return this;
  }

  /** The hash of all so far; more may follow. */
  digest(): Bytes {
    return finish(this.state.slice(), this.tail.slice(), this.held, this.total);
  }
}

/** Takes part in after the held bytes of tail; how many are held then, below 64. */
function absorb(state: Int32Array, tail: Bytes, held: number, part: Bytes): number {
  let i = 0;
  if (held > 0) {
    i = Math.min(64 - held, part.length);
    tail.set(part.subarray(0, i), held);
    if (held + i < 64) return held + i;
    compress(state, tail, 0);
  }
  for (; i + 64 <= part.length; i += 64) compress(state, part, i);
  tail.set(part.subarray(i));
  return part.length - i;
}

/** The hash of total bytes, the last held of which are in tail. */
function finish(state: Int32Array, tail: Bytes, held: number, total: number): Bytes {
  tail.fill(0, held);
  tail[held] = 0x80;
  const end = held < 56 ? 64 : 128;
  const view = new DataView(tail.buffer);
  view.setUint32(end - 8, Math.floor(total / 0x20000000));
  view.setUint32(end - 4, (total << 3) >>> 0);
  for (let i = 0; i < end; i += 64) compress(state, tail, i);
  const out = new Uint8Array(32);
  for (let i = 0; i < 8; i++) {
    const x = state[i]!;
    out[4 * i] = x >>> 24;
    out[4 * i + 1] = x >>> 16;
    out[4 * i + 2] = x >>> 8;
    out[4 * i + 3] = x;
  }
  return out;
}

function compress(v: Int32Array, block: Bytes, offset: number): void {
  for (let j = 0; j < 16; j++, offset += 4) {
    W[j] = (block[offset]! << 24) | (block[offset + 1]! << 16) | (block[offset + 2]! << 8) | block[offset + 3]!;
  }
  for (let j = 16; j < 68; j++) {
    const x = W[j - 16]! ^ W[j - 9]! ^ rotl(W[j - 3]!, 15);
    W[j] = x ^ rotl(x, 15) ^ rotl(x, 23) ^ rotl(W[j - 13]!, 7) ^ W[j - 6]!;
  }
  let a = v[0]!, b = v[1]!, c = v[2]!, d = v[3]!, e = v[4]!, f = v[5]!, g = v[6]!, h = v[7]!;
  for (let j = 0; j < 16; j++) {
    const a12 = rotl(a, 12);
    const ss1 = rotl((a12 + e + T[j]!) | 0, 7);
    const tt1 = ((a ^ b ^ c) + d + (ss1 ^ a12) + (W[j]! ^ W[j + 4]!)) | 0;
    const tt2 = ((e ^ f ^ g) + h + ss1 + W[j]!) | 0;
    d = c;
    c = rotl(b, 9);
    b = a;
    a = tt1;
    h = g;
    g = rotl(f, 19);
    f = e;
    e = tt2 ^ rotl(tt2, 9) ^ rotl(tt2, 17);
  }
  for (let j = 16; j < 64; j++) {
    const a12 = rotl(a, 12);
    const ss1 = rotl((a12 + e + T[j]!) | 0, 7);
    const tt1 = (((a & b) | (a & c) | (b & c)) + d + (ss1 ^ a12) + (W[j]! ^ W[j + 4]!)) | 0;
    const tt2 = (((e & f) | (~e & g)) + h + ss1 + W[j]!) | 0;
    d = c;
    c = rotl(b, 9);
    b = a;
    a = tt1;
    h = g;
    g = rotl(f, 19);
    f = e;
    e = tt2 ^ rotl(tt2, 9) ^ rotl(tt2, 17);
  }
  v[0]! ^= a;
  v[1]! ^= b;
  v[2]! ^= c;
  v[3]! ^= d;
  v[4]! ^= e;
  v[5]! ^= f;
  v[6]! ^= g;
  v[7]! ^= h;
}
