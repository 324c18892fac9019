// web/verifier/difftest/testdata: whole verdicts. docs/formats.md, section 18.
import assert from "node:assert/strict";
import { test } from "node:test";

import { type Claim, type Limits, type Verdict, verify } from "../dist/index.js";
import { fromHex, readJson } from "./files.js";

interface Vector {
  name: string;
  card: string;
  bundle: string;
  claim: Claim;
  limits: Limits;
  now: string;
  want: Verdict;
}

const ownWords = ["bad-claim", "bad-bundle", "bad-seal", "bad-proof", "unproven", "unreadable-record", "trace-too-large"];

/** A verdict without what is each program's own: the words before the key, and after the place. */
function plain(v: Verdict): unknown {
  const copy = JSON.parse(JSON.stringify(v)) as Verdict;
  for (const r of copy.reasons) {
    if (!ownWords.includes(r.code) || r.detail === undefined) continue;
    r.detail = r.code === "unproven" ? r.detail.split(" ").at(-1)! : (/^(entry|handover|leaf) \d+(?=:)/.exec(r.detail)?.[0] ?? "somewhere");
  }
  return copy;
}

const vectors = ["verdicts", "traces", "found"].flatMap((name) => readJson<Vector[]>(`web/verifier/difftest/testdata/${name}.json`));

test("there are vectors", () => assert.ok(vectors.length > 140));

for (const v of vectors) {
  test(v.name, () => {
    const got = verify(fromHex(v.bundle), fromHex(v.card), v.claim, v.limits, BigInt(v.now));
    assert.deepEqual(plain(got), plain(v.want));
  });
}
