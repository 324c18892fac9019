// The language of a page: that of the browser, or what the user chose before.

import { texts, type Key } from "./texts.js";

export type Language = "en" | "zh";

const storage = "hallmark.language";
let now: Language = "zh";
const listeners: (() => void)[] = [];

export function language(): Language {
  return now;
}

/** t returns a text with its values filled in. */
export function t(key: Key, ...values: (string | number)[]): string {
  return texts[key][now === "en" ? 0 : 1].replace(/\{(\d)\}/g, (_, i) => String(values[Number(i)] ?? ""));
}

/** pick returns what a text of the ledger says in the language, or in the other one. */
export function pick(both: { en?: string; zh?: string }): string {
  return (now === "en" ? both.en || both.zh : both.zh || both.en) ?? "";
}

/** onLanguage calls f when the language changes. */
export function onLanguage(f: () => void): void {
  listeners.push(f);
}

/** startLanguage chooses a language and fills the texts of the page. */
export function startLanguage(): void {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(storage);
  } catch {
    // The browser keeps nothing.
  }
  const first = (navigator.languages ?? [navigator.language])[0] ?? "zh";
  now = kept === "en" || kept === "zh" ? kept : /^zh\b/i.test(first) ? "zh" : "en";
  fill();
}

export function setLanguage(l: Language): void {
  now = l;
  try {
    localStorage.setItem(storage, l);
  } catch {
    // Then it holds for this page alone.
  }
  fill();
  for (const f of listeners) f();
}

/** fill puts texts where the page has data-t, and labels where it has data-l. */
function fill(): void {
  document.documentElement.lang = now === "zh" ? "zh-Hans" : "en";
  for (const e of document.querySelectorAll<HTMLElement>("[data-t]")) e.textContent = t(e.dataset["t"] as Key);
  for (const e of document.querySelectorAll<HTMLElement>("[data-l]")) e.setAttribute("aria-label", t(e.dataset["l"] as Key));
  for (const e of document.querySelectorAll<HTMLButtonElement>("[data-language]")) {
    e.setAttribute("aria-pressed", String(e.dataset["language"] === now));
  }
  const title = document.documentElement.dataset["title"] as Key | undefined;
  if (title) document.title = `${t(title)} · ${t("site")}`;
}
