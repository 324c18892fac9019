// The kinds of claims, one file each. Another kind is another file and a line here.

import type { CheckedClaim, Kind } from "../claim.js";
import type { Limits } from "../limits.js";
import type { Look } from "../look.js";
import type { Member } from "../members.js";
import type { Head, Record } from "../records.js";
import type { State } from "../state.js";
import type { Code } from "../tables.js";
import type { AnchorRecord } from "../evidence.js";
import type { AnchoredLeaf } from "../leaves.js";
import type { Trace } from "../tracing.js";
import { absent } from "./absent.js";
import { anchored } from "./anchored.js";
import { approved } from "./approved.js";
import { history } from "./history.js";
import { onDate } from "./ondate.js";
import { traced } from "./traced.js";
import { valid } from "./valid.js";

/** What there is to answer a claim with. */
export interface Question {
  readonly claim: CheckedClaim;
  readonly state: State;
  readonly limits: Limits;
  /** The instant that effective status is for, unless a date is asked for: Unix nanoseconds. */
  readonly instant: bigint;
  /** What is found is put here as it is found, so that a failure shows what came before. */
  readonly found: Found;
}

/** What a verdict shows, whatever the outcome. */
export interface Found {
  /** The certificate, with its status and the instant that it is for. */
  head?: Head;
  effective?: Look["effective"];
  at?: bigint;
  view?: Look["view"];
  /** The body, if the bundle has it. */
  member?: { readonly id: string; readonly member: Member };
  records: Record[];
  issuers: string[];
  anchor?: AnchorRecord;
  leaf?: AnchoredLeaf;
  trace?: Trace;
  unproven: Code[];
  notes: { code: Code; detail?: string }[];
}

export interface Answer {
  readonly outcome: "holds" | "does-not-hold" | "not-established";
  readonly reasons: { code: Code; detail?: string }[];
}

export interface ClaimKind {
  /** What a claim of this kind names. */
  readonly names: { readonly number?: true; readonly issuer?: true; readonly date?: true; readonly evidence?: true; readonly product?: true };
  /** Whether an old seal does for it; absent: never. */
  readonly ages?: "never" | "unless it holds";
  /** Throws Unproven and Unreadable. */
  answer(q: Question): Answer;
}

export const claims: { readonly [K in Kind]: ClaimKind } = { valid, "on-date": onDate, history, absent, approved, anchored, traced };
