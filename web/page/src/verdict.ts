// A verdict as a card: the outcome first, then of when it is and how old that is,
// then what is known, what is established, what is not, and by which trust card.

import { fingerprintText, type Subject, type Verdict } from "../../verifier/src/index.js";
import { h, icon, printable } from "./dom.js";
import { certificate, code, reasonText, records, Rows } from "./facts.js";
import { pick, t } from "./language.js";
import { known, marks, outcomeOf, type Tone } from "./outcome.js";
import { beijing, span } from "./time.js";

/** What the card can be asked to do; what is missing is not offered. */
export interface Actions {
  /** Gets the newest proof from the server; full: the present one proves less. */
  refresh?: { full: boolean; product?: true; do: () => void };
  /** Checks a certificate that a number has. */
  see?: (issuer: string) => void;
  save: (what: "bundle" | "verdict") => void;
  again?: () => void;
}

/** What a card shows besides what every card has. */
export interface Parts {
  /** Above all else: warnings. */
  first?: HTMLElement | null;
  /** Below the outcome. */
  lead: (HTMLElement | null)[];
  /** What the proof says. */
  found: HTMLElement[];
}

/** nobody is the number of a claim about a bundle that names no certificate. */
export const nobody = "-";

/** summary is what a screen reader is told. */
export function summary(v: Verdict): string {
  const o = outcomeOf(v);
  const about = v.trace ? pick(v.trace.products[0]?.name ?? {}) : (v.certificate?.number ?? (v.claim.number === nobody ? "" : v.claim.number) ?? "");
  return [o.headline, about, v.seal ? `${t("asof")} ${beijing(v.seal.time)}` : "", o.say].filter(Boolean).join(". ");
}

/** card draws a verdict on a certificate. asked: the user named it, not the proof. */
export function card(v: Verdict, asked: boolean, actions: Actions): HTMLElement {
  return frame(v, {
    lead: [
      v.certificate && v.exit_code !== 2 ? h("p", { class: "compare" }, t(asked ? "say.asked" : "say.read")) : null,
      v.issuers && v.issuers.length > 0 ? h("ul", { class: "issuers" }, ...v.issuers.map((i) => h("li", {}, code(i), " ",
        actions.see && h("button", { type: "button", class: "small-button", onclick: () => actions.see?.(i) }, t("issuers.see"))))) : null,
    ],
    found: found(v, asked),
  }, actions);
}

/** frame draws what every card has, the outcome first, around its parts. */
export function frame(v: Verdict, parts: Parts, actions: Actions): HTMLElement {
  const o = outcomeOf(v);
  const body = h("div", { class: "verdict-body" },
    h("p", { class: "say" }, o.say),
    ...parts.lead,
    v.exit_code === 2 && offer(actions),
    ...parts.found,
    ...standing(v),
    v.exit_code !== 2 && offer(actions),
    foot(v),
    technical(v, actions),
    actions.again && h("div", { class: "actions" }, h("button", { type: "button", class: "secondary", onclick: actions.again }, t("again"))));
  return h("article", { class: `verdict ${o.tone}`, "aria-labelledby": "verdict-headline", "data-outcome": v.outcome, "data-code": v.reasons[0]?.code ?? "" },
    banner(o.tone, o.headline, claimText(v)), parts.first, asOf(v), body);
}

/** banner is the coloured head of a card. */
export function banner(tone: Tone, headline: string, below: string): HTMLElement {
  return h("header", { class: "banner" }, h("span", { class: "mark" }, icon(...marks[tone])),
    h("div", {}, h("h2", { id: "verdict-headline", tabindex: "-1" }, headline), below ? h("p", {}, below) : null));
}

export function claimText(v: Verdict): string {
  const kind = v.claim.kind;
  const what = kind === "on-date" ? t("checked.on-date", v.claim.date ?? "") : t(known(`claim.${kind}`) ?? "claim.valid");
  return t("checked", what);
}

function asOf(v: Verdict): HTMLElement {
  const rows = h("dl", { class: "asof" });
  rows.append(h("div", {}, h("dt", {}, t("asof")), h("dd", {}, v.seal ? beijing(v.seal.time) : t("asof.none"))));
  if (v.seal) rows.append(h("div", {}, h("dt", {}, t("age")), h("dd", { "data-age": true }, span(v.seal.age_seconds))));
  return rows;
}

function offer(actions: Actions): HTMLElement | null {
  if (!actions.refresh) return null;
  return h("div", { class: "offer" },
    h("button", { type: "button", class: "primary", onclick: actions.refresh.do }, t(actions.refresh.full ? "refresh.full" : "refresh")),
    h("p", { class: "small" }, t(actions.refresh.product ? "refresh.note.product" : "refresh.note")));
}

