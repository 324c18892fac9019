// What lies upstream of a product, as a tree: what it was made of or has in it, who
// says so, and whether the other side confirms it.

import type { LinkFacts, TraceFacts, WayProductFacts } from "../../verifier/src/index.js";
import { elements } from "./digital-link.js";
import { h, printable, tag } from "./dom.js";
import { pick, t } from "./language.js";
import { productLink, statusText } from "./timeline.js";

export function upstream(trace: TraceFacts): HTMLElement {
  const byURI = new Map(trace.products.map((p) => [p.uri, p]));
  const shown = new Set<string>([trace.product]);
  const tree = branch(byURI.get(trace.product)!, trace, byURI, shown);
  return h("section", { class: "part", "aria-labelledby": "up-title" }, h("h3", { id: "up-title" }, t("up.title")),
    tree ?? h("p", { class: "small" }, t("up.none")));
}

/** Links to one product, together. */
interface Joint {
  product: string;
  links: LinkFacts[];
}

function branch(p: WayProductFacts, trace: TraceFacts, byURI: Map<string, WayProductFacts>, shown: Set<string>): HTMLElement | null {
  const joints: Joint[] = [];
  for (const l of p.links ?? []) {
    const j = joints.find((x) => x.product === l.product);
    if (j) j.links.push(l);
    else joints.push({ product: l.product, links: [l] });
  }
  if (joints.length === 0) return null;
  const fresh = joints.filter((j) => !shown.has(j.product));
  for (const j of fresh) shown.add(j.product);
  return h("ul", { class: "tree" }, ...joints.map((j) => joint(j, fresh.includes(j), trace, byURI, shown)));
}

function joint(j: Joint, fresh: boolean, trace: TraceFacts, byURI: Map<string, WayProductFacts>, shown: Set<string>): HTMLElement {
  const p = byURI.get(j.product), last = j.links[j.links.length - 1]!;
  const name = p ? pick(p.name) : "";
  const by = [...new Set(j.links.map((l) => l.stated_by))].join(t("list"));
  const out = last.leaves === true && p?.joined !== true;
  const failing = p ? trace.certificates.filter((c) => !c.effective.holds && p.certificates.some((r) => r.issuer === c.issuer && r.number === c.number)) : [];
  return h("li", { "data-product": j.product },
    h("p", {}, productLink(j.product, name || elements(j.product)), name ? h("span", { class: "small code" }, ` ${printable(elements(j.product))}`) : null),
    h("p", { class: "tags" },
      !p ? tag("unknown", t("up.unknown")) : null,
      p && j.links.every((l) => l.confirmed) ? tag("good", t("up.confirmed")) : tag("plain", t("up.stated", by)),
      out ? tag("plain", t("up.out")) : null,
      (p?.standing ?? []).length > 0 ? tag("bad", t("up.recalled")) : null,
      ...failing.map((c) => tag("warn", `${c.number} ${statusText(c)}`)),
      !fresh ? tag("plain", t("up.again")) : null),
    fresh && p ? branch(p, trace, byURI, shown) : null);
}
