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
  /** Of "traced": the way of the product. */
  trace?: TraceFacts;
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

/** The way of a product from upstream, and what its certificates were at each event. */
export interface TraceFacts {
  product: string;
  /** No recall stands, and at each event every certificate was valid. */
  holds: boolean;
  /** The product first, then what it was made of or has in it, breadth first. */
  products: WayProductFacts[];
  /** All entries of the product's chain. */
  entries: WayEntryFacts[];
  /** All that products of the way rely on, or have relied on, as they are now. */
  certificates: WayCertificateFacts[];
  /** Events of the product that were anchored, beside its chain. */
  anchored?: AnchoredEventFacts[];
}

export interface ProductFacts {
  uri: string;
  owner: string;
  /** A language without a name is empty. */
  name: Text;
  /** That it relies on at present. */
  certificates: Ref[];
  reporters: string[];
  entries: number;
  head: string;
  /** Entries of its own recalls that stand. */
  recalls: number[];
  uses: number;
}

export interface WayProductFacts extends ProductFacts {
  /** Links between it and the product of the claim. */
  depth: number;
  /** By the latest events, it is in the product. */
  joined: boolean;
  /** Recalls that stand against it: its own, and those of its class. */
  standing?: StandingFacts[];
  /** To what lies upstream. */
  links?: LinkFacts[];
}

export interface RecallFacts {
  note: Text;
  /** A regulator made it, else the owner. */
  regulator: boolean;
}

export interface StandingFacts extends RecallFacts {
  /** What was recalled, and the entry of its chain. */
  product: string;
  entry: number;
  member: string;
  time: string;
}

export interface LinkFacts {
  /** Of the chain of the product downstream. */
  entry: number;
  /** Upstream. */
  product: string;
  stated_by: string;
  /** It was taken out again. */
  leaves?: true;
  /** It is registered; else its origin is unknown. */
  known: boolean;
  /** Its own chain has the event too. */
  confirmed: boolean;
}

export interface WayEntryFacts {
  n: number;
  /** registered, event, certificates, reporters, recall or lift: which of the members below is there. */
  what: string;
  text: Text;
  member: string;
  key: string;
  height: number;
  time: string;
  tx: string;
  registered?: ProductFacts;
  event?: EventFacts;
  certificates?: { add?: Ref[]; remove?: Ref[] };
  /** All of them after it. */
  reporters?: string[];
  recall?: RecallFacts;
  lift?: { recall: number; note?: string };
  /** "complete": the chain proves that none is missing. */
  guarantee: string;
  /** Of an event: the certificates of the product, and of what was in it then. */
  then?: CertificateThenFacts[];
}

export interface EventFacts {
  hash: string;
  /** When it happened, with the offset of the place. */
  time: string;
  /** As ObjectEvent. */
  type: string;
  action?: string;
  step?: string;
  disposition?: string;
  place?: string;
  /** Of the product in it: object, parent, child, input or output. */
  part: string;
  /** Products on the other side. */
  others?: string[];
  /** Hashes of events that it declares to have been in error. */
  corrects?: string[];
}

export interface CertificateThenFacts extends Ref {
  /** That relies on it. */
  product: string;
  /** Date of the event in Beijing; empty if it is none. */
  on: string;
  /** Absent if nothing had been decided of it by then. */
  effective?: EffectiveFacts;
  holds: boolean;
}

export interface WayCertificateFacts extends Ref {
  /** Of the way, that rely on it or have. */
  products: string[];
  effective: EffectiveFacts;
}

export interface AnchoredEventFacts {
  hash: string;
  anchor: string;
  index: number;
  member: string;
  captured: string;
  /** It was there by then. */
  recorded: string;
  /** "authentic": it is as it was anchored; that there are no others nothing shows. */
  guarantee: string;
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
