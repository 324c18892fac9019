// Bundles: entries of the state of one height with their proofs, and the seal of
// that height. docs/formats.md, section 17.

import { type Bytes, compare, contains, empty, equal, hex, isZero } from "./bytes.js";
import { type Card, trustOf } from "./card.js";
import { readChain } from "./chains.js";
import { BundleError } from "./fault.js";
import { type AnchoredLeaf, readAnchoredLeaf } from "./leaves.js";
import { SealError, type SealMemory, type SealSet, type Statement, type Trust, handOver, parseSeal, parseSet, verifySeal } from "./seal.js";
import { sm3 } from "./sm3.js";
import { verifyProof } from "./trie.js";
import { Reader, WireError } from "./wire.js";

export const maxBundleSize = 4194304;

/** Entries of a sealed state that have been verified. */
export interface SealedState {
  readonly statement: Statement;
  /** The set that sealed it, after the handovers. */
  readonly set: SealSet;
  readonly handovers: number;
  /** What is proven of a key, by its hexadecimal digits: a value, or null if it is absent. */
  readonly entries: Map<string, Bytes | null>;
  /** Encoded details by the digits of their SM3. */
  readonly details: Map<string, Bytes>;
  /** Leaves of anchors, ascending by anchor and index. */
  readonly leaves: AnchoredLeaf[];
}

/** Reads a bundle of at most limit bytes and verifies it by a card; throws BundleError. */
export function openBundle(b: Bytes, card: Card, limit: number, memory?: SealMemory): SealedState {
  try {
    return open(b, card, limit, memory);
  } catch (e) {
    if (e instanceof WireError) throw new BundleError("bad-bundle", e.message);
    if (e instanceof SealError) throw new BundleError("bad-seal", e.message);
    throw e;
  }
}

function open(b: Bytes, card: Card, limit: number, memory?: SealMemory): SealedState {
  if (b.length > limit) throw new BundleError("bad-bundle", `${b.length} bytes, at most ${limit}`);
  const r = new Reader(b);
  const format = r.take(tagOf(1, 0)) ? nonzero(r) : 0n;
  if (format !== 1n) throw new BundleError("bad-bundle", `of format ${format}; this program reads 1`);
  let trust = trustOf(card);
  let handovers = 0;
  while (r.take(tagOf(2, 2))) {
    handovers++;
    trust = at(`handover ${handovers}`, () => readHandover(r.block(), trust, memory));
  }
  if (!r.take(tagOf(3, 2))) throw new BundleError("bad-bundle", "it has no seal");
  const { statement, seal } = readSealed(r.block(), trust);
  verifySeal(trust, statement, seal, memory);
  const entries = readEntries(r, statement.state);
  const details = readDetails(r, entries);
  for (let before = empty; r.take(tagOf(6, 2)); ) before = readChain(r.block(), entries, before);
  const leaves = readLeaves(r, entries);
  if (!r.done()) throw new BundleError("bad-bundle", "a field is unknown, out of order or there twice");
  return { statement, set: trust.set, handovers, entries, details, leaves };
}

/** Says in which part of the bundle something is wrong. */
function at<V>(place: string, read: () => V): V {
  try {
    return read();
  } catch (e) {
    const code = e instanceof BundleError ? e.code : e instanceof SealError ? "bad-seal" : e instanceof WireError ? "bad-bundle" : undefined;
    if (code === undefined) throw e;
    throw new BundleError(code, `${place}: ${(e as Error).message}`);
  }
}

function readHandover(b: Bytes, trust: Trust, memory?: SealMemory): Trust {
  const r = new Reader(b);
  if (!r.take(tagOf(1, 2))) throw new BundleError("bad-bundle", "it has no seal");
  const { statement, seal } = readSealed(r.block(), trust);
  const encodedSet = r.take(tagOf(2, 2)) ? nonempty(r) : empty;
  end(r);
  parseSeal(seal, trust.set.keys.length);
  let next: SealSet;
  try {
    next = parseSet(encodedSet);
  } catch (e) {
    if (e instanceof SealError) throw new BundleError("bad-bundle", e.message);
    throw e;
  }
  return handOver(trust, statement, seal, next, memory);
}

