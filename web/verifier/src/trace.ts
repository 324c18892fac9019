// Products and the chains of their entries: docs/formats.md, section 20.

import { type Bytes, compare, equal, isZero, tagBlock } from "./bytes.js";
import { Ref } from "./messages.js";
import { decode } from "./records.js";
import { midstate, sm3, sm3From } from "./sm3.js";
import { need } from "./texts.js";
import { toUtf8 } from "./utf8.js";
import { type Decoded, bool, bytes, int32, int64, list, message, of, packed, text, uint64 } from "./wire.js";

const ProductMessage = message({
  uri: [1, text],
  owner: [2, text],
  nameZh: [3, text],
  nameEn: [4, text],
  certificates: [5, list(of(Ref))],
  reporters: [6, list(text)],
  entries: [7, uint64],
  head: [8, bytes],
  recalls: [9, packed(uint64)],
  uses: [10, uint64],
});
export type Product = Decoded<typeof ProductMessage>;

const EventMessage = message({
  hash: [1, bytes],
  time: [2, int64],
  offset: [3, int32],
  type: [4, int32],
  action: [5, int32],
  step: [6, text],
  disposition: [7, text],
  place: [8, text],
  part: [9, int32],
  others: [10, list(text)],
  corrects: [11, list(bytes)],
});
export type Event = Decoded<typeof EventMessage>;

const EntryMessage = message({
  n: [1, uint64],
  member: [2, text],
  key: [3, bytes],
  height: [4, uint64],
  time: [5, int64],
  tx: [6, bytes],
  registered: [10, of(ProductMessage)],
  event: [11, of(EventMessage)],
  certificates: [12, of(message({ add: [1, list(of(Ref))], remove: [2, list(of(Ref))] }))],
  reporters: [13, of(message({ reporters: [1, list(text)] }))],
  recall: [14, of(message({ noteZh: [1, text], noteEn: [2, text], regulator: [3, bool] }))],
  lift: [15, of(message({ recall: [1, uint64], note: [2, text] }))],
});
export type Entry = Decoded<typeof EntryMessage>;

export const sameRef = (a: Ref, b: Ref): boolean => a.issuer === b.issuer && a.number === b.number;

// ---- Records and entries

/** A product's record, of whatever URI; throws Unreadable. */
export function readProduct(b: Bytes): Product {
  const p = decode(ProductMessage, b);
  needProduct(p);
  need(p.entries >= 1n && p.head.length === 32 && !isZero(p.head), "entries or head of a chain");
  need(p.recalls.every((n, i) => n >= 1n && n <= p.entries && (i === 0 || p.recalls[i - 1]! < n)), "the recalls");
  return p;
}

/** The record of the product with a URI; throws Unreadable. */
export function readProductOf(uri: string): (b: Bytes) => Product {
  return (b) => {
    const p = readProduct(b);
    need(p.uri === uri, "the record of another product");
    return p;
  };
}

/** An entry of a chain, of whatever number; throws Unreadable. */
export function readAnyEntry(b: Bytes): Entry {
  const e = decode(EntryMessage, b);
  needEntry(e);
  return e;
}

/** Entry n of a chain; throws Unreadable. */
export function readEntry(n: bigint): (b: Bytes) => Entry {
  return (b) => {
    const e = readAnyEntry(b);
    need(e.n === n, "another entry of a chain");
    return e;
  };
}

/** Parts of a product in an event: those that have something upstream. */
export const Part = { parent: 2, output: 5 } as const;

/** Whether the others of an event are what the product was made of, or has in it. */
export function isUpstream({ part }: Event): boolean {
  return part === Part.parent || part === Part.output;
}

/** What the record and the registration of a product have in common. */
function needProduct(p: Product): void {
  const length = toUtf8(p.uri).length;
  need(length >= 1 && length <= 256 && p.owner !== "", "URI or owner of a product");
  needShown([p.nameZh, p.nameEn], 200, "the names of a product");
  need(p.nameZh !== "" || p.nameEn !== "", "a product without a name");
  needCertificates(p.certificates);
  needReporters(p.reporters);
  need(!p.reporters.includes(p.owner), "the owner among the reporters");
}

function needEntry(e: Entry): void {
  need(e.n >= 1n && e.height >= 1n && e.member !== "" && e.time !== 0n, "number, height, member or time of an entry");
  need(e.key.length === 33 && !isZero(e.key) && e.tx.length === 32 && !isZero(e.tx), "key or transaction of an entry");
  const { registered, event, certificates, reporters, recall, lift } = e;
  const there = [registered, event, certificates, reporters, recall, lift].filter((what) => what !== undefined);
  need(there.length === 1, "an entry that says nothing, or two things");
  need((registered !== undefined) === (e.n === 1n), "a registration that is not first, or a first entry that is none");
  if (registered !== undefined) {
    needProduct(registered);
    const { entries, uses, recalls, head, owner } = registered;
    need(entries === 0n && uses === 0n && recalls.length === 0 && head.length === 0, "a registration with a chain");
    need(owner === e.member, "a registration for another");
  }
  if (event !== undefined) need([event.hash, ...event.corrects].every((h) => h.length === 32), "a hash of an event");
  if (certificates !== undefined) {
    needCertificates(certificates.add);
    needCertificates(certificates.remove);
    need(certificates.add.length + certificates.remove.length > 0, "a change of no certificates");
  }
  if (reporters !== undefined) needReporters(reporters.reporters);
  if (recall !== undefined) {
    needShown([recall.noteZh, recall.noteEn], 1000, "the note of a recall");
    need(recall.noteZh !== "" || recall.noteEn !== "", "a recall without a note");
  }
  if (lift !== undefined) needShown([lift.note], 1000, "the note of a lift");
}

function needCertificates(refs: Ref[]): void {
  need(refs.length <= 64, "too many certificates");
  refs.forEach((r, i) => {
    const issuer = toUtf8(r.issuer).length, number = toUtf8(r.number).length;
    need(issuer >= 1 && issuer <= 24 && number >= 1 && number <= 60, "a certificate's issuer or number");
    need(!refs.slice(0, i).some((other) => sameRef(other, r)), "a certificate twice");
  });
}

function needReporters(reporters: string[]): void {
  need(reporters.length <= 64, "too many reporters");
  const encoded = reporters.map(toUtf8);
  need(encoded.every((r, i) => r.length >= 1 && r.length <= 40 && (i === 0 || compare(encoded[i - 1]!, r) < 0)), "the reporters");
}

const hidden = /[\u{0}-\u{1f}\u{7f}-\u{9f}\u{ad}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff0}-\u{ffff}\u{e0000}-\u{10ffff}]/u;
const spaceAtEnd = /^[ \u00a0\u3000]|[ \u00a0\u3000]$/;

/** Texts of at most so many bytes that are shown as they are, or empty. */
function needShown(texts: string[], most: number, what: string): void {
  for (const s of texts) need(toUtf8(s).length <= most && !hidden.test(s) && !spaceAtEnd.test(s), what);
}

// ---- Chains

const chainTag = midstate(tagBlock("hallmark/trace/v1"));

/** Whether encoded entries are a product's chain, from the first to the last. */
export function isChain(product: Product, entries: Bytes[]): boolean {
  if (BigInt(entries.length) !== product.entries) return false;
  let head: Bytes = new Uint8Array(32);
  for (const e of entries) head = sm3From(chainTag, head, sm3(e));
  return equal(head, product.head);
}
