// What every page has: the language, the trust card, a place for announcements, and
// what is dropped on it or pasted into it.

import { Verifier } from "../../verifier/src/index.js";
import { one } from "./dom.js";
import { onLanguage, setLanguage, startLanguage, t, type Language } from "./language.js";
import { showOffline, startOffline } from "./offline.js";
import { Trust, type Held } from "./trust.js";
import { trustView } from "./trust-view.js";

export const trust = new Trust();

/** What a page does with what happens to it. */
export interface Page {
  /** The user gave files. */
  files(list: File[]): void;
  /** The user dropped a text. */
  text(text: string): void;
  /** There is another card to verify with. */
  trusts(): void;
  /** The language changed. */
  speaks(): void;
}

let page: Page;
let made: { held: Held | null; verifier: Verifier } | undefined;

/** verifier is one for the card in use. */
export function verifier(): Verifier {
  const held = trust.current;
  if (made?.held !== held || !made) made = { held, verifier: new Verifier(held?.card ?? null) };
  return made.verifier;
}

/** say tells those who do not see. */
export function say(text: string): void {
  const live = one("live");
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = text; });
}

/** arrive puts the focus on what was found, and brings it into view. */
export function arrive(result: HTMLElement): void {
  document.getElementById("verdict-headline")?.focus({ preventScroll: true });
  result.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

export function drawTrust(): void {
  one("trust").replaceChildren(trustView(trust, new Date(), {
    pin: (bytes) => pin(bytes),
    unpin: () => { trust.unpin(); changed(); say(t("card.removed")); },
    discard: () => { trust.loaded = null; drawTrust(); one("card-title").focus(); },
  }));
}

function pin(bytes: Uint8Array): void {
  trust.pin(bytes, new Date());
  changed();
  say(t("card.done"));
  one("card-title").focus();
}

function changed(): void {
  drawTrust();
  page.trusts();
}

/** offerCard shows a card that the user opened: its fingerprint is to be compared first. */
export function offerCard(bytes: Uint8Array): void {
  trust.open(bytes);
  drawTrust();
  say(t("card.warn.loaded"));
  one("card-title").focus();
  one("card-title").scrollIntoView({ block: "start" });
}

/**
 * start begins a page. The promise is kept when there is a card to verify with, if
 * there is one at all.
 */
export function start(p: Page): Promise<void> {
  page = p;
  startLanguage();
  for (const b of document.querySelectorAll<HTMLButtonElement>("[data-language]")) {
    b.addEventListener("click", () => setLanguage(b.dataset["language"] as Language));
  }
  choosing("card-load", "card-file");
  choosing("choose", "file");
  addEventListener("dragover", (e) => { e.preventDefault(); document.body.classList.add("dropping"); });
  addEventListener("dragleave", (e) => { if (!e.relatedTarget) document.body.classList.remove("dropping"); });
  addEventListener("drop", (e) => {
    e.preventDefault();
    document.body.classList.remove("dropping");
    const text = e.dataTransfer?.getData("text/plain");
    if (e.dataTransfer?.files.length) page.files([...e.dataTransfer.files]);
    else if (text) page.text(text);
  });
  addEventListener("paste", (e) => {
    if (e.clipboardData?.files.length) page.files([...e.clipboardData.files]);
  });
  onLanguage(() => { showOffline(); drawTrust(); page.speaks(); });
  drawTrust();
  void startOffline();
  const loaded = trust.load().then(drawTrust);
  return trust.pinned ? Promise.resolve() : loaded;
}

/** choosing lets a button open the field for a file. */
function choosing(button: string, field: string): void {
  const input = one<HTMLInputElement>(field);
  one(button).addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const list = [...(input.files ?? [])];
    input.value = "";
    if (list.length > 0) page.files(list);
  });
}