/** The statement that a `sealed` makes with what is trusted, and the seal. */
function readSealed(b: Bytes, trust: Trust): { statement: Statement; seal: Bytes } {
  const r = new Reader(b);
  const number = (n: number) => (r.take(tagOf(n, 0)) ? nonzero(r) : 0n);
  const hash = (n: number) => {
    const h = r.take(tagOf(n, 2)) ? nonempty(r) : empty;
    if (h.length !== 32) throw new BundleError("bad-bundle", "a hash of another length than 32 bytes");
    return h;
  };
  const appVersion = number(1);
  const height = number(2);
  const time = number(3);
  const block = hash(4);
  const state = hash(5);
  let next: Bytes = noHash;
  if (r.peek() === tagOf(6, 2)) {
    next = hash(6);
    if (isZero(next)) throw new BundleError("bad-bundle", "a next set of zeros");
  }
  const nextHeight = number(7);
  const seal = r.take(tagOf(8, 2)) ? nonempty(r) : empty;
  end(r);
  const { chain, genesis, set } = trust;
  return { statement: { chain, genesis, appVersion, height, time, block, state, set: set.hash, next, nextHeight }, seal };
}

const noHash: Bytes = new Uint8Array(32);

function readEntries(r: Reader, root: Bytes): Map<string, Bytes | null> {
  const entries = new Map<string, Bytes | null>();
  let before = empty;
  for (let n = 1; r.take(tagOf(4, 2)); n++) {
    at(`entry ${n}`, () => {
      const e = new Reader(r.block());
      const key = e.take(tagOf(1, 2)) ? nonempty(e) : empty;
      const value = e.take(tagOf(2, 2)) ? e.block() : undefined;
      const proof = e.take(tagOf(3, 2)) ? nonempty(e) : empty;
      end(e);
      if (key.length < 1 || key.length > 512) throw new BundleError("bad-bundle", `a key of ${key.length} bytes`);
      if (compare(before, key) >= 0) throw new BundleError("bad-bundle", "the entries are not ascending by key, each once");
      before = key;
      const refusal = verifyProof(root, key, value, proof);
      if (refusal !== undefined) throw new BundleError("bad-proof", refusal);
      entries.set(hex(key), value ?? null);
    });
  }
  return entries;
}

function readDetails(r: Reader, entries: Map<string, Bytes | null>): Map<string, Bytes> {
  const details = new Map<string, Bytes>();
  let before = empty;
  while (r.take(tagOf(5, 2))) {
    const d = nonempty(r);
    const digest = sm3(d);
    if (compare(before, digest) >= 0) throw new BundleError("bad-bundle", "the details are not ascending by SM3, each once");
    before = digest;
    let named = false;
    for (const [key, value] of entries) {
      if (value === null) continue;
      if (key.startsWith("0564") && equal(value, d)) throw new BundleError("bad-bundle", "details that are an entry already");
      named ||= (key.startsWith("0568") || key.startsWith("0572")) && contains(value, digest);
    }
    if (!named) throw new BundleError("bad-bundle", "details that no head and no record names");
    details.set(hex(digest), d);
  }
  return details;
}

function readLeaves(r: Reader, entries: Map<string, Bytes | null>): AnchoredLeaf[] {
  const leaves: AnchoredLeaf[] = [];
  while (r.take(tagOf(7, 2))) {
    leaves.push(at(`leaf ${leaves.length + 1}`, () => readAnchoredLeaf(r.block(), entries, leaves.at(-1))));
  }
  return leaves;
}

function tagOf(number: number, wire: 0 | 2): number {
  return 8 * number + wire;
}

function nonzero(r: Reader): bigint {
  const n = r.varint();
  if (n === 0n) throw new WireError("a number that is 0 stands in a field");
  return n;
}

function nonempty(r: Reader): Bytes {
  const b = r.block();
  if (b.length === 0) throw new WireError("an empty field");
  return b;
}

function end(r: Reader): void {
  if (!r.done()) throw new WireError("a field is unknown, out of order or there twice");
}