/** found is what the proof says, whatever the outcome. */
function found(v: Verdict, asked: boolean): HTMLElement[] {
  const out: HTMLElement[] = [];
  const uncertain = v.exit_code === 2;
  if (v.certificate) {
    out.push(h("section", { class: uncertain ? "part uncertain" : "part" }, h("h3", {}, t(uncertain ? "found" : "facts")),
      uncertain && h("p", { class: "small" }, t("found.caution")), certificate(v.certificate)));
  } else if (v.claim.number && v.claim.number !== nobody) {
    const rows = new Rows();
    rows.add("number", code(v.claim.number));
    rows.add("issuer", v.claim.issuer ? code(v.claim.issuer) : "");
    const claimed = uncertain && !asked;
    out.push(h("section", { class: claimed ? "part uncertain" : "part" }, claimed && h("h3", {}, t("claimed")), rows.element));
  }
  if (v.records && v.records.length > 0) out.push(h("section", { class: "part" }, h("h3", {}, t("records")), records(v.records)));
  return out;
}

/** standing is what is established and what is not. */
function standing(v: Verdict): HTMLElement[] {
  const yes: string[] = [], no: string[] = [];
  (v.exit_code === 2 ? no : yes).push(...v.reasons.map(reasonText));
  if (v.seal) {
    yes.push(t("established.seal", v.seal.height));
    if (v.seal.handovers > 0) yes.push(t("established.handovers", v.seal.handovers));
    if (v.certificate || v.records || v.trace || v.evidence || (v.issuers && v.issuers.length > 0)) yes.push(t("established.record"));
    else if (v.exit_code !== 2) yes.push(t("established.absent"));
  }
  no.push(...(v.unproven ?? []).map(reasonText));
  const notes = (v.notes ?? []).map(reasonText);
  const part = (title: string, kind: string, list: string[]) => h("section", { class: `part ${kind}` }, h("h3", {}, title), h("ul", {}, ...list.map((s) => h("li", {}, s))));
  const out: HTMLElement[] = [];
  const open = no.length > 0 ? part(t("open"), "open", no) : part(t("open"), "nothing", [t("open.none")]);
  const established = yes.length > 0 ? part(t("established"), "established", yes) : null;
  if (v.exit_code === 2) out.push(open, ...(established ? [established] : []));
  else out.push(...(established ? [established] : []), open);
  if (notes.length > 0) out.push(part(t("notes"), "notes", notes));
  return out;
}

function foot(v: Verdict): HTMLElement {
  const rows = new Rows();
  if (v.card) rows.add("verdict.card", h("span", { class: "code fingerprint" }, fingerprintText(v.card.fingerprint)));
  if (v.seal) rows.add("seal.height", String(v.seal.height));
  rows.add("verdict.at", beijing(v.verified_at));
  return h("section", { class: "part" }, rows.element);
}

function technical(v: Verdict, actions: Actions): HTMLElement {
  const rows = new Rows();
  rows.add("seal.chain", v.card?.chain_id);
  if (v.seal) {
    rows.add("seal.set", code(v.seal.set));
    rows.add("seal.handovers", String(v.seal.handovers));
  }
  rows.add("why", ...v.reasons.map((r) => code(r.code + (r.detail ? `: ${r.detail}` : ""))));
  return h("details", { class: "part" }, h("summary", {}, t("technical")), rows.element,
    h("div", { class: "actions" },
      h("button", { type: "button", class: "small-button", onclick: () => actions.save("bundle") }, t("save.bundle")),
      h("button", { type: "button", class: "small-button", onclick: () => actions.save("verdict") }, t("save.verdict"))));
}

/** failure draws that nothing was checked, and why. */
export function failure(why: string, again?: () => void): HTMLElement {
  return h("article", { class: "verdict unknown", "aria-labelledby": "verdict-headline", "data-outcome": "input" },
    banner("unknown", t("bad.title"), ""),
    h("div", { class: "verdict-body" }, h("p", { class: "say" }, printable(why)),
      again && h("div", { class: "actions" }, h("button", { type: "button", class: "secondary", onclick: again }, t("again")))));
}

/** chooser asks which of several things is meant: whoever made a proof must not choose. */
export function chooser(list: Subject[], chosen: (s: Subject) => void): HTMLElement {
  return h("article", { class: "verdict unknown", "aria-labelledby": "verdict-headline", "data-outcome": "choice" },
    banner("unknown", t("choice.title"), ""),
    h("div", { class: "verdict-body" }, h("p", { class: "say" }, t("choice.say")),
      h("ul", { class: "choices" }, ...list.map((s) => h("li", {},
        h("button", { type: "button", class: "secondary", onclick: () => chosen(s) }, printable(s.product ?? s.anchor ?? [s.number, s.issuer].filter(Boolean).join(" · "))))))));
}
