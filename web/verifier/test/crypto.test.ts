// SM3, SM2 and Merkle trees: docs/formats.md, sections 2, 7 and 8.
import assert from "node:assert/strict";
import { createHash, getHashes } from "node:crypto";
import { test } from "node:test";

import { ascii, concat, hex, u64 } from "../dist/bytes.js";
import { leafHash, merkleRoot, verifyInclusion } from "../dist/merkle.js";
import { publicKey, signedDigest, verifySignature } from "../dist/sm2.js";
import { ContentDigest, contentDigest } from "../dist/index.js";
import { midstate, sm3, sm3From } from "../dist/sm3.js";
import { fromHex, readText } from "./files.js";

test("SM3: GB/T 32905, annex A", () => {
  assert.equal(hex(sm3(ascii("abc"))), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  assert.equal(hex(sm3(ascii("abcd".repeat(16)))), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
});

test("SM3: every length to 300, in parts, and from a midstate, is one hash", () => {
  const openssl = getHashes().includes("sm3");
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * i) >> 3);
  for (let n = 0; n <= 300; n++) {
    const whole = bytes.subarray(0, n);
    const want = hex(sm3(whole));
    if (openssl) assert.equal(createHash("sm3").update(whole).digest("hex"), want);
    const i = (n * 7) % (n + 1);
    assert.equal(hex(sm3(whole.subarray(0, i), new Uint8Array(0), whole.subarray(i))), want);
    const blocks = n - (n % 64);
    assert.equal(hex(sm3From(midstate(whole.subarray(0, blocks)), whole.subarray(blocks))), want);
  }
});

test("the digest of a content, whole and piece by piece, is SM3", () => {
  const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) >> 3);
  const digest = new ContentDigest();
  assert.equal(digest.digest(), hex(sm3()));
  for (let i = 0, n = 0; i < bytes.length; i += n, n = (7 * n + 1) % 200) {
    digest.update(bytes.subarray(i, i + n));
    const want = hex(sm3(bytes.subarray(0, i + n)));
    assert.equal(digest.digest(), want);
    assert.equal(contentDigest(bytes.subarray(0, i + n)), want);
  }
});

const example = {
  key: "0309f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020",
  message: ascii("message digest"),
  e: "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640",
  signature:
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3" +
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
};

test("SM2: GB/T 32918.5, annex A", () => {
  const key = publicKey(fromHex(example.key))!;
  assert.equal(hex(signedDigest(key, example.message)), example.e);
  assert.ok(verifySignature(key, example.message, fromHex(example.signature)));
});

test("SM2: every byte of a signature and of a message counts", () => {
  const key = publicKey(fromHex(example.key))!;
  const signature = fromHex(example.signature);
  for (let i = 0; i < 64; i++) {
    const bad = signature.slice();
    bad[i]! ^= 1 << i % 8;
    assert.ok(!verifySignature(key, example.message, bad), `byte ${i}`);
  }
  for (let i = 0; i < example.message.length; i++) {
    const bad = example.message.slice();
    bad[i]! ^= 0x80;
    assert.ok(!verifySignature(key, bad, signature), `byte ${i}`);
  }
  assert.ok(!verifySignature(key, example.message, signature.subarray(1)));
  assert.ok(!verifySignature(key, example.message, concat(signature, Uint8Array.of(0))));
});

const n = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

test("SM2: r and s from 1 to n − 1, and r + s is not n", () => {
  const key = publicKey(fromHex(example.key))!;
  const number = (x: bigint) => fromHex(x.toString(16).padStart(64, "0"));
  const [r, s] = [example.signature.slice(0, 64), example.signature.slice(64)].map((d) => BigInt("0x" + d)) as [bigint, bigint];
  for (const [a, b] of [[0n, s], [r, 0n], [n, s], [r, n], [r, n - r], [2n ** 256n - 1n, s], [r, 2n ** 256n - 1n]] as const) {
    assert.ok(!verifySignature(key, example.message, concat(number(a), number(b))));
  }
});

