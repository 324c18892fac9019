// A product as a verdict has it: recalls, what failed, the product, its certificates,
// its timeline, what is in it.

import type { StandingFacts, TraceFacts, Verdict, WayCertificateFacts, WayProductFacts } from "../../verifier/src/index.js";
import { elements, levelOf } from "./digital-link.js";
import { h, icon, printable } from "./dom.js";
import { code, Rows } from "./facts.js";
import { pick, t } from "./language.js";
import { member } from "./members.js";
import { marks } from "./outcome.js";
import { beijing } from "./time.js";
import { between, nameOf, productLink, statusText, timeline } from "./timeline.js";
import { upstream } from "./upstream.js";
import type { Parts } from "./verdict.js";

/** productParts are what the card of a product shows. asked: the address names it. */
export function productParts(v: Verdict, asked: boolean): Parts {
  const trace = v.trace, uri = v.claim.product ?? "";
  if (!trace) {
    const rows = new Rows();
    rows.add("p.uri", elements(uri) === uri ? null : elements(uri), code(uri));
    rows.add("p.level", t(`level.${levelOf(uri)}`));
    return { lead: [], found: uri ? [h("section", { class: "part" }, h("h3", {}, t("p.product")), rows.element)] : [] };
  }
  const first = trace.products[0]!;
  const all = [product(first), certificates(trace, first), timeline(trace), ...anchored(trace), upstream(trace), uses(first)];
  const uncertain = v.exit_code === 2;
  return {
    first: recalls(trace),
    lead: [against(trace), asked || uncertain ? null : h("p", { class: "compare" }, t("say.product.read"))],
    found: uncertain ? [h("div", { class: "uncertain-all" }, h("p", { class: "caution" }, t("found.caution")), ...all)] : all,
  };
}

/** recalls stand first, in red. */
function recalls(trace: TraceFacts): HTMLElement | null {
  const list: StandingFacts[] = [];
  for (const p of trace.products) {
    if (!p.joined) continue;
    for (const s of p.standing ?? []) {
      if (!list.some((x) => x.product === s.product && x.entry === s.entry)) list.push(s);
    }
  }
  if (list.length === 0) return null;
  return h("section", { class: "recalls", "aria-labelledby": "recalls-title" },
    h("h3", { id: "recalls-title" }, t("recall.title")),
    h("ul", {}, ...list.map((s) => h("li", {},
      h("p", { class: "note" }, printable(pick(s.note))),
      h("p", {}, t("recall.of", ""), productLink(s.product, nameOf(s.product, trace)), " ", h("span", { class: "code" }, elements(s.product))),
      h("p", {}, `${t(s.regulator ? "recall.regulator" : "recall.owner")} · `, member(s.member), ` · ${beijing(s.time)}`)))));
}

/** The most failures that are listed before the timeline. */
const most = 12;

/** against lists at which events which certificates were not valid. */
function against(trace: TraceFacts): HTMLElement | null {
  const failed = trace.entries.flatMap((e) => (e.then ?? []).filter((c) => !c.holds).map((c) => ({ e, c })));
  if (failed.length === 0) return null;
  return h("div", { class: "against-list" }, h("h3", { class: "unseen" }, t("against")),
    h("ul", {}, ...failed.slice(0, most).map(({ e, c }) => h("li", {},
      h("a", { href: `#entry-${e.n}`, onclick: (ev) => { ev.preventDefault(); go(e.n); } }, t("against.event", e.n, c.on)), " ",
      h("strong", {}, statusText(c)), " ", code(c.number), " ", h("span", { class: "small" }, t("p.of", nameOf(c.product, trace)))))),
    failed.length > most ? h("p", { class: "small" }, t("against.more", failed.length - most)) : null);
}

/** go shows an entry; if it is folded away, all of them. */
function go(n: number): void {
  if (!document.getElementById(`entry-${n}`)) document.querySelector<HTMLButtonElement>(".timeline .more button")?.click();
  const e = document.getElementById(`entry-${n}`);
  e?.focus({ preventScroll: true });
  e?.scrollIntoView({ block: "center" });
}

function product(p: WayProductFacts): HTMLElement {
  const rows = new Rows();
  const other = [p.name.zh, p.name.en].filter((s) => s && s !== pick(p.name)).join(" ");
  rows.add("p.uri", elements(p.uri) === p.uri ? null : h("span", { class: "code big" }, elements(p.uri)), code(p.uri));
  rows.add("p.level", t(`level.${levelOf(p.uri)}`));
  rows.add("p.owner", member(p.owner));
  if (p.reporters.length > 0) rows.add("p.reporters", h("span", {}, ...between(p.reporters.map(member))));
  return h("section", { class: "part product", "aria-labelledby": "product-name" },
    h("h3", { id: "product-name", class: "product-name" }, printable(pick(p.name))),
    other ? h("p", { class: "small" }, printable(other)) : null, rows.element);
}

function certificates(trace: TraceFacts, first: WayProductFacts): HTMLElement {
  const current = (c: WayCertificateFacts) => trace.products.some((p) => p.joined && p.certificates.some((r) => r.issuer === c.issuer && r.number === c.number));
  const list = [...trace.certificates].sort((a, b) => Number(current(b)) - Number(current(a)) || Number(a.effective.holds) - Number(b.effective.holds));
  return h("section", { class: "part", "aria-labelledby": "certificates-title" }, h("h3", { id: "certificates-title" }, t("p.certificates")),
    list.length === 0 ? h("p", { class: "small" }, t("p.certificates.none")) : h("ul", { class: "certificates" }, ...list.map((c) => {
      const now = current(c), holds = c.effective.holds;
      return h("li", { class: !now ? "past" : holds ? "yes" : "no", "data-number": c.number, "data-status": c.effective.status },
        icon(...marks[holds ? "good" : "bad"]),
        h("div", {}, h("p", {}, h("strong", {}, statusText(c)), ` ${t("p.since", c.effective.since)}`, now ? null : ` · ${t("p.past")}`),
          h("p", {}, code(c.number), " ", h("span", { class: "small" }, printable(c.issuer))),
          h("p", { class: "small" }, c.products.map((u) => (u === first.uri ? t("p.self") : t("p.of", nameOf(u, trace)))).join(t("list")))));
    })));
}

/** anchored are events beside the chain, which are authentic, and perhaps not all. */
function anchored(trace: TraceFacts): HTMLElement[] {
  const list = trace.anchored ?? [];
  if (list.length === 0) return [];
  return [h("section", { class: "part", "aria-labelledby": "anchored-title" }, h("h3", { id: "anchored-title" }, t("anchored.title")),
    h("p", { class: "guarantee authentic" }, t("anchored.authentic")),
    h("ol", { class: "anchored" }, ...list.map((a) => {
      const [before = "", after = ""] = t("anchored.by", beijing(a.captured), beijing(a.recorded), "\0").split("\0");
      return h("li", {}, h("p", {}, code(`${a.hash.slice(0, 24)}…`)), h("p", { class: "small" }, before, member(a.member), after));
    })))];
}

/** uses has room for what the node says of the way downstream. */
function uses(p: WayProductFacts): HTMLElement {
  return h("section", { class: "part", "aria-labelledby": "down-title", "data-uses": String(p.uses), "data-of": p.uri },
    h("h3", { id: "down-title" }, t("down.title")), h("p", { class: "small" }, t("down.count", p.uses)));
}
