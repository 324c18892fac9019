// A certificate as it stands, with what others say of it. docs/formats.md,
// section 18, "look".

import { type Bytes, equal } from "./bytes.js";
import { type Day, dayOf } from "./civil.js";
import { detailsKey, headKey, keyKey, recordKey, successorKey, supervisionKey } from "./keys.js";
import { currentMember, isStopped, memberOf, readKey } from "./members.js";
import type { Details, Ref, Supervision } from "./messages.js";
import { type Head, type Record, readDetails, readHead, readRecord, readSuccessor, readSupervision } from "./records.js";
import { actions } from "./tables.js";
import { Bit, type Effective, Status, effective, has } from "./rules.js";
import { type State, Unproven } from "./state.js";

/** The grounds of a status, other than the head. */
export interface View {
  readonly supervision: Supervision | null;
  readonly successor: Ref | null;
  /** Certificates that this one rests on and that are not valid. */
  readonly unsound: Ref[];
  /** Keys that had been compromised when they signed. */
  readonly compromised: Record["signers"];
  readonly stopped: boolean;
}

export interface Look {
  readonly head: Head;
  readonly effective: Effective;
  /** Undefined where the bundle does not prove all of it. */
  readonly view: View | undefined;
}

/** Whether a certificate rests on others. */
export function restsOnOthers(flags: number): boolean {
  return has(flags, Bit.subCertificate) || has(flags, Bit.components);
}

/** The certificate of ref at an instant, or null if there is none. */
export function look(state: State, ref: Ref, instant: bigint): Look | null {
  const head = state.read(headKey(ref), readHead(ref));
  if (head === null) return null;
  const day = dayOf(instant);
  try {
    state.get(successorKey(ref)); // asked for first: without it nothing else is read
    const view = grounds(state, ref, head, day);
    return { head, effective: seen(head, view, day), view };
  } catch (e) {
    if (e instanceof Unproven) return { head, effective: effective(head.standing, day), view: undefined };
    throw e;
  }
}

/** The effective status on a day, with what others say. */
export function seen(head: Head, view: View, day: Day): Effective {
  const own = effective(head.standing, day);
  let flags = own.flags;
  if (view.stopped) flags |= 1 << Bit.bodyStopped;
  if (view.unsound.length > 0) flags |= 1 << Bit.componentSuspended;
  if (view.compromised.length > 0) flags |= 1 << Bit.keyCompromised;
  return { ...own, flags };
}

/** The grounds of a status on a day; throws Unproven if a part is. */
export function grounds(state: State, ref: Ref, head: Head, day: Day): View {
  const supervision = state.read(supervisionKey(ref), readSupervision);
  const successor = state.read(successorKey(ref), readSuccessor);
  const unsound = restsOnOthers(head.standing.flags) ? findUnsound(state, ref, day) : [];
  const compromised = findCompromised(state, ref, head);
  const id = memberOf(state, ref.issuer);
  const stopped = id !== null && isStopped(currentMember(state, id));
  return { supervision, successor, unsound, compromised, stopped };
}

function findUnsound(state: State, ref: Ref, day: Day): Ref[] {
  const details = state.must(detailsKey(ref), readDetails);
  return foundations(details).filter((r) => !isSound(state, r, day));
}

/** What a certificate rests on: its components, then its main certificate. */
function foundations(details: Details): Ref[] {
  const all = [...details.components];
  const { main } = details;
  if (main !== undefined && !all.some((r) => r.issuer === main.issuer && r.number === main.number)) all.push(main);
  return all;
}

const maxSuccessors = 16;

function isSound(state: State, ref: Ref, day: Day): boolean {
  let head = state.read(headKey(ref), readHead(ref));
  for (let n = 0; head !== null && n < maxSuccessors; n++) {
    if (!has(head.standing.flags, Bit.replaced) || head.standing.status === Status.annulled) break;
    const next = state.read(successorKey(ref), readSuccessor);
    if (next === null) return false;
    ref = next;
    head = state.read(headKey(ref), readHead(ref));
  }
  return head !== null && effective(head.standing, day).status === Status.valid;
}

/**
 * The keys behind the present status, and behind what the body has done since,
 * that had been compromised. What regulators have done beside the status changes
 * nothing that a body says of the certificate.
 */
function findCompromised(state: State, ref: Ref, head: Head): Record["signers"] {
  const found: Record["signers"] = [];
  for (let n = head.records; n >= 1; n--) {
    const record = state.must(recordKey(ref, n), readRecord(ref, n));
    const led = record.from !== record.after.standing.status;
    if (led || actions[record.action - 1]![2] !== "regulator") {
      for (const signer of record.signers) {
        const known = found.some((f) => f.member === signer.member && f.duty === signer.duty && equal(f.key, signer.key));
        if (isCompromised(state, signer.key, record.time) && !known) found.push(signer);
      }
    }
    if (led) break;
  }
  return found;
}

function isCompromised(state: State, key: Bytes, time: bigint): boolean {
  const since = state.read(keyKey(key), readKey)?.compromise?.since ?? 0n;
  return since !== 0n && since <= time;
}

/** The last of a certificate's records that was decided by a day, found by bisection; undefined if none was. */
export function lastBy(state: State, ref: Ref, records: number, day: Day): Record | undefined {
  let i = 0, j = records;
  let last: Record | undefined; // record i
  while (i < j) {
    const h = Math.floor((i + j) / 2);
    const record = state.must(recordKey(ref, h + 1), readRecord(ref, h + 1));
    if (record.decided > day) {
      j = h;
    } else {
      i = h + 1;
      last = record;
    }
  }
  return last;
}
