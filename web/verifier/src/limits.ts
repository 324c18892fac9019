// What a verifier demands.

import { maxBundleSize } from "./bundle.js";

export interface Limits {
  /** The greatest age of a seal in seconds; 24 hours if absent or 0. Not of "on-date". */
  maxAgeSeconds?: number;
  /** The length in bytes of the largest bundle that is read; 4 MiB if absent or 0. */
  maxSize?: number;
  /** Lets "valid" be answered by the head alone, as a QR code has it. */
  headSuffices?: boolean;
}

const longest = 9.2e9; // 291 years: no seal is older

export function maxAge(limits: Limits): bigint {
  return BigInt(Math.round(Math.min(limits.maxAgeSeconds || 86400, longest) * 1e9));
}

export function maxSize(limits: Limits): number {
  return limits.maxSize || maxBundleSize;
}

/** A span of nanoseconds as Go writes it: 24h0m1s, 1m0.5s, 350ms. */
export function formatDuration(ns: bigint): string {
  if (ns === 0n) return "0s";
  if (ns < 0n) return "-" + formatDuration(-ns);
  if (ns < 1000n) return `${ns}ns`;
  if (ns < 1_000_000n) return decimal(ns, 3) + "µs";
  if (ns < 1_000_000_000n) return decimal(ns, 6) + "ms";
  const seconds = ns / 1_000_000_000n;
  const rest = decimal(ns % 60_000_000_000n, 9) + "s";
  if (seconds < 60n) return rest;
  const minutes = seconds / 60n;
  if (minutes < 60n) return `${minutes}m${rest}`;
  return `${minutes / 60n}h${minutes % 60n}m${rest}`;
}

function decimal(n: bigint, places: number): string {
  const unit = 10n ** BigInt(places);
  const below = (n % unit).toString().padStart(places, "0").replace(/0+$/, "");
  return `${n / unit}${below === "" ? "" : "." + below}`;
}
