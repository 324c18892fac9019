// Builds the pages into a folder: node build.mjs [FOLDER], ../dist by default.
// The same source gives the same bytes: nothing of time or place goes in.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "../dist"));
const options = {
  absWorkingDir: here, bundle: true, minify: true, charset: "utf8", legalComments: "none", write: false, outdir: "/out",
  target: ["es2021", "chrome92", "edge92", "firefox95", "safari15.4"], entryNames: "[name]-[hash]", logLevel: "warning",
};

/** made builds entry points and returns their files by the name of the entry. */
async function made(entries, more = {}) {
  const result = await build({ ...options, ...more, entryPoints: entries });
  const files = {};
  for (const f of result.outputFiles) {
    const name = basename(f.path);
    files[name.replace(/-[A-Z0-9]{8}(?=\.)/, "")] = { name, bytes: Buffer.from(f.contents) };
  }
  return files;
}

/** hashed names a file as esbuild does. */
function hashed(path) {
  const bytes = readFileSync(join(here, path)), ext = extname(path);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  return { name: `${basename(path, ext)}-${hash}${ext}`, bytes };
}

/** textsOf loads the texts of the pages. */
async function textsOf() {
  const result = await build({ ...options, entryPoints: ["src/texts.ts"], format: "esm", minify: false });
  return (await import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString("base64")}`)).texts;
}

const files = {};
Object.assign(files, await made(["src/worker/qr-worker.ts"], { format: "iife" }));
Object.assign(files, await made(["src/verify.ts", "src/product.ts"], { format: "esm", define: { WORKER: JSON.stringify(files["qr-worker.js"].name) } }));
Object.assign(files, await made(["src/css/verify.css", "src/css/product.css"]));
for (const name of ["icon.svg", "icon-180.png", "icon-512.png"]) files[name] = hashed(`static/${name}`);

const texts = await textsOf();
/** filled puts names of files and texts where {{…}} stands. */
function filled(path) {
  return readFileSync(join(here, path), "utf8").replace(/\{\{(?:(t|en|data):)?([^}]+)\}\}/g, (whole, kind, name) => {
    if (kind === "data") return `data:image/svg+xml;base64,${files[name].bytes.toString("base64")}`;
    const value = kind ? texts[name]?.[kind === "en" ? 0 : 1] : files[name]?.name;
    if (value === undefined) throw new Error(`${path}: ${whole} stands for nothing`);
    return kind ? value.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;") : value;
  });
}

/** licences are those of what others wrote and the pages contain. */
const licences = ["node_modules/jsqr", "../verifier/node_modules/@noble/curves", "../verifier/node_modules/@noble/hashes"].map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
  return `${name} ${version}, ${license}\n\n${readFileSync(join(here, folder, "LICENSE"), "utf8").trim()}\n`;
}).join("\n" + "-".repeat(72) + "\n\n");
const notice = { name: "licences.txt", bytes: Buffer.from(licences) };
const manifest = { name: "manifest.webmanifest", bytes: Buffer.from(filled("static/manifest.webmanifest")) };
const pages = ["verify.html", "product.html"].map((name) => ({ name, bytes: Buffer.from(filled(`static/${name}`)) }));
const kept = [...Object.values(files), manifest];
const version = createHash("sha256");
for (const f of [...kept, ...pages]) version.update(f.name).update("\0").update(f.bytes);
const sw = await made(["src/worker/sw.ts"], {
  format: "iife", entryNames: "[name]",
  define: { FILES: JSON.stringify(kept.map((f) => f.name).sort()), VERSION: JSON.stringify(version.digest("hex").slice(0, 16)) },
});

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const f of [...kept, ...pages, notice, ...Object.values(sw)]) writeFileSync(join(out, f.name), f.bytes);
