// The trust card as the page shows it: which one is used, and what that means.

import { fingerprintText } from "../../verifier/src/index.js";
import { h, printable } from "./dom.js";
import { Rows } from "./facts.js";
import { t } from "./language.js";
import { beijing } from "./time.js";
import type { Trust } from "./trust.js";

export interface TrustActions {
  pin: (bytes: Uint8Array) => void;
  unpin: () => void;
  discard: () => void;
}

/** trustView draws the card that waits to be compared, or else the card in use. */
export function trustView(trust: Trust, now: Date, actions: TrustActions): HTMLElement {
  const held = trust.loaded ?? trust.current;
  if (!held) {
    return h("div", {}, h("p", { class: "badge none" }, t("card.none")), h("p", { class: "caution" }, t("card.warn.none")));
  }
  const f = held.facts, rows = new Rows();
  rows.add("card.chain", printable(f.chain_id));
  rows.add("card.signers", signers(f.signers));
  rows.add("card.until", beijing(f.not_after));
  rows.add("card.from", String(f.height));
  rows.add("card.validators", String(f.validators));
  const ended = now.getTime() >= Date.parse(f.not_after) + 1000;
  const own = held.source === "pinned", fresh = held.source === "loaded";
  return h("div", { "data-card": held.source },
    h("p", { class: own ? "badge own" : "badge" }, t(`card.${held.source}`)),
    h("h3", { class: "label" }, t("card.fingerprint")),
    fingerprint(f.fingerprint),
    ended && h("p", { class: "caution bad" }, t("card.warn.ended")),
    (f.signers ?? []).length === 0 && h("p", { class: "caution" }, t("card.warn.unsigned")),
    own
      ? h("p", { class: "small" }, trust.kept ? t("card.note.pinned", beijing(held.since ?? "")) : t("card.nostore"))
      : h("p", { class: "caution" }, t(fresh ? "card.warn.loaded" : "card.warn.served")),
    own && trust.other && h("p", { class: "small" }, t("card.note.other", fingerprintText(trust.other.facts.fingerprint).slice(0, 19))),
    rows.element,
    h("div", { class: "actions" }, own
      ? h("button", { type: "button", class: "secondary", onclick: actions.unpin }, t("card.unpin"))
      : h("button", { type: "button", class: fresh ? "primary" : "secondary", onclick: () => actions.pin(held.bytes) }, t("card.pin")),
    fresh && h("button", { type: "button", class: "secondary", onclick: actions.discard }, t("card.discard"))));
}

/** signers lists who signed, each once. */
function signers(list?: { member: string }[]): string {
  return [...new Set((list ?? []).map((s) => s.member))].join(t("list"));
}

/** fingerprint writes the sixteen groups in four rows, to be compared by eye. */
function fingerprint(hex: string): HTMLElement {
  const text = fingerprintText(hex);
  return h("p", { class: "fingerprint-grid code", "data-fingerprint": text }, ...text.split(" ").flatMap((g) => [h("span", {}, g), " "]));
}
