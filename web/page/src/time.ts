// Instants and ages as they are written for people.

import { t } from "./language.js";

/** beijing writes an instant as the ledger's dates are: in UTC+8. */
export function beijing(instant: string): string {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) return instant;
  const s = new Date(ms + 8 * 3600_000).toISOString();
  return t("beijing", `${s.slice(0, 10)} ${s.slice(11, 19)}`);
}

const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]] as const;

/** span writes whole seconds in their two largest units. */
export function span(seconds: number): string {
  if (seconds < 0) return t("future", span(-seconds));
  for (const [i, [name, size]] of units.entries()) {
    if (seconds < size && i < units.length - 1) continue;
    const next = units[i + 1];
    const rest = next ? Math.floor((seconds % size) / next[1]) : 0;
    return t(name, Math.floor(seconds / size)) + (next && rest > 0 ? ` ${t(next[0], rest)}` : "");
  }
  return "";
}

/** today is the date in Beijing, as 2026-06-01. */
export function today(now: Date): string {
  return new Date(now.getTime() + 8 * 3600_000).toISOString().slice(0, 10);
}
