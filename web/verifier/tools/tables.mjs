// Writes src/tables.ts from the tables of docs/rules.md and docs/verifier.md, so
// that both programs say the same. `npm run tables`; a test says if it is behind.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const docs = new URL("../../../docs/", import.meta.url);

function sections(file) {
  const found = new Map();
  for (const part of readFileSync(new URL(file, docs), "utf8").split(/^## /m).slice(1)) {
    const rows = part.split("\n").filter((l) => l.startsWith("| ")).map((l) => l.slice(1, -1).split(" | ").map((c) => c.trim().replace(/^\||\|$/g, "").trim()));
    found.set(part.slice(0, part.indexOf("\n")).trim(), rows);
  }
  return found;
}

function section(all, prefix) {
  const rows = [...all].filter(([name]) => name.startsWith(prefix));
  if (rows.length !== 1) throw new Error(`not one section ${prefix}`);
  return rows[0][1];
}

const rules = sections("rules.md");
const verifier = sections("verifier.md");

function coded(title) {
  return section(rules, title).slice(1).map(([code, zh, en]) => [code, en, zh]);
}

/** "management system 管理体系认证" → ["management system", "管理体系认证"] */
function named(cell) {
  const at = cell.search(/[\u4e00-\u9fff]/);
  return [cell.slice(0, at).trim(), cell.slice(at)];
}

const bodies = { "the body": "body", "the body and a regulator": "both", "both bodies": "bodies", "a regulator": "regulator", governance: "governance", "the chain": "chain" };

function reserved(title) {
  return section(rules, title).slice(1).filter((row) => row.join(" ").includes("never given by hand")).map(([code]) => code);
}

function changeTypes(title) {
  return section(rules, title).slice(1).map(([code, actions]) => [code, actions.split(", ")]);
}

const families = section(rules, "Scheme families").slice(1).map(([cell]) => named(cell));
const actions = section(rules, "Who may do what").slice(1).map(([cell, by]) => {
  if (!(by in bodies)) throw new Error(`who is ${by}?`);
  return [...named(cell), bodies[by]];
});
const flags = section(rules, "Flags").slice(1).map(([name, zh, holds]) => [name, zh, holds === "no"]);
const reasons = section(verifier, "Reason codes").slice(1).map(([code, en, zh]) => [code.replaceAll("`", ""), en, zh]);

const q = JSON.stringify;
const dictionary = (rows) => rows.map(([code, en, zh]) => `  ${q(code)}: { en: ${q(en)}, zh: ${q(zh)} },\n`).join("");

export const tables = `// Written by tools/tables.mjs from docs/rules.md and docs/verifier.md.

import type { Text } from "./verdict.js";

/** Families 1 to 4: name and Chinese. */
export const families: readonly (readonly [string, string])[] = ${q(families)};

/** Actions 1 to 24: name, Chinese, who decides. */
export const actions: readonly (readonly [string, string, "body" | "both" | "bodies" | "regulator" | "governance" | "chain"])[] = ${q(actions)};

/** Flags: name, Chinese, whether it blocks; 0 to 6 for bits 0 to 6, then bits 16 to 21. */
export const flags: readonly (readonly [string, string, boolean])[] = ${q(flags)};

/** Reasons of a status, families 1 and 4. */
export const systemReasons: { readonly [status: number]: { readonly [code: string]: Text } } = {
2: {
${dictionary(coded("Management systems and services: reasons to suspend"))}},
3: {
${dictionary(coded("Management systems and services: reasons to revoke"))}},
};

/** Reasons of a status, families 2 and 3. */
export const productReasons: { readonly [status: number]: { readonly [code: string]: Text } } = {
2: {
${dictionary(coded("CCC and voluntary products: reasons to suspend"))}},
3: {
${dictionary(coded("CCC and voluntary products: reasons to revoke"))}},
4: {
${dictionary(coded("CCC and voluntary products: reasons to cancel"))}},
};

/** Reasons of the status after an act that are never given by hand. */
export const systemReserved: readonly string[] = ${q(reserved("Management systems and services: reasons to revoke"))};
export const productReserved: readonly string[] = ${q(reserved("CCC and voluntary products: reasons to cancel"))};

/** Change types, each with the actions that may bear it; and reissue reasons. */
export const systemChanges: readonly (readonly [string, readonly string[]])[] = ${q(changeTypes("Management systems and services: change types"))};
export const productChanges: readonly (readonly [string, readonly string[]])[] = ${q(changeTypes("CCC and voluntary products: change types"))};
export const reissues: readonly (readonly [string, readonly string[]])[] = ${q(changeTypes("Reissue reasons"))};

/** All that a verdict can give as a reason, an open question or a note. */
export const reasons = {
${dictionary(reasons)}} as const;

export type Code = keyof typeof reasons;
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL("../src/tables.ts", import.meta.url), tables);
}
