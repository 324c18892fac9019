// Measures the verifier in Chromium: node bench.mjs SAMPLES.json, which bench/light
// writes. Prints medians of milliseconds. A fresh seal is one that the verifier has
// not met; the first call of all is that of a page that was just opened, with code
// that nothing has compiled yet.

import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const samples = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { outputFiles: [code] } = await build({
  entryPoints: [join(here, "../../verifier/src/index.ts")], bundle: true, minify: true, format: "esm", write: false, target: "es2021",
});
const server = createServer((request, response) => {
  const script = request.url === "/verifier.js";
  response.setHeader("Content-Type", script ? "text/javascript" : "text/html");
  // As the node's pages have it: with it clocks are finer.
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
  response.end(script ? code.contents : "<!doctype html><title>bench</title>");
}).listen(0, "127.0.0.1");
await new Promise((r) => server.once("listening", r));
const browser = await launch(process.env.CHROMIUM ?? "/usr/bin/chromium");

/** measure runs in the page. */
async function measure(s) {
  const { Verifier, parseCard } = await import("/verifier.js");
  const bytes = (t) => Uint8Array.from(atob(t), (c) => c.charCodeAt(0));
  const bundle = bytes(s.bundle), card = bytes(s.card), now = new Date(s.now), limits = { headSuffices: s.head_suffices };
  const once = (verifier) => {
    const start = performance.now();
    const v = verifier.verify(bundle, s.claim, limits, now);
    const took = performance.now() - start;
    if (v.outcome !== "holds") throw new Error(JSON.stringify(v.reasons));
    return took;
  };
  let start = performance.now();
  let parsed = parseCard(card);
  const cardTime = performance.now() - start;
  const first = once(new Verifier(parsed));
  const fresh = [], known = [], cards = [];
  for (let i = 0; i < 60; i++) {
    start = performance.now();
    parsed = parseCard(card);
    cards.push(performance.now() - start);
    const verifier = new Verifier(parsed);
    fresh.push(once(verifier));
    for (let j = 0; j < 5; j++) known.push(once(verifier));
  }
  const middle = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  return { opened: cardTime + first, fresh: middle(fresh.slice(10)), known: middle(known.slice(50)), card: middle(cards.slice(10)) };
}

console.log(`Chromium ${browser.version()}, milliseconds`);
console.log("| bundle | bytes | page just opened | fresh seal | known seal | card |\n|---|---:|---:|---:|---:|---:|");
for (const s of samples) {
  const runs = [];
  for (let i = 0; i < 7; i++) { // each in a page of its own, as if just opened
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    runs.push(await page.evaluate(measure, s));
    await context.close();
  }
  const middle = (of) => runs.map((r) => r[of]).sort((a, b) => a - b)[3].toFixed(1);
  console.log(`| ${s.name} | ${atob(s.bundle).length} | ${middle("opened")} | ${middle("fresh")} | ${middle("known")} | ${middle("card")} |`);
}
await browser.close();
server.close();
