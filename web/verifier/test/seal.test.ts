// crypto/seal/testdata/vectors.json: docs/formats.md, section 15.
import assert from "node:assert/strict";
import { test } from "node:test";

import { SealError, handOver, parseSet, parseStatement, verifySeal } from "../dist/seal.js";
import { hex } from "../dist/bytes.js";
import { fromHex, readJson } from "./files.js";

interface Vector {
  name: string;
  chain: string;
  genesis: string;
  begin: number;
  set: string;
  statement: string;
  seal: string;
  next?: string;
  want: string;
}

function verdict(v: Vector): string {
  try {
    const trust = { chain: fromHex(v.chain), genesis: fromHex(v.genesis), set: parseSet(fromHex(v.set)), begin: BigInt(v.begin) };
    const statement = parseStatement(fromHex(v.statement));
    if (v.next === undefined) verifySeal(trust, statement, fromHex(v.seal));
    else handOver(trust, statement, fromHex(v.seal), parseSet(fromHex(v.next)));
    return "ok";
  } catch (e) {
    if (e instanceof SealError) return e.fault;
    throw e;
  }
}

const vectors = readJson<Vector[]>("crypto/seal/testdata/vectors.json");

test("there are vectors", () => assert.ok(vectors.length >= 52));

for (const v of vectors) test(v.name, () => assert.equal(verdict(v), v.want));

test("the example of section 12", () => {
  const b = fromHex(
    "0002" + "0000000000000006" +
      "020200000000000000000000000000000000000000000000000000000000000002" + "0000000000000001" +
      "030300000000000000000000000000000000000000000000000000000000000003" + "0000000000000005",
  );
  assert.equal(hex(parseSet(b).hash), "ec3a2873a38347685a8898818a4b186b19d66e86c2fcae259e6f7e26bfa4b345");
  for (let n = 0; n < b.length; n++) assert.throws(() => parseSet(b.subarray(0, n)), SealError);
  assert.throws(() => parseSet(Uint8Array.of(...b, 0)), SealError);
});
