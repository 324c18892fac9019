// A trace for people: the chain of the product, with the certificates at each event,
// what lies upstream, and what the certificates are now.

import type { EffectiveFacts, LinkFacts, Ref, TraceFacts, WayEntryFacts, WayProductFacts } from "./verdict.js";

/** What lines are written with, in one language. */
export interface Lines {
  in(en: string, zh: string): string;
  either(en?: string, zh?: string): string;
  time(instant: string): string;
  line(en: string, zh: string, ...values: (string | undefined)[]): void;
}

export function traceLines(p: Lines, t: TraceFacts): void {
  const [first] = t.products as [WayProductFacts];
  p.line("Product", "产品", first.uri, p.either(first.name.en, first.name.zh));
  p.line("Owner", "所有方", first.owner);
  for (const e of t.entries) {
    entryLine(p, e);
    for (const c of e.then ?? []) {
      const product = c.product === first.uri ? "" : c.product;
      p.line("  certificate", "  证书", name(c), status(p, c.effective), p.in("on ", "于 ") + c.on, blocking(p, c.effective), product);
    }
  }
  t.products.forEach((product, i) => productLines(p, product, i > 0));
  for (const e of t.anchored ?? []) {
    const guarantee = p.in("authentic, perhaps not all", "真实，但不保证无遗漏");
    p.line("Anchored event", "锚定事件", e.hash.slice(0, 16), e.member, p.in("recorded ", "记录于 ") + p.time(e.recorded), guarantee);
  }
  for (const c of t.certificates) p.line("Certificate now", "证书现状", name(c), status(p, c.effective), blocking(p, c.effective));
}

function entryLine(p: Lines, { n, text, member, time, event }: WayEntryFacts): void {
  const recorded = p.in("recorded ", "记录于 ") + p.time(time);
  if (event === undefined) {
    p.line(`Entry ${n}`, `条目 ${n}`, p.in(text.en, text.zh), member, recorded);
    return;
  }
  const { type, action, step, disposition, place } = event;
  p.line(`Entry ${n}`, `条目 ${n}`, type, action, step, disposition, place, p.in("at ", "发生于 ") + placeTime(event.time), member, recorded);
}

/** 2026-06-01T12:00:08+08:00 as 2026-06-01 12:00:08 +08:00. */
function placeTime(instant: string): string {
  const zone = /[+-]\d\d:\d\d$/.exec(instant)?.[0] ?? "+00:00";
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} ${zone}`;
}

function productLines(p: Lines, product: WayProductFacts, upstream: boolean): void {
  const { uri, owner, joined, links = [], standing = [] } = product;
  if (upstream) p.line("Upstream", "上游产品", uri, p.either(product.name.en, product.name.zh), owner, joined ? "" : p.in("no longer in it", "已移出"));
  for (const l of links) p.line("Link", "关联", `${uri} #${l.entry}`, l.product, linkText(p, l));
  for (const r of standing) p.line("Recall", "召回", r.product, r.member, p.time(r.time), p.either(r.note.en, r.note.zh));
}

function linkText(p: Lines, { leaves, known, confirmed, stated_by }: LinkFacts): string {
  if (leaves) return p.in("taken out, stated by ", "移出，陈述方 ") + stated_by;
  if (!known) return p.in("unknown origin, stated by ", "来源不明，陈述方 ") + stated_by;
  if (confirmed) return p.in("confirmed by both chains", "双方追溯链一致");
  return p.in("stated by ", "仅由一方陈述：") + stated_by;
}

function status(p: Lines, e: EffectiveFacts | undefined): string {
  return e === undefined ? p.in("nothing decided", "尚无任何决定") : p.in(e.text.en, e.text.zh);
}

function blocking(p: Lines, e: EffectiveFacts | undefined): string {
  const flags = (e?.flags ?? []).filter((f) => f.blocking);
  return flags.map((f) => p.in(f.text.en, f.text.zh)).join(p.in("; ", "；"));
}

function name(r: Ref): string {
  return `${r.issuer}/${r.number}`;
}
