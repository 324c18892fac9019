// Proofs of the state trie: that a key is there with a value, or is not there.
// docs/formats.md, sections 3 and 4.

import { type Bytes, equal, isZero, tagBlock } from "./bytes.js";
import { type Midstate, midstate, sm3, sm3From } from "./sm3.js";

/** Why a proof was refused, as the vectors name it; undefined if it holds. */
export type Refusal =
  | "ErrTruncated" | "ErrTrailing" | "ErrUnknownKind" | "ErrBitmapSize" | "ErrBitmapZero"
  | "ErrWrongKind" | "ErrSamePath" | "ErrOffPath" | "ErrRoot";

const leafTag = midstate(tagBlock("hallmark/store/leaf/v1"));

const forkTags: Midstate[] = [];

function forkTag(depth: number): Midstate {
  let m = forkTags[depth];
  if (m === undefined) {
    const block = tagBlock("hallmark/store/fork/v1");
    block[63] = depth;
    m = forkTags[depth] = midstate(block);
  }
  return m;
}

function bit(path: Bytes, d: number): number {
  return (path[d >> 3]! >> (7 - (d & 7))) & 1;
}

/**
 * Checks a proof by a trusted root. With a value it must show that the key is
 * there with it, without one that the key is not there.
 */
export function verifyProof(root: Bytes, key: Bytes, value: Bytes | undefined, proof: Bytes): Refusal | undefined {
  // Form, steps 1 to 7.
  if (proof.length === 0) return "ErrTruncated";
  const kind = proof[0]!;
  if (kind === 3) {
    if (proof.length > 1) return "ErrTrailing";
    if (value !== undefined) return "ErrWrongKind";
    return isZero(root) ? undefined : "ErrRoot";
  }
  if (kind !== 1 && kind !== 2) return "ErrUnknownKind";
  if (proof.length < 2) return "ErrTruncated";
  const n = proof[1]!;
  if (n > 32) return "ErrBitmapSize";
  let at = 2 + n;
  if (proof.length < at) return "ErrTruncated";
  const bitmap = proof.subarray(2, at);
  if (n > 0 && bitmap[n - 1] === 0) return "ErrBitmapZero";
  let path: Bytes, valueHash: Bytes;
  const other = at;
  if (kind === 2) {
    at += 64;
    if (proof.length < at) return "ErrTruncated";
  }
  const depths: number[] = []; // deepest first
  for (let d = 8 * n - 1; d >= 0; d--) if (bit(bitmap, d) === 1) depths.push(d);
  const end = at + 32 * depths.length;
  if (proof.length < end) return "ErrTruncated";
  if (proof.length > end) return "ErrTrailing";

  // The claim, steps 8 to 11.
  if ((value !== undefined) !== (kind === 1)) return "ErrWrongKind";
  if (value !== undefined) {
    path = sm3(key);
    valueHash = sm3(value);
  } else {
    path = proof.subarray(other, other + 32);
    valueHash = proof.subarray(other + 32, other + 64);
    const way = sm3(key);
    if (equal(way, path)) return "ErrSamePath";
    for (const d of depths) if (bit(way, d) !== bit(path, d)) return "ErrOffPath";
  }

  // The hashes, steps 12 and 13.
  let h = sm3From(leafTag, path, valueHash);
  for (const d of depths) {
    const sibling = proof.subarray(at, at + 32);
    at += 32;
    h = bit(path, d) === 0 ? sm3From(forkTag(d), h, sibling) : sm3From(forkTag(d), sibling, h);
  }
  return equal(h, root) ? undefined : "ErrRoot";
}