test("SM2: keys in one form only, that are points", () => {
  const good = fromHex(example.key);
  for (const first of [0, 1, 4, 5, 6, 7]) {
    const bad = good.slice();
    bad[0] = first;
    assert.equal(publicKey(bad), undefined);
  }
  assert.equal(publicKey(good.subarray(0, 32)), undefined);
  assert.equal(publicKey(concat(good, Uint8Array.of(0))), undefined);
  const p = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
  assert.equal(publicKey(fromHex("02" + p.toString(16))), undefined, "x is p");
  assert.equal(publicKey(fromHex("02" + "02".repeat(32))), undefined, "no point has this x");
  const other = good.slice();
  other[0] = 2;
  assert.ok(!verifySignature(publicKey(other)!, example.message, fromHex(example.signature)), "the other point of x");
});

test("SM2: the signatures of a transaction", () => {
  // x/tx/testdata/signed.txt: section 10.
  const lines = readText("x/tx/testdata/signed.txt").split("\n").filter((l) => l !== "" && !l.startsWith("#")).map((l) => l.split(/\s+/));
  const all = (name: string) => lines.filter(([a]) => a === name).map(([, b]) => fromHex(b!));
  const keys = all("public-key"), digests = all("signed-digest"), [body] = all("body"), [id] = all("id");
  assert.ok(keys.length === 3 && digests.length === 3 && body && id);
  const message = concat(ascii("hallmark/tx/v1"), Uint8Array.of(0), body);
  keys.forEach((k, i) => assert.equal(hex(signedDigest(publicKey(k)!, message)), hex(digests[i]!)));
  assert.equal(hex(sm3(body)), hex(id));
});

test("Merkle trees: the example", () => {
  const items = ["a", "b", "c"].map(ascii);
  assert.equal(hex(leafHash(items[0]!)), "c688f41bcd570f9651ccb215058a545f66f52ab4eac2968896e1637af9443d8c");
  const root = merkleRoot(items);
  assert.equal(hex(root), "2706e4e4d41c1ed9c3fe7f7822bf360a67abcc052cc2c00022c1313ec3ded965");
  const proof = fromHex(
    "00000000000000010000000000000003" +
      "c688f41bcd570f9651ccb215058a545f66f52ab4eac2968896e1637af9443d8c" +
      "5b280c126260877493fd073e309507ce00677c1f89d8d24d97d61a7a4dff401c",
  );
  assert.equal(verifyInclusion(root, 3n, items[1]!, proof), 1n);
  for (let i = 0; i < proof.length; i++) {
    const bad = proof.slice();
    bad[i]! ^= 1;
    assert.equal(verifyInclusion(root, 3n, items[1]!, bad), undefined, `byte ${i}`);
  }
  for (let i = 0; i < proof.length; i++) assert.equal(verifyInclusion(root, 3n, items[1]!, proof.subarray(0, i)), undefined);
});

/** The path of RFC 9162, section 2.1.3.1. */
function path(items: Uint8Array[], m: number): Uint8Array[] {
  if (items.length <= 1) return [];
  let k = 1;
  while (2 * k < items.length) k *= 2;
  const [left, right] = [items.slice(0, k), items.slice(k)];
  return m < k ? [...path(left, m), merkleRoot(right)] : [...path(right, m - k), merkleRoot(left)];
}

test("Merkle trees: every item of every size to 20", () => {
  for (let size = 1; size <= 20; size++) {
    const items = Array.from({ length: size }, (_, i) => Uint8Array.of(i));
    const root = merkleRoot(items);
    for (let i = 0; i < size; i++) {
      const proof = concat(u64(i), u64(size), ...path(items, i));
      assert.equal(verifyInclusion(root, BigInt(size), items[i]!, proof), BigInt(i));
      assert.equal(verifyInclusion(root, BigInt(size), Uint8Array.of(99), proof), undefined);
      assert.equal(verifyInclusion(root, BigInt(size + 1), items[i]!, proof), undefined);
      assert.equal(verifyInclusion(root, BigInt(size), items[i]!, concat(proof, root)), undefined);
    }
  }
});
