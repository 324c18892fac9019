// Trust cards: what a verifier starts from. docs/formats.md, section 16.

import { type Bytes, ascii, compare, concat, hex, tagBlock } from "./bytes.js";
import { SealError, type SealSet, type Trust, parseSet } from "./seal.js";
import { sm3 } from "./sm3.js";
import { publicKey, verifySignature } from "./sm2.js";
import { formatSeconds } from "./civil.js";
import { WireError, bytes, int64, list, message, of, text, uint64 } from "./wire.js";
import type { CardFacts } from "./verdict.js";

/** The bytes are no trust card, or a signature on it is wrong. */
export class CardError extends Error {}

export interface Card {
  readonly chainId: string;
  /** Root of the genesis state. */
  readonly genesis: Bytes;
  /** The first height that the set may seal for the card's holder. */
  readonly height: bigint;
  readonly set: SealSet;
  /** Unix seconds: when it was made, and the last second at which it may be used. */
  readonly made: bigint;
  readonly notAfter: bigint;
  /** SM3 of the body. */
  readonly fingerprint: Bytes;
  /** Whose signatures are on it; all of them verify. */
  readonly signers: { readonly member: string; readonly key: Bytes }[];
}

const Envelope = message({
  body: [1, bytes],
  signatures: [2, list(of(message({ member: [1, text], key: [2, bytes], signature: [3, bytes] })))],
});

const Body = message({
  chainId: [1, text],
  genesis: [2, bytes],
  height: [3, uint64],
  set: [4, bytes],
  made: [5, int64],
  notAfter: [6, int64],
});

const tag = tagBlock("hallmark/card/v1");
const maxSize = 131072;
const maxSignatures = 64;
const endOfTime = 253402300799n; // the last second of the year 9999

/** Reads a card and verifies every signature on it; throws CardError. */
export function parseCard(b: Bytes): Card {
  try {
    return parse(b);
  } catch (e) {
    if (e instanceof WireError || e instanceof SealError) throw new CardError("not a trust card: " + e.message);
    throw e;
  }
}

function parse(b: Bytes): Card {
  const need = (holds: boolean, what: string) => {
    if (!holds) throw new CardError("not a trust card: " + what);
  };
  need(b.length <= maxSize, `it has ${b.length} bytes`);
  const envelope = Envelope.decode(b);
  const body = Body.decode(envelope.body);
  need(isName(body.chainId), "its chain id is none");
  need(body.genesis.length === 32, "its genesis root has another length than 32 bytes");
  need(body.height >= 1n, "its height is 0");
  const set = parseSet(body.set);
  need(0n <= body.made && body.made < body.notAfter && body.notAfter <= endOfTime, "its time ends before it begins, or is out of range");
  need(envelope.signatures.length <= maxSignatures, "it has too many signatures");
  const signed = concat(tag, envelope.body);
  envelope.signatures.forEach((s, i) => {
    need(isName(s.member), "a signature names no member");
    const before = envelope.signatures[i - 1];
    need(before === undefined || compare(before.key, s.key) < 0, "its signatures are not ascending by key, each key once");
    const key = publicKey(s.key);
    need(key !== undefined && verifySignature(key, signed, s.signature), `the signature of ${s.member} does not verify`);
  });
  return {
    chainId: body.chainId, genesis: body.genesis, height: body.height, set,
    made: body.made, notAfter: body.notAfter, fingerprint: sm3(envelope.body),
    signers: envelope.signatures.map(({ member, key }) => ({ member, key })),
  };
}

/** 1 to 50 printable characters of ASCII without the space. */
function isName(s: string): boolean {
  return /^[\x21-\x7e]{1,50}$/.test(s);
}

/** What may be believed by a card. */
export function trustOf(card: Card): Trust {
  return { chain: sm3(ascii(card.chainId)), genesis: card.genesis, set: card.set, begin: card.height };
}

/** What a verdict says of a card. */
export function cardFacts(card: Card): CardFacts {
  return {
    chain_id: card.chainId,
    genesis: hex(card.genesis),
    height: Number(card.height),
    set: hex(card.set.hash),
    validators: card.set.keys.length,
    made: formatSeconds(card.made),
    not_after: formatSeconds(card.notAfter),
    fingerprint: hex(card.fingerprint),
    signers: card.signers.map((s) => ({ member: s.member, key: hex(s.key) })),
  };
}

/** A fingerprint for print: sixteen groups of four capital digits. */
export function fingerprintText(fingerprint: string): string {
  return (fingerprint.toUpperCase().match(/.{1,4}/g) ?? []).join(" ");
}
