// The text of a QR code, what a bundle is about, and the verdict for people.
import assert from "node:assert/strict";
import { test } from "node:test";

import { type Claim, TextError, decodeText, likely, subjects, verdictText, verify } from "../dist/index.js";
import { sm3 } from "../dist/sm3.js";
import { fromHex, readJson } from "./files.js";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+-/.:";

/** docs/decisions/0008. */
function encodeText(bundle: Uint8Array): string {
  const p = [...bundle, ...sm3(bundle).subarray(0, 4)];
  let text = "";
  for (let i = 0; i < p.length; i += 2) {
    if (i + 1 === p.length) text += alphabet[p[i]! % 41]! + alphabet[Math.floor(p[i]! / 41)]!;
    else {
      const n = 256 * p[i]! + p[i + 1]!;
      text += alphabet[n % 41]! + alphabet[Math.floor(n / 41) % 41]! + alphabet[Math.floor(n / 1681)]!;
    }
  }
  return text;
}

test("texts of every length to 100", () => {
  for (let n = 0; n <= 100; n++) {
    const bundle = Uint8Array.from({ length: n }, (_, i) => i * 37 + n);
    const text = encodeText(bundle);
    assert.deepEqual(decodeText(text), bundle);
    assert.deepEqual(decodeText("HTTPS://EXAMPLE.ORG/V#" + text), bundle);
    assert.deepEqual(decodeText("#" + text), bundle);
    assert.deepEqual(decodeText(`\n https://example.org/v#${text} \n`), bundle);
  }
});

test("white space at the ends is of six kinds", () => {
  for (const c of "\t\n\v\f\r ") assert.deepEqual(decodeText(c + c + "S24BK4" + c), new Uint8Array(0));
  for (const c of "\0\x1c\u0085\u00a0\u1680\u2003\u200b\u2028\u2029\u3000\ufeff") {
    assert.throws(() => decodeText("S24BK4" + c), TextError, c.codePointAt(0)!.toString(16));
  }
});

test("texts that are damaged", () => {
  const text = encodeText(Uint8Array.from({ length: 50 }, (_, i) => i));
  for (let i = 0; i < text.length; i++) {
    for (const c of alphabet) {
      if (c !== text[i]) assert.throws(() => decodeText(text.slice(0, i) + c + text.slice(i + 1)), TextError);
    }
    assert.throws(() => decodeText(text.slice(0, i)), TextError);
    assert.throws(() => decodeText("#" + text.slice(0, i) + " " + text.slice(i)), TextError);
  }
  for (const bad of ["", "#", "0", "00", "::::::", text.toLowerCase(), text + "0", "é" + text]) {
    assert.throws(() => decodeText(bad), TextError, bad);
  }
});

test("clocks and ages that a number does not hold", () => {
  const { bundle, claim } = vector("valid");
  const at = (now: Date, maxAgeSeconds: number) => verify(fromHex(bundle), null, claim, { maxAgeSeconds }, now);
  for (const time of ["2026-06-01T12:00:00.123Z", "2026-06-01T12:00:00.001Z", "1969-12-31T23:59:59.999Z"]) {
    assert.equal(at(new Date(time), 0).verified_at, time);
  }
  const card = fromHex(all.cards[vector("valid").card]!);
  for (const most of [Infinity, 1e300, 9.3e9]) {
    assert.equal(verify(fromHex(bundle), card, claim, { maxAgeSeconds: most }, new Date("2026-07-01")).outcome, "holds", String(most));
  }
});

interface Vectors {
  cards: Record<string, string>;
  vectors: { name: string; card: string; claim: Claim; now: string; bundle: string }[];
}
const all = readJson<Vectors>("light/testdata/vectors/vectors.json");
const vector = (name: string) => all.vectors.find((v) => v.name === name)!;

test("what bundles are about", () => {
  assert.deepEqual(subjects(fromHex(vector("valid").bundle)), [{ kind: "valid", issuer: "CNCA-R-2002-001", number: "Q-1" }]);
  assert.deepEqual(subjects(fromHex(vector("unknown").bundle)), [{ kind: "valid", issuer: "CNCA-R-2002-002", number: "Q-1" }]);
  assert.deepEqual(subjects(fromHex(vector("absent").bundle)), [{ kind: "absent", number: "Q-9" }]);
  assert.equal(subjects(fromHex(vector("valid, rests on one that is valid").bundle))[0]?.number, "Q-5");
  assert.deepEqual(subjects(fromHex(vector("cut in the middle").bundle)), []);
  assert.deepEqual(subjects(new Uint8Array(0)), []);
});

test("what bundles of evidence and traces are about", () => {
  const of = (file: string, name: string) => {
    const { vectors } = readJson<Vectors>(`light/testdata/vectors/${file}.json`);
    const { bundle, claim } = vectors.find((v) => v.name === name)!;
    return { found: subjects(fromHex(bundle)), claim };
  };
  for (const name of ["traced", "traced, with anchored events", "recalled by its owner", "no such product: did:web:example.com"]) {
    const { found, claim } = of("traced", name);
    assert.deepEqual(found[0], claim, name);
  }
  const { found } = of("traced", "traced, with anchored events");
  assert.deepEqual(found.map((s) => s.kind), ["traced", "traced", "valid", "valid", "anchored", "anchored"]);
  const { found: anchors, claim } = of("anchored", "content of leaf 0");
  assert.deepEqual(anchors, [{ kind: "anchored", anchor: claim.anchor }]);
});

test("a bundle about several certificates is as likely about each", () => {
  const field = (tag: number, b: number[]) => [tag, b.length, ...b];
  const ascii = (s: string) => [...s].map((c) => c.charCodeAt(0));
  const key = (kind: string, ...parts: string[]) => field(0x0a, [5, ...ascii(kind), ...parts.flatMap((p) => [...ascii(p), 0, 1])]);
  const about = (...keys: number[][]) => likely(Uint8Array.from([8, 1, ...keys.flatMap((k) => field(0x22, k))]));
  assert.deepEqual(about(key("h", "B", "1"), key("h", "B", "2")).map((s) => s.number), ["1", "2"]);
  assert.deepEqual(about(key("n", "1"), key("n", "2")).map((s) => s.number), ["1", "2"]);
  assert.deepEqual(about(key("h", "B", "1"), key("n", "2")).map((s) => s.number), ["1"]);
  assert.deepEqual(about(), []);
  assert.deepEqual(likely(fromHex(vector("valid, rests on one that is valid").bundle)).map((s) => s.number), ["Q-5"]);
  assert.deepEqual(likely(fromHex(vector("cut in the middle").bundle)), []);
});

test("for people", () => {
  const v = vector("suspended");
  const verdict = verify(fromHex(v.bundle), fromHex(all.cards[v.card]!), v.claim, {}, new Date(v.now));
  const zh = verdictText(verdict, "zh").split("\n");
  assert.equal(zh[0], "截至：2026-06-03 09:00:07（北京时间），高度 13");
  assert.equal(zh[3], "结论：不成立");
  const en = verdictText(verdict, "en").split("\n");
  assert.equal(en[1], "Age: 1 min");
  assert.ok(en.includes("Suspended: 2026-06-02, 2026-06-04"));
  verdict.certificate!.issuer_name = { en: "\u001b[2J evil\u202e", zh: "" };
  assert.ok(!/[\u001b\u202e]/.test(verdictText(verdict, "en")), "what came from elsewhere moves no cursor");
});
