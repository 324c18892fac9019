// What holds of a certificate on a day. docs/formats.md, section 13.

import type { Day } from "./civil.js";
import type { Standing } from "./messages.js";
import { flags } from "./tables.js";

export const Status = { valid: 1, suspended: 2, revoked: 3, cancelled: 4, expired: 5, annulled: 6 } as const;

/** Bits of flags. Those to 6 are stored, those from 16 on are found. */
export const Bit = {
  imported: 0, regulatorFlag: 1, suspensionOverdue: 2, subCertificate: 3, replaced: 4, reversed: 5, components: 6,
  notYetValid: 16, orderOpen: 17, orderOverdue: 18, bodyStopped: 19, componentSuspended: 20, keyCompromised: 21,
} as const;

export interface Effective {
  readonly family: number;
  readonly status: number;
  readonly reason: string;
  readonly since: Day;
  readonly flags: number;
  /** The day after the end of a suspension that is overdue, or 0. */
  readonly overdueSince: Day;
}

export function has(flags: number, bit: number): boolean {
  return ((flags >> bit) & 1) === 1;
}

/** The effective status on a day, without bits 19 to 21. */
export function effective(s: Standing, day: Day): Effective {
  let { status, reason, since, flags } = s;
  const set = (bit: number) => (flags |= 1 << bit);
  if (status === Status.suspended && !has(flags, Bit.suspensionOverdue) && s.suspendedUntil < s.expires && day > s.suspendedUntil) {
    set(Bit.suspensionOverdue);
  }
  if ((status === Status.valid || status === Status.suspended) && day > s.expires) {
    const expires = s.family === 1 || s.family === 4;
    status = expires ? Status.expired : Status.cancelled;
    reason = expires ? "" : "0201";
    since = s.expires + 1;
    flags &= ~(1 << Bit.suspensionOverdue);
  }
  if (day < s.issued) set(Bit.notYetValid);
  if (s.orderDue !== 0) {
    set(Bit.orderOpen);
    if (day > s.orderDue) set(Bit.orderOverdue);
  }
  return { family: s.family, status, reason, since, flags, overdueSince: has(flags, Bit.suspensionOverdue) ? s.suspendedUntil + 1 : 0 };
}

/** Where the flag of a bit stands in the table. */
function row(bit: number): number {
  return bit < 16 ? bit : bit - 9;
}

/** The flags that are set, in order: name, Chinese, whether it blocks. */
export function flagsOf(set: number): (typeof flags)[number][] {
  const found = [];
  for (let bit = 0; bit <= 21; bit++) if (has(set, bit)) found.push(flags[row(bit)]!);
  return found;
}

export function blocks(set: number): boolean {
  return flagsOf(set).some(([, , blocking]) => blocking);
}
