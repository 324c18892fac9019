// A certificate and its records, as a verdict has them.

import type { CertificateFacts, PartyFacts, RecordFacts, Reason, Ref } from "../../verifier/src/index.js";
import { h, printable } from "./dom.js";
import { language, pick, t } from "./language.js";
import { known } from "./outcome.js";
import { beijing } from "./time.js";
import type { Key } from "./texts.js";

/** Rows are a list of terms and what is said of them; what is empty is left out. */
export class Rows {
  readonly element = h("dl", { class: "facts" });

  add(term: Key, ...values: (string | Node | null | undefined)[]): void {
    const some = values.filter((v): v is string | Node => v !== undefined && v !== null && v !== "");
    if (some.length === 0) return;
    const dd = h("dd");
    some.forEach((v, i) => {
      if (i > 0) dd.append(h("br"));
      dd.append(typeof v === "string" ? printable(v) : v);
    });
    this.element.append(h("div", {}, h("dt", {}, t(term)), dd));
  }
}

/** code writes what is to be compared character by character. */
export function code(s: string): HTMLElement {
  return h("span", { class: "code" }, printable(s));
}

export function refText(r: Ref): string {
  return `${r.number} (${r.issuer})`;
}

/** reasonText has the detail where it is no English among Chinese. */
export function reasonText(r: Reason): string {
  const detail = r.detail && (language() === "en" || !/[a-z]{2}/.test(r.detail)) ? t("detail", r.detail) : "";
  return printable(pick(r) + detail);
}

export function certificate(c: CertificateFacts): HTMLElement {
  const rows = new Rows();
  const e = c.effective;
  rows.add("number", code(c.number));
  rows.add("issuer", c.issuer_name && printable(pick(c.issuer_name)), code(c.issuer));
  rows.add("status", h("strong", {}, `${pick(e.text)} ${e.code ?? ""}`.trim()), e.reason && reason(e.reason, e.reason_text), t("since", e.since));
  for (const f of e.flags ?? []) {
    rows.add("flags", h("span", { class: f.blocking ? "flag blocking" : "flag" }, pick(f.text), f.blocking && ` · ${t("blocking")}`));
  }
  rows.add("suspended", period(c.suspended_from, c.suspended_until));
  rows.add("successor", c.successor && refText(c.successor));
  rows.add("unsound", ...(c.unsound ?? []).map(refText));
  rows.add("compromised", ...(c.compromised ?? []).map(code));
  rows.add("orders", ...(c.orders ?? []).map((o) => o.due));
  rows.add("warnings", ...(c.warnings ?? []));
  const d = c.details;
  rows.add("holder", name(d?.holder), code(c.holder));
  rows.add("address", address(d?.holder));
  if (d) {
    rows.add("scope", pick({ en: d.scope_en ?? "", zh: d.scope_zh ?? "" }), (d.scope_codes ?? []).join(t("list")));
    rows.add("standards", (d.standards ?? []).join(t("list")));
    rows.add("producer", name(d.producer));
    rows.add("factory", name(d.factory), address(d.factory));
    rows.add("trademark", d.trade_mark);
    rows.add("models", (d.models ?? []).join(t("list")));
    rows.add("gtins", (d.gtins ?? []).join(t("list")));
    rows.add("main", d.main && refText(d.main));
    rows.add("components", ...(d.components ?? []).map(refText));
  }
  const family = known(`family.${c.family}`);
  rows.add("scheme", family ? `${c.scheme} · ${t(family)}` : c.scheme);
  rows.add("issued", c.issued);
  rows.add("expires", c.expires);
  return rows.element;
}

function reason(value: string, text?: { en: string; zh: string }): string {
  return text ? `${value} ${pick(text)}` : value;
}

function period(from?: string, to?: string): string {
  return from && to ? t("to", from, to) : (from ?? to ?? "");
}

function name(p?: PartyFacts | null): string {
  return p ? pick({ en: p.name_en ?? "", zh: p.name_zh ?? "" }) : "";
}

function address(p?: PartyFacts | null): string {
  return p ? pick({ en: p.address_en ?? "", zh: p.address_zh ?? "" }) : "";
}

/** records are the acts, the newest first. */
export function records(list: RecordFacts[]): HTMLElement {
  const ol = h("ol", { class: "timeline", reversed: true });
  for (const r of [...list].sort((a, b) => b.n - a.n)) {
    ol.append(h("li", { value: String(r.n) },
      h("strong", {}, `${r.n} · ${pick(r.text)}`), " ",
      h("span", { class: "who" }, printable(r.actor || t("record.ledger"))),
      h("p", {}, [t("record.decided", r.decided), r.reason, r.until && t("until", r.until)].filter(Boolean).join(" · ")),
      h("p", { class: "small" }, t("record.recorded", beijing(r.time), r.height)),
      r.note ? h("p", { class: "small" }, printable(r.note)) : null));
  }
  return ol;
}
