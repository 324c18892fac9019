// What a verdict is: the JSON that `hallmark verify --json` writes, member for
// member. An absent member says "none". Dates are civil dates of Beijing, written
// 2026-06-01; instants are RFC 3339 in UTC; keys and hashes are lower-case
// hexadecimal. docs/formats.md, section 18.

import type { Claim } from "./claim.js";

export type Outcome = "holds" | "does-not-hold" | "not-established";

/** A text in both languages. */
export interface Text {
  en: string;
  zh: string;
}

/** One thing to be said. The code is stable, the texts are not. */
export interface Reason extends Text {
  code: string;
  detail?: string;
}

export interface Verdict {
  claim: Claim;
  outcome: Outcome;
  /** 0 holds, 1 does not hold, 2 not established. */
  exit_code: 0 | 1 | 2;
  /** Why, the decisive one first. */
  reasons: Reason[];
  /** What the bundle leaves open without making the claim fail. */
  unproven?: Reason[];
  notes?: Reason[];
  verified_at: string;
  /** Only if the seal is good. */
  seal?: SealFacts;
  /** Absent if there was no card. */
  card?: CardFacts;
  certificate?: CertificateFacts;
  records?: RecordFacts[];
  /** Of "absent": who has issued a certificate with the number. */
  issuers?: string[];
  /** Of "anchored": the anchor, and the leaf with the content. */
  evidence?: EvidenceFacts;
  leaf?: LeafFacts;
}

export interface SealFacts {
  height: number;
  /** Of the block. */
  time: string;
  /** Whole seconds, rounded down; below 0 if the clock is behind. */
  age_seconds: number;
  /** SM3 of the set that sealed. */
  set: string;
  handovers: number;
}

export interface CardFacts {
  chain_id: string;
  genesis: string;
  height: number;
  /** SM3 of the card's set, and the number of its keys. */
  set: string;
  validators: number;
  made: string;
  not_after: string;
  fingerprint: string;
  signers: { member: string; key: string }[];
}

export interface EvidenceFacts {
  id: string;
  member: string;
  kind: string;
  text: Text;
  subject: string;
  root: string;
  leaves: number;
  from: string;
  to: string;
  method?: string;
  retention: string;
  height: number;
  time: string;
  tx: string;
  signers: { member: string; key: string }[];
}

export interface LeafFacts {
  index: number;
  content: string;
  size: number;
  name?: string;
  captured: string;
}

export interface Ref {
  issuer: string;
  number: string;
}

export interface Flag {
  name: string;
  text: Text;
  /** "valid" does not hold under it. */
  blocking: boolean;
}

/** What holds of a certificate at the instant `at`. */
export interface EffectiveFacts {
  /** valid, suspended, revoked, cancelled, expired or annulled. */
  status: string;
  /** National code, 01 to 05. */
  code?: string;
  text: Text;
  reason?: string;
  reason_text?: Text;
  since: string;
  overdue_since?: string;
  flags?: Flag[];
  /** Valid, and no blocking flag. */
  holds: boolean;
}

export interface CertificateFacts extends Ref {
  scheme: string;
  family: string;
  holder: string;
  first_issued: string;
  issued: string;
  expires: string;
  suspended_from?: string;
  suspended_until?: string;
  version: number;
  records: number;
  effective: EffectiveFacts;
  at: string;
  details_hash: string;
  details?: DetailsFacts;
  /** Id and name of the member that has the issuer's approval number. */
  member?: string;
  issuer_name?: Text;
  /** Certificates that this one rests on and that are not valid. */
  unsound?: Ref[];
  /** Keys behind it that had been compromised when they signed. */
  compromised?: string[];
  orders?: { record: number; due: string }[];
  /** Regulators that warn of it. */
  warnings?: string[];
  successor?: Ref;
}

export interface PartyFacts {
  name_zh?: string;
  name_en?: string;
  address_zh?: string;
  address_en?: string;
  country?: string;
  region?: string;
}

export interface DetailsFacts {
  holder: PartyFacts | null;
  scope_zh?: string;
  scope_en?: string;
  scope_codes?: string[];
  standards: string[] | null;
  marks?: string[];
  producer?: PartyFacts;
  factory?: PartyFacts;
  trade_mark?: string;
  models?: string[];
  gtins?: string[];
  main?: Ref;
  components?: Ref[];
  document?: string;
  evidence?: string[];
}

export interface RecordFacts {
  n: number;
  action: string;
  text: Text;
  from?: string;
  status: string;
  reason?: string;
  decided: string;
  actor?: string;
  signers?: { member: string; key: string; duty: string }[];
  height: number;
  time: string;
  tx?: string;
  version: number;
  change_type?: string;
  reissue_reason?: string;
  evidence?: string[];
  details_hash: string;
  details_before?: string;
  until?: string;
  link?: Ref;
  reverses?: number;
  imported?: boolean;
  note?: string;
}
