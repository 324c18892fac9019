// The chain of a product as a timeline: what happened, when, who says so, and what
// the certificates were.

import type { CertificateThenFacts, EventFacts, Ref, TraceFacts, WayEntryFacts } from "../../verifier/src/index.js";
import { dispositionText, stepText, typeText } from "./cbv.js";
import { elements, pageOf } from "./digital-link.js";
import { h, icon, printable } from "./dom.js";
import { code, refText } from "./facts.js";
import { pick, t } from "./language.js";
import { member } from "./members.js";
import { known, marks } from "./outcome.js";
import { beijing } from "./time.js";

/** Of more entries than this the page shows the first and the newest, until it is asked for all. */
const most = 60;

/** timeline draws all entries, the first one first, as they were filed. */
export function timeline(trace: TraceFacts): HTMLElement {
  const list = trace.entries;
  const ol = h("ol", { class: "timeline product-line" });
  const hidden = list.length > most ? list.length - most : 0;
  const draw = (e: WayEntryFacts) => entry(e, trace);
  if (hidden === 0) ol.append(...list.map(draw));
  else {
    const more = h("li", { class: "more" }, h("button", {
      type: "button", class: "small-button",
      onclick: () => {
        more.replaceWith(...list.slice(1, 1 + hidden).map(draw));
        document.getElementById("entry-2")?.focus();
      },
    }, t("t.more", hidden)));
    ol.append(draw(list[0]!), more, ...list.slice(1 + hidden).map(draw));
  }
  return h("section", { class: "part", "aria-labelledby": "timeline-title" },
    h("h3", { id: "timeline-title" }, t("t.title")),
    h("p", { class: "guarantee complete" }, t("t.complete", trace.entries.length)), ol);
}

function entry(e: WayEntryFacts, trace: TraceFacts): HTMLElement {
  const failed = (e.then ?? []).some((c) => !c.holds);
  const warn = e.what === "recall" || failed;
  return h("li", { id: `entry-${e.n}`, value: String(e.n), tabindex: "-1", class: warn ? "against" : "", "data-what": e.what },
    h("p", { class: "what" }, h("span", { class: "n" }, String(e.n)), " ", h("strong", {}, title(e)), e.event ? h("span", { class: "when" }, placeTime(e.event.time)) : null),
    ...(e.event ? event(e.event, trace) : change(e)),
    ...(e.then && e.then.length > 0 ? [certificatesThen(e.then, trace)] : []),
    h("p", { class: "small" }, ...recorded(e)));
}

function title(e: WayEntryFacts): string {
  if (e.event) return printable(e.event.step ? stepText(e.event.step) : typeText(e.event.type));
  switch (e.what) {
    case "registered": return t("t.registered");
    case "certificates": return t("t.certificates");
    case "reporters": return t("t.reporters");
    case "recall": return t("t.recall");
    case "lift": return t("t.lift", e.lift?.recall ?? "");
  }
  return printable(pick(e.text));
}

/** recorded says when and by whom, with the member's place in the sentence. */
function recorded(e: WayEntryFacts): (string | Node)[] {
  const [before = "", after = ""] = t("t.recorded", beijing(e.time), "\0").split("\0");
  return [before, member(e.member), after];
}

function event(e: EventFacts, trace: TraceFacts): HTMLElement[] {
  const out: HTMLElement[] = [];
  const words = [e.disposition && dispositionText(e.disposition), e.place && t("t.place", placeText(e.place))].filter(Boolean) as string[];
  if (words.length > 0) out.push(h("p", {}, printable(words.join(" · "))));
  if (e.others && e.others.length > 0) {
    const apart = e.action === "DELETE" && (e.part === "parent" || e.part === "child");
    const key = known(`t.${e.part}${apart ? ".out" : ""}`) ?? "t.object";
    out.push(h("p", { class: "others" }, `${t(key)} `, ...between(e.others.map((u) => productLink(u, trace.products.some((p) => p.uri === u) ? nameOf(u, trace) : "")))));
  }
  if (e.corrects && e.corrects.length > 0) {
    out.push(h("p", { class: "small" }, `${t("t.corrects")} `, ...between(e.corrects.map((c) => code(c.slice(0, 16) + "…")))));
  }
  return out;
}

