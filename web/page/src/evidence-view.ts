// Evidence as a verdict has it, and the digest of the file that the user gives.

import { ContentDigest, type Verdict } from "../../verifier/src/index.js";
import { h } from "./dom.js";
import { code, Rows } from "./facts.js";
import { pick, t } from "./language.js";
import { member } from "./members.js";
import { known } from "./outcome.js";
import { beijing } from "./time.js";
import { productLink } from "./timeline.js";
import type { Parts } from "./verdict.js";

/** The file that a user gave beside the proof. */
export interface Given {
  name: string;
  size: number;
  content: string; // SM3, hexadecimal
}

/** evidenceParts are what the card of evidence shows. give asks for the file. */
export function evidenceParts(v: Verdict, given: Given | undefined, give: (file: File) => void): Parts {
  const found: HTMLElement[] = [];
  if (given) {
    const rows = new Rows();
    rows.add("ev.name", given.name);
    rows.add("ev.size", t("ev.bytes", given.size));
    rows.add("ev.digest", code(given.content));
    found.push(h("section", { class: "part" }, h("h3", {}, t("ev.given")), rows.element));
  }
  const l = v.leaf;
  if (l) {
    const rows = new Rows();
    rows.add("ev.name", l.name);
    rows.add("ev.size", t("ev.bytes", l.size));
    rows.add("ev.captured", beijing(l.captured), h("span", { class: "small" }, t("ev.captured.word")));
    found.push(h("section", { class: "part" }, h("h3", {}, t("ev.file")), rows.element));
  }
  const e = v.evidence;
  if (e) {
    const rows = new Rows();
    rows.add("ev.time", h("strong", {}, beijing(e.time)));
    rows.add("ev.kind", pick(e.text));
    rows.add("ev.member", member(e.member));
    const product = e.subject.startsWith("product/") ? e.subject.slice(8) : "";
    rows.add("ev.subject", product ? productLink(product) : code(e.subject));
    rows.add("ev.captured", t("to", beijing(e.from), beijing(e.to)), h("span", { class: "small" }, t("ev.captured.word")));
    rows.add("ev.method", e.method);
    const kept = known(`retention.${e.retention}`);
    rows.add("ev.retention", kept ? t(kept) : e.retention);
    rows.add("ev.leaves", String(e.leaves));
    rows.add("ev.id", code(e.id));
    found.push(h("section", { class: "part" }, h("h3", {}, t("ev.facts")), rows.element));
  }
  const field = h("input", { type: "file", hidden: true, id: "content-file", tabindex: "-1", "aria-label": t("ev.give") });
  field.addEventListener("change", () => { const f = field.files?.[0]; if (f) give(f); });
  const offer = h("div", { class: "offer" },
    h("button", { type: "button", class: given ? "secondary" : "primary", onclick: () => field.click() }, t("ev.give")), field,
    h("p", { class: "small" }, t("ev.give.note")));
  return { lead: [offer], found };
}

/** digestOf reads a file in pieces. It tells how much of it is read, in per cent. */
export async function digestOf(file: File, tell: (percent: number) => void): Promise<Given> {
  const digest = new ContentDigest(), reader = file.stream().getReader();
  let read = 0, told = -1, breathed = performance.now();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    digest.update(value);
    read += value.length;
    if (performance.now() - breathed > 100) { // let the page draw
      await new Promise((go) => { setTimeout(go); });
      breathed = performance.now();
    }
    const percent = Math.floor((100 * read) / Math.max(file.size, 1));
    if (percent >= told + 5) tell((told = percent));
  }
  return { name: file.name, size: read, content: digest.digest() };
}
