// Seal sets, statements and seals. docs/formats.md, sections 12 and 15.

import { type Bytes, compare, concat, equal, isZero, readU64, tagBlock, u64 } from "./bytes.js";
import { midstate, sm3From } from "./sm3.js";
import { publicKey, verifySignature } from "./sm2.js";

/** What is wrong, as the vectors name it. */
export type SealFault =
  | "ErrSet" | "ErrStatement" | "ErrSeal" | "ErrChain" | "ErrOtherSet" | "ErrQuorum" | "ErrSignature";

export class SealError extends Error {
  constructor(readonly fault: SealFault, what: string) {
    super(what);
  }
}

// ---- Sets

export interface SealSet {
  readonly keys: { readonly key: Bytes; readonly power: bigint }[];
  readonly total: bigint;
  readonly hash: Bytes;
}

const setTag = midstate(tagBlock("hallmark/sealset/v1"));
const maxKeys = 1024;
const maxTotal = (1n << 60n) - 1n;

/** Reads a seal set; throws SealError. */
export function parseSet(b: Bytes): SealSet {
  const fail = (what: string) => new SealError("ErrSet", "not a seal set: " + what);
  if (b.length < 10) throw fail("it is too short");
  const count = (b[0]! << 8) | b[1]!;
  if (count < 1 || count > maxKeys) throw fail(`it has ${count} keys`);
  if (b.length !== 10 + 41 * count) throw fail(`${count} keys do not make ${b.length} bytes`);
  const total = readU64(b, 2);
  const keys = [];
  let sum = 0n;
  for (let at = 10; at < b.length; at += 41) {
    const key = b.subarray(at, at + 33);
    const power = readU64(b, at + 33);
    if (key[0] !== 2 && key[0] !== 3) throw fail("a key has another form");
    const before = keys[keys.length - 1];
    if (before !== undefined && compare(before.key, key) >= 0) throw fail("its keys are not in ascending order");
    if (power < 1n) throw fail("a key has no power");
    sum += power;
    keys.push({ key, power });
  }
  if (sum !== total || total > maxTotal) throw fail("its total is not the sum of its powers, or too large");
  return { keys, total, hash: sm3From(setTag, b) };
}

// ---- Statements

export interface Statement {
  readonly chain: Bytes;
  readonly genesis: Bytes;
  readonly appVersion: bigint;
  readonly height: bigint;
  /** Of the block, Unix nanoseconds. */
  readonly time: bigint;
  readonly block: Bytes;
  readonly state: Bytes;
  readonly set: Bytes;
  /** 32 bytes of zeros if no other set is scheduled. */
  readonly next: Bytes;
  readonly nextHeight: bigint;
}

const statementTag = tagBlock("hallmark/seal/v1");

export function encodeStatement(s: Statement): Bytes {
  return concat(
    statementTag, s.chain, s.genesis, u64(s.appVersion), u64(s.height), u64(s.time),
    s.block, s.state, s.set, s.next, u64(s.nextHeight),
  );
}

/** Reads a statement and checks it against the table; throws SealError. */
export function parseStatement(b: Bytes): Statement {
  if (b.length !== 288) throw new SealError("ErrStatement", `not a statement: it has ${b.length} bytes`);
  if (!equal(b.subarray(0, 64), statementTag)) throw new SealError("ErrStatement", "not a statement: it has another tag");
  const s = {
    chain: b.subarray(64, 96), genesis: b.subarray(96, 128),
    appVersion: readU64(b, 128), height: readU64(b, 136), time: readU64(b, 144),
    block: b.subarray(152, 184), state: b.subarray(184, 216), set: b.subarray(216, 248),
    next: b.subarray(248, 280), nextHeight: readU64(b, 280),
  };
  checkStatement(s);
  return s;
}

function checkStatement(s: Statement): void {
  const fail = (what: string) => new SealError("ErrStatement", "not a statement: " + what);
  if (s.height < 1n) throw fail("its height is 0");
  if (s.time >= 1n << 63n) throw fail("its time is out of range");
  const names = !isZero(s.next);
  if (names !== (s.nextHeight !== 0n)) throw fail("a next set without a height, or a height without a set");
  if (names && s.nextHeight <= s.height) throw fail("the next set begins before it");
  if (names && equal(s.next, s.set)) throw fail("the next set is the same");
}

// ---- Seals

/** Which keys of a set of n have signed, and their signatures. */
export interface Seal {
  readonly signers: number[];
  readonly signatures: Bytes[];
}

/** Reads a seal by a set of n keys; throws SealError. */
export function parseSeal(b: Bytes, n: number): Seal {
  const fail = (what: string) => new SealError("ErrSeal", "not a seal: " + what);
  const head = Math.ceil(n / 8);
  if (b.length < head) throw fail("it is too short");
  const signers = [];
  for (let i = 0; i < 8 * head; i++) {
    if (((b[i >> 3]! >> (7 - (i & 7))) & 1) === 0) continue;
    if (i >= n) throw fail("it has a signer beyond the set");
    signers.push(i);
  }
  if (b.length !== head + 64 * signers.length) throw fail("it has another length than its signers make");
  return { signers, signatures: signers.map((_, i) => b.subarray(head + 64 * i, head + 64 * (i + 1))) };
}

// ---- Trust

/** A set that is trusted for one chain and genesis, from a height on. */
export interface Trust {
  readonly chain: Bytes;
  readonly genesis: Bytes;
  readonly set: SealSet;
  readonly begin: bigint;
}

/** Remembers which statements a set has sealed, so that none is verified twice. */
export interface SealMemory {
  has(statement: Bytes, seal: Bytes): boolean;
  add(statement: Bytes, seal: Bytes): void;
}

/** Whether the statement is sealed by the trusted set; throws SealError. */
export function verifySeal(trust: Trust, s: Statement, seal: Bytes, memory?: SealMemory): void {
  const { signers, signatures } = parseSeal(seal, trust.set.keys.length);
  checkStatement(s);
  if (!equal(s.chain, trust.chain) || !equal(s.genesis, trust.genesis) || s.height < trust.begin) {
    throw new SealError("ErrChain", "the statement is of another chain, or of a height before the trusted set");
  }
  if (!equal(s.set, trust.set.hash)) throw new SealError("ErrOtherSet", "the statement names another seal set");
  let power = 0n;
  for (const i of signers) power += trust.set.keys[i]!.power;
  if (3n * power <= 2n * trust.set.total) {
    throw new SealError("ErrQuorum", `who signed has ${power} of ${trust.set.total}, which is no quorum`);
  }
  const message = encodeStatement(s);
  if (memory?.has(message, seal)) return;
  signers.forEach((i, k) => {
    const key = publicKey(trust.set.keys[i]!.key);
    if (key === undefined) throw new SealError("ErrSignature", `key ${i} of the set is no point of the curve`);
    if (!verifySignature(key, message, signatures[k]!)) {
      throw new SealError("ErrSignature", `the signature of key ${i} does not verify`);
    }
  });
  memory?.add(message, seal);
}

/** The trust in the set that a sealed statement hands over to; throws SealError. */
export function handOver(trust: Trust, s: Statement, seal: Bytes, next: SealSet, memory?: SealMemory): Trust {
  if (!equal(s.next, next.hash)) throw new SealError("ErrOtherSet", "the handover does not name the next set");
  verifySeal(trust, s, seal, memory);
  return { chain: trust.chain, genesis: trust.genesis, set: next, begin: s.nextHeight };
}
