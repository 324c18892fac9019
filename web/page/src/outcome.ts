// What a verdict means to a person: its tone, its first words, and what to do.

import type { Verdict } from "../../verifier/src/index.js";
import { t, pick } from "./language.js";
import { texts, type Key } from "./texts.js";

/** good: rely on it; bad: do not; warn: not for now; unknown: not checked; info: neither. */
export type Tone = "good" | "bad" | "warn" | "unknown" | "info";

export interface Outcome {
  tone: Tone;
  headline: string;
  say: string;
}

export function outcomeOf(v: Verdict): Outcome {
  const code = v.reasons[0]?.code ?? "";
  if (code === "unproven" && v.claim.content) return { tone: "unknown", headline: t("ev.other-file"), say: t("say.other-file") };
  if (v.exit_code === 2) return { tone: "unknown", headline: t("head.unproven"), say: t(advice[code] ?? "say.unproven") };
  const status = v.certificate?.effective.status ?? "";
  const date = v.claim.date ?? "";
  switch (code) {
    case "valid":
      return {
        tone: "good", say: t("say.valid"),
        headline: v.claim.kind === "on-date" ? t("head.valid.on-date", date) : t("head.valid"),
      };
    case "not-valid":
      return {
        tone: status === "suspended" ? "warn" : "bad", say: t("say.not-valid"),
        headline: v.claim.kind === "on-date"
          ? t("head.not.on-date", date, v.certificate ? pick(v.certificate.effective.text) : "")
          : t(known(`head.${status}`) ?? "head.not-valid"),
      };
    case "blocking-flag":
      return { tone: "warn", headline: t("head.blocking-flag"), say: t("say.blocking-flag") };
    case "unknown-certificate":
    case "number-unknown":
      return { tone: "bad", headline: t(`head.${code}`), say: t(`say.${code}`) };
    case "number-issued":
      return { tone: "info", headline: t("head.number-issued"), say: t("say.number-issued") };
    case "traced": {
      const now = (v.notes ?? []).some((r) => r.code === "not-valid-now");
      if (now) return { tone: "warn", headline: t("head.traced.now"), say: t("say.traced.now") };
      if ((v.notes ?? []).some((r) => cautions.includes(r.code))) return { tone: "warn", headline: t("head.traced.notes"), say: t("say.traced.notes") };
      if (v.trace?.certificates.length === 0) return { tone: "info", headline: t("head.traced.none"), say: t("say.traced.none") };
      return { tone: "good", headline: t("head.traced"), say: t("say.traced") };
    }
    case "not-valid-at-event": {
      const failed = (v.trace?.entries ?? []).flatMap((e) => e.then ?? []).filter((c) => !c.holds);
      const paused = failed.every((c) => c.effective?.status === "suspended" || c.effective?.status === "valid");
      return { tone: paused ? "warn" : "bad", headline: t("head.not-valid-at-event"), say: t("say.not-valid-at-event") };
    }
    case "recalled":
    case "unknown-product":
      return { tone: code === "recalled" ? "bad" : "warn", headline: t(`head.${code}`), say: t(`say.${code}`) };
    case "unknown-anchor":
      return { tone: "bad", headline: t("ev.unknown-anchor"), say: t("say.unknown-anchor") };
    case "anchored":
    case "content-anchored":
      return { tone: code === "anchored" ? "info" : "good", headline: t(`ev.${code}`), say: t(`say.${code}`) };
    case "before-first-record":
      return { tone: "bad", headline: t("head.before-first-record", date), say: pick(v.reasons[0]!) };
  }
  const tone: Tone = code === "complete-history" ? "info" : v.exit_code === 0 ? "good" : "bad";
  return { tone, headline: t(known(`head.${code}`) ?? "head.not-valid"), say: v.reasons[0] ? pick(v.reasons[0]) : "" };
}

/** known returns a key if there is a text for it. */
export function known(key: string): Key | undefined {
  return Object.hasOwn(texts, key) ? (key as Key) : undefined;
}

/** cautions are notes on a trace that holds, with which it is not plainly in order. */
const cautions = ["reported-late", "holder-changed", "no-certificates-at-event"];

/** advice is what to say where nothing is established, by the first reason. */
const advice: Record<string, Key> = {
  "bad-bundle": "say.forged",
  "bad-seal": "say.forged",
  "bad-proof": "say.forged",
  "stale": "say.stale",
  "trace-too-large": "say.too-large",
  "card-ended": "say.card",
  "no-card": "say.no-card",
  "clock-behind": "say.clock",
  "future": "say.clock",
};

/** marks are the icons of tones: a tick, a cross, two bars, a question mark, an i. */
export const marks: Record<Tone, string[]> = {
  good: ["M4.5 12.8l5 5L19.5 7"],
  bad: ["M6 6l12 12", "M18 6L6 18"],
  warn: ["M12 4v10", "M12 19v.5"],
  unknown: ["M7.5 8.2a4.5 4.3 0 1 1 6.6 3.9c-1.5.8-2.1 1.6-2.1 3.1", "M12 19v.5"],
  info: ["M12 11v8", "M12 5v.5"],
};
