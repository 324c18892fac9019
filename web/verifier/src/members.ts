// Members, their keys and approvals as they stand in the state.
// docs/formats.md, sections 14 and 18.

import type { Bytes } from "./bytes.js";
import type { Day } from "./civil.js";
import { dayOf } from "./civil.js";
import { approvalNumberKey, grantKey, grantsKey, memberKey, memberVersionKey } from "./keys.js";
import * as m from "./messages.js";
import { needGrant, needKey, needMember } from "./memberforms.js";
import { need } from "./texts.js";
import { decode } from "./records.js";
import type { State } from "./state.js";
import { fromUtf8 } from "./utf8.js";

export interface Member extends m.Member {
  readonly profile: NonNullable<m.Member["profile"]>;
  readonly act: m.Act;
}

const active = 1, removed = 3; // statuses
const remove = 5; // a change
const restrict = 1, suspend = 2, reinstate = 3, end = 4; // steps of a grant

function readId(b: Bytes): string {
  const id = fromUtf8(b);
  need(id !== undefined, "a member's id");
  return id;
}

function readMember(b: Bytes): Member {
  const v = decode(m.Member, b);
  needMember(v);
  return v as Member;
}

export function readKey(b: Bytes): m.Key {
  const k = decode(m.Key, b);
  needKey(k);
  return k;
}

function readGrant(b: Bytes): m.Grant {
  const g = decode(m.Grant, b);
  needGrant(g);
  return g;
}

/** The id of the member that has an approval number, or null. */
export function memberOf(state: State, issuer: string): string | null {
  return state.read(approvalNumberKey(issuer), readId);
}

export function currentMember(state: State, id: string): Member | null {
  return state.read(memberKey(id), readMember);
}

/** Whether the body is stopped, or active no longer. */
export function isStopped(member: Member | null): boolean {
  return member === null || member.status !== active || member.stopped;
}

/** Whether an approval of the issuer covered the scheme on a day. */
export function approvedOn(state: State, issuer: string, scheme: string, day: Day): boolean {
  const id = memberOf(state, issuer);
  if (id === null) return false;
  const member = currentMember(state, id);
  if (member === null) return false;
  if (member.status === removed && removedBy(state, id, member.version, day)) return false;
  const schemes = beginnings(scheme);
  for (const s of schemes) {
    const numbers = state.read(grantsKey(id, "", s), (b) => decode(m.GrantNumbers, b).numbers) ?? [];
    for (let i = numbers.length - 1; i >= 0; i--) {
      const grant = state.read(grantKey(id, numbers[i]!), readGrant);
      if (grant !== null && inForce(grant, schemes, day)) return true;
    }
  }
  return false;
}

/** Whether a member that is removed had been by the end of a day. */
function removedBy(state: State, id: string, versions: bigint, day: Day): boolean {
  let removed: Day = 0;
  for (let n = 1n; n <= versions; n++) {
    const v = state.read(memberVersionKey(id, n), readMember);
    if (v === null) continue;
    removed = dayOf(v.act.time);
    if (v.change === remove) break;
  }
  return removed <= day;
}

/** A010101, A0101, A01, A: the scheme and what it begins with, to its letters. */
export function beginnings(scheme: string): string[] {
  const out = [scheme];
  while (/\d\d$/.test(scheme)) out.push((scheme = scheme.slice(0, -2)));
  return out;
}

function inForce(grant: m.Grant, schemes: string[], day: Day): boolean {
  if (day < grant.from || day > grant.until) return false;
  const covers = (list: string[]) => list.some((s) => schemes.includes(s));
  let suspended = false;
  for (const step of grant.steps) {
    if (step.date > day) continue;
    if (step.kind === end) return false;
    if (step.kind === restrict && covers(step.schemes)) return false;
    if (step.kind === suspend) suspended = true;
    if (step.kind === reinstate) suspended = false;
  }
  return !suspended && covers(grant.schemes);
}
