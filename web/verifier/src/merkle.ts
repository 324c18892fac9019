// Merkle trees of evidence: RFC 9162, section 2.1, with SM3. docs/formats.md,
// section 8.

import { type Bytes, equal, readU64 } from "./bytes.js";
import { sm3 } from "./sm3.js";

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export function leafHash(item: Bytes): Bytes {
  return sm3(leafPrefix, item);
}

function node(left: Bytes, right: Bytes): Bytes {
  return sm3(nodePrefix, left, right);
}

/** The root of items. */
export function merkleRoot(items: Bytes[]): Bytes {
  if (items.length === 0) return sm3();
  if (items.length === 1) return leafHash(items[0]!);
  let m = 1;
  while (2 * m < items.length) m *= 2;
  return node(merkleRoot(items.slice(0, m)), merkleRoot(items.slice(m)));
}

/** Whether the bytes have the form of an inclusion proof. */
export function isInclusionProof(proof: Bytes): boolean {
  if (proof.length < 16) return false;
  const index = readU64(proof, 0), size = readU64(proof, 8);
  return index < size && proof.length === 16 + 32 * inclusionLength(index, size);
}

/** Whether proof shows item in the tree of a trusted root and size; if so, at which index. */
export function verifyInclusion(root: Bytes, size: bigint, item: Bytes, proof: Bytes): bigint | undefined {
  if (!isInclusionProof(proof) || readU64(proof, 8) !== size) return undefined;
  const index = readU64(proof, 0);
  let h = leafHash(item);
  let f = index, g = size - 1n;
  for (let at = 16; at < proof.length; at += 32) {
    const c = proof.subarray(at, at + 32);
    if ((f & 1n) === 1n || f === g) {
      h = node(c, h);
      while ((f & 1n) === 0n && f !== 0n) {
        f >>= 1n;
        g >>= 1n;
      }
    } else {
      h = node(h, c);
    }
    f >>= 1n;
    g >>= 1n;
  }
  return equal(h, root) && g === 0n ? index : undefined;
}

function inclusionLength(index: bigint, size: bigint): number {
  const inner = bitLength(index ^ (size - 1n));
  let border = 0;
  for (let x = index >> BigInt(inner); x > 0n; x >>= 1n) if ((x & 1n) === 1n) border++;
  return inner + border;
}

function bitLength(x: bigint): number {
  return x === 0n ? 0 : x.toString(2).length;
}
