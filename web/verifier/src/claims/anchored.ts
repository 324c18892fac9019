import { equal, hex, isZero } from "../bytes.js";
import { formatWhole } from "../civil.js";
import { readAnchor } from "../evidence.js";
import { anchorKey } from "../keys.js";
import type { AnchoredLeaf } from "../leaves.js";
import { Unproven } from "../state.js";
import { doesNotHold, holds } from "./answers.js";
import type { ClaimKind, Question } from "./index.js";

/** Evidence was anchored, and a content is a leaf of it if the claim names one. */
export const anchored: ClaimKind = {
  names: { evidence: true },
  ages: "unless it holds",
  answer(q) {
    const { anchor, content } = q.claim;
    const id = isZero(anchor) ? leafWith(q).anchor : anchor;
    const record = q.state.read(anchorKey(id), readAnchor(id));
    if (record === null) return doesNotHold("unknown-anchor", hex(id));
    q.found.anchor = record;
    const detail = "recorded " + formatWhole(record.time);
    if (isZero(content)) return holds("anchored", detail);
    q.found.leaf = leafWith(q);
    return holds("content-anchored", detail);
  },
};

/** The first leaf with the content of the claim, of its anchor if it names one. */
function leafWith(q: Question): AnchoredLeaf {
  const { anchor, content } = q.claim;
  const found = q.state.sealed.leaves.find((l) => equal(l.content, content) && (isZero(anchor) || equal(l.anchor, anchor)));
  if (found === undefined) throw new Unproven(content, "no leaf has the content");
  return found;
}
