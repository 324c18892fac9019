// Steps that several kinds of claims share.

import type { Ref } from "../messages.js";
import { look, restsOnOthers } from "../look.js";
import { currentMember, memberOf } from "../members.js";
import { Unproven } from "../state.js";
import { Status, type Effective, flagsOf } from "../rules.js";
import { statusNames } from "../names.js";
import type { Code } from "../tables.js";
import type { Answer, Found, Question } from "./index.js";

export function holds(code: Code, detail?: string): Answer {
  return { outcome: "holds", reasons: [reason(code, detail)] };
}

export function doesNotHold(code: Code, detail?: string): Answer {
  return { outcome: "does-not-hold", reasons: [reason(code, detail)] };
}

export function reason(code: Code, detail?: string): { code: Code; detail?: string } {
  return detail === undefined ? { code } : { code, detail };
}

export function unknown(ref: Ref): Answer {
  return doesNotHold("unknown-certificate", `${ref.issuer}/${ref.number}`);
}

/** Finds the certificate of the claim at the question's instant; false if there is none. */
export function findCertificate(q: Question): boolean {
  const found = look(q.state, q.claim, q.instant);
  if (found === null) return false;
  q.found.head = found.head;
  q.found.effective = found.effective;
  q.found.at = q.instant;
  if (found.view === undefined) leaveOpen(q.found, found.head.standing.flags);
  else q.found.view = found.view;
  findMember(q);
  return true;
}

/** Finds the body, for display: where it is proven. */
export function findMember(q: Question): void {
  try {
    const id = memberOf(q.state, q.claim.issuer);
    const member = id === null ? null : currentMember(q.state, id);
    if (id !== null && member !== null) q.found.member = { id, member };
  } catch (e) {
    if (!(e instanceof Unproven)) throw e;
  }
}

/** Notes that bits 19 to 21 are not established. */
export function leaveOpen(found: Found, flags: number): void {
  found.unproven.push("body-unproven", "keys-unproven");
  if (restsOnOthers(flags)) found.unproven.push("components-unproven");
}

/** Whether the certificate is valid and nothing blocks it. */
export function judge(e: Effective): Answer {
  const against = objection(e);
  if (against === "") return holds("valid");
  return doesNotHold(e.status !== Status.valid ? "not-valid" : "blocking-flag", against);
}

/** The status if it is not valid, or the flags that block; else "". */
export function objection(e: Effective): string {
  if (e.status !== Status.valid) return statusNames[e.status]!.en;
  return flagsOf(e.flags).filter(([, , blocks]) => blocks).map(([name]) => name).join(" ");
}
