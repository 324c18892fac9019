// Judges what the Go test sends on standard input; verdicts go to standard output.
//
//   request    length (4) ‖ length of header (4) ‖ header, JSON ‖ bytes
//   answer     length (4) ‖ verdict, JSON                one for each request
//
// A header has a card's place, and either "set", when the bytes are that card, or
// claim, limits and now, when they are a bundle. With "text" the bytes are a verdict, as
// JSON, and the answer is that for people: zh and en. Lengths are little-endian.
import { readSync, writeSync } from "node:fs";
import { Verifier, verdictText, verify } from "../dist/index.js";

const cards = new Map(); // place → { bytes, verifier }

function judge(header, bytes) {
  if (header.set) {
    cards.set(header.card, { bytes, verifier: new Verifier(bytes) });
    return {};
  }
  if (header.text) {
    const verdict = JSON.parse(new TextDecoder().decode(bytes));
    return { en: verdictText(verdict, "en"), zh: verdictText(verdict, "zh") };
  }
  const { bytes: card, verifier } = cards.get(header.card);
  const now = BigInt(header.now);
  // Most by a verifier that remembers seals, some by the function that does not.
  return header.fresh ? verify(bytes, card, header.claim, header.limits, now) : verifier.verify(bytes, header.claim, header.limits, now);
}

function writeAll(buffer) {
  for (let at = 0; at < buffer.length; ) {
    try {
      at += writeSync(1, buffer, at);
    } catch (e) {
      if (e.code !== "EAGAIN") throw e;
    }
  }
}

let held = Buffer.alloc(0);
const chunk = Buffer.alloc(1 << 20);
for (;;) {
  let n;
  try {
    n = readSync(0, chunk);
  } catch (e) {
    if (e.code === "EAGAIN") continue;
    if (e.code === "EOF") break;
    throw e;
  }
  if (n === 0) break;
  held = Buffer.concat([held, chunk.subarray(0, n)]);
  const answers = [];
  let at = 0;
  while (held.length - at >= 4 && held.length - at - 4 >= held.readUInt32LE(at)) {
    const end = at + 4 + held.readUInt32LE(at);
    const start = at + 8 + held.readUInt32LE(at + 4);
    const header = JSON.parse(held.toString("utf8", at + 8, start));
    let verdict;
    try {
      verdict = judge(header, new Uint8Array(held.subarray(start, end)));
    } catch (e) {
      verdict = { thrown: String(e?.stack ?? e) }; // it never should: the test fails by this
    }
    const answer = Buffer.from(JSON.stringify(verdict));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(answer.length);
    answers.push(length, answer);
    at = end;
  }
  held = held.subarray(at);
  if (answers.length > 0) writeAll(Buffer.concat(answers));
}