function change(e: WayEntryFacts): HTMLElement[] {
  if (e.registered) {
    const name = pick(e.registered.name);
    return [h("p", {}, [printable(name), ...e.registered.certificates.map(refText)].filter(Boolean).join(" · "))];
  }
  if (e.certificates) {
    const line = (word: "add" | "remove", list?: Ref[]) => (list ?? []).map((r) => h("p", {}, `${t(`t.certificates.${word}`)} ${refText(r)}`));
    return [...line("add", e.certificates.add), ...line("remove", e.certificates.remove)];
  }
  if (e.reporters) {
    return [h("p", {}, ...(e.reporters.length > 0 ? between(e.reporters.map(member)) : [t("t.reporters.none")]))];
  }
  if (e.recall) return [h("p", {}, t(e.recall.regulator ? "recall.regulator" : "recall.owner")), h("p", {}, printable(pick(e.recall.note)))];
  return e.lift?.note ? [h("p", {}, printable(e.lift.note))] : [];
}

/** certificatesThen lists what certificates were at an event: those that were not valid first. */
function certificatesThen(list: CertificateThenFacts[], trace: TraceFacts): HTMLElement {
  const bad = list.filter((c) => !c.holds), good = list.filter((c) => c.holds);
  const on = list[0]?.on ?? "";
  const lines = (some: CertificateThenFacts[]) => h("ul", { class: "then" }, ...some.map((c) => then(c, trace)));
  if (bad.length === 0 && good.length > 2) {
    return h("details", { class: "then-all" }, h("summary", {}, t("t.then.all", good.length, on)), lines(good));
  }
  return h("div", {}, h("p", { class: "small then-title" }, t("t.then", on)), lines([...bad, ...good]));
}

function then(c: CertificateThenFacts, trace: TraceFacts): HTMLElement {
  const own = c.product === trace.product;
  return h("li", { class: c.holds ? "yes" : "no", "data-number": c.number },
    icon(...marks[c.holds ? "good" : "bad"]),
    h("span", {}, h("strong", {}, statusText(c)), " ", code(c.number), " ", h("span", { class: "small" }, `${printable(c.issuer)} · ${own ? t("p.self") : t("p.of", nameOf(c.product, trace))}`)));
}

/** statusText says what a certificate was, and which marks stood against it. */
export function statusText(c: { effective?: CertificateThenFacts["effective"]; holds?: boolean }): string {
  const e = c.effective;
  if (!e) return t("t.then.none");
  return [pick(e.text), ...(e.flags ?? []).filter((f) => f.blocking).map((f) => pick(f.text))].join(" · ");
}

/** nameOf is the name of a product on the way, or else how it is identified. */
export function nameOf(uri: string, trace: TraceFacts): string {
  const p = trace.products.find((x) => x.uri === uri);
  return printable((p && pick(p.name)) || elements(uri));
}

/** productLink leads to the page of a product. */
export function productLink(uri: string, text?: string): HTMLElement {
  return h("a", { href: pageOf(uri), class: text ? "" : "code" }, printable(text || elements(uri)));
}

export function between(list: Node[]): (Node | string)[] {
  return list.flatMap((e, i) => (i === 0 ? [e] : [t("list"), e]));
}

/** placeTime writes when an event happened as it was where it happened. */
function placeTime(time: string): string {
  const m = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(time);
  if (!m) return printable(time);
  return t("t.at", `${m[1]} ${m[2]}`, m[3] === "Z" ? "+00:00" : m[3]!);
}

/** placeText writes a GS1 location number as such. */
function placeText(uri: string): string {
  const m = /^https:\/\/id\.gs1\.org\/414\/(\d{13})(?:\/254\/(.+))?$/.exec(uri) ?? undefined;
  return m ? `GLN ${m[1]}${m[2] ? ` (${m[2]})` : ""}` : uri;
}
