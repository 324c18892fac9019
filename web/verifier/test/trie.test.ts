// store/proof/testdata/vectors.json: docs/formats.md, section 5.
import assert from "node:assert/strict";
import { test } from "node:test";

import { verifyProof } from "../dist/trie.js";
import { fromHex, readJson } from "./files.js";

interface Vectors {
  vectors: { name: string; claim: "inclusion" | "absence"; root: string; key: string; value?: string; proof: string; want: string }[];
}

const { vectors } = readJson<Vectors>("store/proof/testdata/vectors.json");

test("there are vectors", () => assert.ok(vectors.length > 100));

for (const v of vectors) {
  test(v.name, () => {
    const value = v.claim === "inclusion" ? fromHex(v.value ?? "") : undefined;
    assert.equal(verifyProof(fromHex(v.root), fromHex(v.key), value, fromHex(v.proof)) ?? "ok", v.want);
  });
}
