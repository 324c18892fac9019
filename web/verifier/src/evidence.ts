// Evidence: anchors on the ledger, and leaves of their trees. docs/formats.md,
// section 19.

import { type Bytes, equal, tagBlock } from "./bytes.js";
import { isRef, isScheme } from "./forms.js";
import { need } from "./texts.js";
import { midstate, sm3From } from "./sm3.js";
import { Unreadable } from "./state.js";
import { toUtf8 } from "./utf8.js";
import { type Decoded, bytes, int32, int64, list, message, of, text, uint64, WireError } from "./wire.js";

const LeafMessage = message({
  content: [1, bytes],
  size: [2, uint64],
  name: [3, text],
  captured: [4, int64],
  salt: [5, bytes],
});
export type Leaf = Decoded<typeof LeafMessage>;

const Certificate = message({ issuer: [1, text], number: [2, text] });
const Engagement = message({ issuer: [1, text], reference: [2, text], scheme: [3, text] });

const AnchorMessage = message({
  member: [1, text],
  kind: [2, int32],
  subject: [3, of(message({ certificate: [1, of(Certificate)], engagement: [2, of(Engagement)], product: [3, text] }))],
  root: [4, bytes],
  leaves: [5, uint64],
  from: [6, int64],
  to: [7, int64],
  method: [8, text],
  retention: [9, int32],
});

const RecordMessage = message({
  anchor: [1, bytes], // kept as its bytes: the id is of them
  height: [2, uint64],
  time: [3, int64],
  tx: [4, bytes],
  signers: [5, list(of(message({ member: [1, text], key: [2, bytes] })))],
});

/** What the ledger recorded of an anchor. */
export interface AnchorRecord extends Omit<Decoded<typeof RecordMessage>, "anchor">, Omit<Decoded<typeof AnchorMessage>, "subject"> {
  readonly id: Bytes;
  /** certificate/ISSUER/NUMBER, engagement/ISSUER/SCHEME/REFERENCE or product/URI. */
  readonly subject: string;
}

const idTag = midstate(tagBlock("hallmark/anchor/v1"));
const maxLeaves = 1n << 40n;
const skew = 600_000_000_000n; // ten minutes

/** A leaf; throws WireError if the bytes are none. */
export function readLeaf(b: Bytes): Leaf {
  const leaf = LeafMessage.decode(b);
  const holds =
    leaf.content.length === 32 && isClean(leaf.name, 255) && leaf.captured >= 1n && (leaf.salt.length === 0 || leaf.salt.length === 16);
  if (!holds) throw new WireError("not a leaf");
  return leaf;
}

/** The record of the anchor with an id; throws Unreadable. */
export function readAnchor(id: Bytes): (b: Bytes) => AnchorRecord {
  return (b) => {
    try {
      return anchorOf(id, b);
    } catch (e) {
      if (e instanceof WireError) throw new Unreadable(e.message);
      throw e;
    }
  };
}

function anchorOf(id: Bytes, b: Bytes): AnchorRecord {
  const { anchor: raw, ...record } = RecordMessage.decode(b);
  const { subject, ...anchor } = AnchorMessage.decode(raw);
  need(equal(sm3From(idTag, raw), id), "the anchor has another id");
  need(anchor.member !== "" && anchor.kind >= 1 && anchor.kind <= 8 && anchor.retention >= 1 && anchor.retention <= 4, "member, kind or retention");
  need(anchor.root.length === 32 && anchor.leaves >= 1n && anchor.leaves <= maxLeaves, "root or leaves");
  need(anchor.from >= 1n && anchor.from <= anchor.to, "the period of capture");
  need(isClean(anchor.method, 200), "the method");
  need(record.height >= 1n && record.time >= 1n && anchor.to <= record.time + skew, "height or time");
  need(record.tx.length === 32 && record.signers.length >= 1, "transaction or signers");
  for (const s of record.signers) need(s.member !== "" && s.key.length === 33 && (s.key[0] === 2 || s.key[0] === 3), "a signer");
  return { ...record, ...anchor, id, subject: subjectText(subject) };
}

function subjectText(s: Decoded<typeof AnchorMessage>["subject"]): string {
  need(s !== undefined, "no subject");
  const { certificate: c, engagement: e, product } = s;
  need([c !== undefined, e !== undefined, product !== ""].filter((there) => there).length === 1, "not one subject");
  if (c !== undefined) {
    need(isRef(c), "the certificate");
    return `certificate/${c.issuer}/${c.number}`;
  }
  if (e !== undefined) {
    need(isRef({ issuer: e.issuer, number: "0" }) && isScheme(e.scheme) && /^[0-9A-Za-z/_.()-]{1,60}$/.test(e.reference), "the engagement");
    return `engagement/${e.issuer}/${e.scheme}/${e.reference}`;
  }
  need(isClean(product, 255), "the product");
  return `product/${product}`;
}

// Controls, line and paragraph separators, and what turns the direction of writing.
const unclean = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

function isClean(s: string, most: number): boolean {
  return !unclean.test(s) && toUtf8(s).length <= most;
}
