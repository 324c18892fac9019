// What a bundle is about: for people who have not said what they mean. Nothing is
// verified by it.

import { type Bytes, hex } from "./bytes.js";
import { textParts } from "./keys.js";
import { Unreadable } from "./state.js";
import { sm3 } from "./sm3.js";
import { isUpstream, readAnyEntry } from "./trace.js";
import { WireError, bytes, list, message, of, uint32 } from "./wire.js";

/** A claim that the bundle may answer: its kind, and what that names. */
export type Subject =
  | { kind: "valid"; issuer: string; number: string; anchor?: never; product?: never }
  | { kind: "absent"; number: string; issuer?: never; anchor?: never; product?: never }
  | { kind: "anchored"; anchor: string; issuer?: never; number?: never; product?: never }
  | { kind: "traced"; product: string; issuer?: never; number?: never; anchor?: never };

const optional = { absent: () => undefined, wire: 2 as const, read: (r: { block(): Bytes }) => r.block() as Bytes | undefined };

const Bundle = message({
  format: [1, uint32],
  handovers: [2, list(bytes)],
  sealed: [3, bytes],
  entries: [4, list(of(message({ key: [1, bytes], value: [2, optional], proof: [3, bytes] })))],
  details: [5, list(bytes)],
  chains: [6, list(of(message({ key: [1, bytes], entries: [2, list(bytes)] })))],
  leaves: [7, list(of(message({ anchor: [1, bytes], leaf: [2, bytes], proof: [3, bytes] })))],
});
type Bundle = typeof Bundle extends { decode(b: Bytes): infer V } ? V : never;

/**
 * The products, certificates and anchors whose entries are in a bundle; of a bundle that
 * has none of these, numbers. What it is most likely about stands first: of products one
 * that is in no other, of certificates one whose text is there, of anchors one with a
 * leaf.
 */
export function subjects(bundle: Bytes): Subject[] {
  return groups(bundle).flat(2);
}

/**
 * Those of them that a bundle is as likely about as about the first. If there are more
 * than one, only a person knows which is meant: whoever made the bundle must not choose.
 */
export function likely(bundle: Bytes): Subject[] {
  return groups(bundle).flat().find((group) => group.length > 0) ?? [];
}

/** Products, certificates and anchors, each in two lists: the likely, and the others. */
function groups(bundle: Bytes): Subject[][][] {
  let b: Bundle;
  try {
    b = Bundle.decode(bundle);
  } catch (e) {
    if (e instanceof WireError) return [];
    throw e;
  }
  const found = [products(b), certificates(b), anchors(b)];
  if (found.flat(2).length > 0) return found;
  return [[keysOf(b, 5, 0x6e, 1).map(([, [number]]) => ({ kind: "absent", number: number! }))]];
}

/** The entries of a module and kind with so many texts in the key. */
function keysOf({ entries }: Bundle, module: number, kind: number, texts: number): [Bundle["entries"][number], string[]][] {
  return entries.flatMap((e) => {
    const parts = e.key[0] === module && e.key[1] === kind ? textParts(e.key.subarray(2)) : undefined;
    return parts?.length === texts ? [[e, parts]] : [];
  });
}

/** Those that the test holds of, and the others. */
function split<T>(items: T[], test: (item: T) => boolean): T[][] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

function certificates(b: Bundle): Subject[][] {
  const texts = [
    ...b.details.map((d) => hex(sm3(d))),
    ...b.entries.filter((e) => e.value !== undefined && e.key[0] === 5 && e.key[1] === 0x64).map((e) => hex(sm3(e.value!))),
  ];
  const hasText = (value: Bytes | undefined) => {
    const head = value === undefined ? "" : hex(value);
    return texts.some((t) => head.includes(t));
  };
  const found = split(keysOf(b, 5, 0x68, 2), ([{ value }]) => hasText(value));
  return found.map((group) => group.map(([, [issuer, number]]) => ({ kind: "valid", issuer: issuer!, number: number! })));
}

function anchors(b: Bundle): Subject[][] {
  const ids = b.entries.filter((e) => e.key[0] === 6 && e.key[1] === 0x61 && e.key.length === 34).map((e) => hex(e.key.subarray(2)));
  const withLeaf = new Set(b.leaves.map((l) => hex(l.anchor)));
  return split(ids, (id) => withLeaf.has(id)).map((group) => group.map((anchor) => ({ kind: "anchored", anchor })));
}

/** The products with a chain or, where there is no chain, with a record or its absence. */
function products(b: Bundle): Subject[][] {
  const chained = new Set(b.chains.map((c) => hex(c.key)));
  const inside = new Set<string>();
  for (const raw of b.chains.flatMap((c) => c.entries)) for (const uri of upstream(raw)) inside.add(uri);
  const uris = keysOf(b, 7, 0x70, 1).flatMap(([{ key }, [uri]]) => (chained.size === 0 || chained.has(hex(key)) ? [uri!] : []));
  return split(uris, (uri) => !inside.has(uri)).map((group) => group.map((product) => ({ kind: "traced", product })));
}

/** What an encoded entry of a chain says is in the product. */
function upstream(raw: Bytes): string[] {
  try {
    const { event } = readAnyEntry(raw);
    return event !== undefined && isUpstream(event) ? event.others : [];
  } catch (e) {
    if (e instanceof Unreadable) return [];
    throw e;
  }
}
