// Dates of the calendar in Beijing, as days since 1970-01-01, and instants in
// Unix nanoseconds. docs/formats.md, section 13.

/** Days since 1970-01-01; 0 is none. */
export type Day = number;

const second = 1_000_000_000n;
const day = 86400n;
const beijing = 28800n; // seconds ahead of UTC

function floorDiv(a: bigint, b: bigint): bigint {
  const q = a / b;
  return a % b < 0n ? q - 1n : q;
}

const lastDay = 2932896; // 9999-12-31

export function isDay(d: Day): boolean {
  return d >= 1 && d <= lastDay;
}

/** The date in Beijing at an instant; none before 1970-01-02 and after 9999-12-31. */
export function dayOf(ns: bigint): Day {
  const d = Number(floorDiv(floorDiv(ns, second) + beijing, day));
  return isDay(d) ? d : 0;
}

/** The year that a day is of. */
export function yearOf(d: Day): number {
  return Number(civil(d).year);
}

/** The instant at which a day in Beijing is over. */
export function endOf(d: Day): bigint {
  return ((BigInt(d) + 1n) * day - beijing) * second;
}

/** A day as 2026-06-01, or "" if it is none. */
export function formatDay(d: Day): string {
  if (!isDay(d)) return "";
  const { year, month, date } = civil(d);
  return `${year}-${two(month)}-${two(date)}`;
}

/** The day that 2026-06-01 says, or undefined: from 1970-01-02 to 9999-12-31. */
export function parseDay(s: string): Day | undefined {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(s);
  if (m === null) return undefined;
  const d = Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3])) / 86400000;
  return formatDay(d) === s ? d : undefined;
}

/** An instant in RFC 3339, in UTC, with as many digits below the second as it needs. */
export function formatInstant(ns: bigint): string {
  return formatClock(ns) + "Z";
}

/** An instant by a clock that is so many minutes ahead of UTC; in UTC if none is as far ahead, or behind. */
export function formatAhead(ns: bigint, minutes: number): string {
  if (minutes === 0 || Math.abs(minutes) >= 1440) return formatInstant(ns);
  const ahead = Math.abs(minutes);
  return `${formatClock(ns + BigInt(minutes) * 60n * second)}${minutes < 0 ? "-" : "+"}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}

function formatClock(ns: bigint): string {
  const seconds = floorDiv(ns, second);
  const below = ns - seconds * second;
  const digits = below === 0n ? "" : "." + below.toString().padStart(9, "0").replace(/0+$/, "");
  const days = floorDiv(seconds, day);
  const { year, month, date } = civil(Number(days));
  const rest = Number(seconds - days * day);
  const clock = [rest / 3600, (rest / 60) % 60, rest % 60].map((x) => two(Math.floor(x))).join(":");
  return `${year}-${two(month)}-${two(date)}T${clock}${digits}`;
}

/** The same, without what is below the second. */
export function formatWhole(ns: bigint): string {
  return formatSeconds(floorDiv(ns, second));
}

/** Whole seconds in a span, rounded down. */
export function wholeSeconds(ns: bigint): bigint {
  return floorDiv(ns, second);
}

export function formatSeconds(unix: bigint): string {
  return formatInstant(unix * second);
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}

/** The date of a day of the Gregorian calendar, without the limits of Date. */
function civil(days: number): { year: string; month: number; date: number } {
  const z = days + 719468; // from 0000-03-01, so that a leap day ends its year
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year: (year < 0 ? "-" : "") + String(Math.abs(year)).padStart(4, "0"),
    month,
    date: doy - Math.floor((153 * mp + 2) / 5) + 1,
  };
}
