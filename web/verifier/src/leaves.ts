// Leaves of anchors in a bundle. docs/formats.md, section 21.

import { type Bytes, compare, empty, hex } from "./bytes.js";
import { BundleError, readable } from "./fault.js";
import { type AnchorRecord, type Leaf, readAnchor, readLeaf } from "./evidence.js";
import { anchorKey } from "./keys.js";
import { isInclusionProof, verifyInclusion } from "./merkle.js";
import { Reader, WireError } from "./wire.js";

export interface AnchoredLeaf extends Leaf {
  /** Id of its anchor. */
  readonly anchor: Bytes;
  readonly record: AnchorRecord;
  readonly index: bigint;
}

/** Verifies an anchored leaf by the record of its anchor among the entries; before is the one before. */
export function readAnchoredLeaf(b: Bytes, entries: Map<string, Bytes | null>, before: AnchoredLeaf | undefined): AnchoredLeaf {
  const r = new Reader(b);
  const field = (number: number) => {
    if (!r.take(8 * number + 2)) return empty;
    const block = r.block();
    if (block.length === 0) throw new WireError("an empty field");
    return block;
  };
  const anchor = field(1), encoded = field(2), proof = field(3);
  if (!r.done()) throw new WireError("a field is unknown, out of order or there twice");
  if (anchor.length !== 32) throw new WireError("the id of an anchor has another length than 32 bytes");
  const value = entries.get(hex(anchorKey(anchor)));
  if (value == null) throw new BundleError("bad-bundle", "a leaf of an anchor that is not proven");
  const record = readable(() => readAnchor(anchor)(value));
  const leaf = readLeaf(encoded);
  if (leaf.captured < record.from || leaf.captured > record.to) {
    throw new BundleError("bad-bundle", "the leaf was not captured within the period of its anchor");
  }
  if (!isInclusionProof(proof)) throw new BundleError("bad-bundle", "not the form of an inclusion proof");
  const index = verifyInclusion(record.root, record.leaves, encoded, proof);
  if (index === undefined) throw new BundleError("bad-proof", "the leaf is not in the tree of its anchor");
  if (before !== undefined) {
    const order = compare(before.anchor, anchor);
    if (order > 0 || (order === 0 && before.index >= index)) {
      throw new BundleError("bad-bundle", "the leaves are not ascending by anchor and index, each once");
    }
  }
  return { ...leaf, anchor, record, index };
}
