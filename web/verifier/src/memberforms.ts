// The form of members, keys and approvals that the ledger writes: docs/formats.md,
// appendix B.

import { isZero } from "./bytes.js";
import { isDay } from "./civil.js";
import type * as m from "./messages.js";
import { need, needHash } from "./texts.js";

function needAct(a: m.Act | undefined): asserts a is m.Act {
  need(a !== undefined, "an act that is not there");
  needHash(a.tx, "the transaction of an act");
  for (const k of a.keys) need(k.length === 33, "a key of an act");
}

export function needMember(v: m.Member): asserts v is m.Member & { profile: NonNullable<m.Member["profile"]>; act: m.Act } {
  need(v.profile !== undefined, "a member without a profile");
  const { foreign, roles } = v.profile;
  need(foreign === undefined || foreign.country !== "" || foreign.authority !== "" || foreign.number !== "", "a registration abroad without anything");
  for (const r of roles) need(r >= 0 && r <= 7, "a role");
  need(v.version >= 1n && v.status >= 1 && v.status <= 3 && v.change >= 1 && v.change <= 8, "version, status or change");
  needAct(v.act);
}

export function needKey(k: m.Key): void {
  need(k.duty >= 1 && k.duty <= 4, "the duty of a key");
  needAct(k.registered);
  need(k.replaces.length === 0 || (k.replaces.length === 33 && !isZero(k.replaces)), "the key that it replaces");
  if (k.end !== undefined) {
    need(k.end.reason >= 1 && k.end.reason <= 5, "how a key ended");
    needAct(k.end.act);
  }
  if (k.compromise !== undefined) {
    need(k.compromise.since !== 0n, "since when a key is compromised");
    needAct(k.compromise.act);
  }
}

export function needGrant(g: m.Grant): void {
  need(isDay(g.from) && isDay(g.until), "the dates of a grant");
  needAct(g.act);
  for (const s of g.steps) {
    need(s.kind >= 1 && s.kind <= 4 && isDay(s.date), "a step of a grant");
    needAct(s.act);
  }
}
