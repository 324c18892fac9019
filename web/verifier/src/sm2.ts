// SM2 signatures, GB/T 32918.2-2016 on the curve of GB/T 32918.5-2017, verified.
// docs/formats.md, section 7. Points are added and doubled by @noble/curves.

import { weierstrass } from "@noble/curves/abstract/weierstrass.js";

import { type Bytes, ascii, concat, hex, toBigint } from "./bytes.js";
import { sm3 } from "./sm3.js";

const p = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const n = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const a = p - 3n;
const b = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
const xG = 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n;
const yG = 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n;

const Point = weierstrass({ p, n, h: 1n, a, b, Gx: xG, Gy: yG });
type Point = InstanceType<typeof Point>;

const { Fp, Fn } = Point;

/** A key that is a point of the curve. */
export interface PublicKey {
  readonly point: Point;
  /** Z_A: what stands before every message. */
  readonly za: Bytes;
  /** How many signatures were looked at. */
  uses: number;
}

/** The key in 33 bytes, or undefined if they are none. */
export function publicKey(encoded: Bytes): PublicKey | undefined {
  if (encoded.length !== 33 || (encoded[0] !== 2 && encoded[0] !== 3)) return undefined;
  const name = hex(encoded);
  const known = keys.get(name);
  if (known !== undefined) return known;
  const x = toBigint(encoded.subarray(1));
  if (x >= p) return undefined;
  const square = Fp.add(Fp.mul(Fp.add(Fp.sqr(x), a), x), b);
  let y: bigint;
  try {
    y = Fp.sqrt(square); // throws if there is none
  } catch {
    return undefined;
  }
  if (Number(y & 1n) !== encoded[0] - 2) y = Fp.neg(y);
  const key = { point: Point.fromAffine({ x, y }), za: identity(x, y), uses: 0 };
  if (keys.size >= maxKeys) keys.delete(keys.keys().next().value!);
  keys.set(name, key);
  return key;
}

// The same few keys seal everything: what is computed of them is kept, which
// changes no result. The one that came first goes first.
const maxKeys = 256;
const keys = new Map<string, PublicKey>();

const idAndCurve = concat(
  Uint8Array.of(0x00, 0x80), ascii("1234567812345678"), number32(a), number32(b), number32(xG), number32(yG),
);

function identity(x: bigint, y: bigint): Bytes {
  return sm3(idAndCurve, number32(x), number32(y));
}

function number32(x: bigint): Bytes {
  const out = new Uint8Array(32);
  for (let i = 31; i >= 0; i--, x >>= 8n) out[i] = Number(x & 0xffn);
  return out;
}

/** e = SM3(Z_A ‖ M), the number that is signed. */
export function signedDigest(key: PublicKey, message: Bytes): Bytes {
  return sm3(key.za, message);
}

/** Whether signature, r ‖ s, is one of message by key. */
export function verifySignature(key: PublicKey, message: Bytes, signature: Bytes): boolean {
  if (signature.length !== 64) return false;
  const r = toBigint(signature.subarray(0, 32));
  const s = toBigint(signature.subarray(32));
  if (r < 1n || r >= n || s < 1n || s >= n) return false;
  const t = (r + s) % n;
  if (t === 0n) return false;
  const sum = combination(key, s, t);
  if (sum.is0()) return false;
  const e = toBigint(signedDigest(key, message));
  // x₁ mod n = (r − e) mod n, without the division that x₁ = X/Z would cost.
  const x = Fn.create(r - e);
  return isX(sum, x) || (x + n < p && isX(sum, x + n));
}

/** Whether the point has this x. */
function isX(point: Point, x: bigint): boolean {
  return Fp.eql(Fp.mul(x, point.Z), point.X);
}

// From so many signatures on, a table of multiples pays for itself.
const manyUses = 10;

/** [s]G + [t]P. */
function combination(key: PublicKey, s: bigint, t: bigint): Point {
  key.uses++;
  if (key.uses < manyUses) return Point.BASE.mulAddUnsafe(s, key.point, t);
  if (key.uses === manyUses) key.point.precompute(5, false);
  return Point.BASE.multiplyUnsafe(s).add(key.point.multiplyUnsafe(t));
}
