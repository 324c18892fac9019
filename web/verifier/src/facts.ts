// What a verdict shows of a certificate: the JSON of it. docs/formats.md, section 18.

import { type Bytes, hex } from "./bytes.js";
import { formatDay, formatInstant } from "./civil.js";
import type { Found } from "./claims/index.js";
import type { Details, Party } from "./messages.js";
import { dutyNames, reasonText, statusNames } from "./names.js";
import type { Record } from "./records.js";
import { type Effective, Status, blocks, flagsOf } from "./rules.js";
import { actions, families } from "./tables.js";
import type { CertificateFacts, DetailsFacts, EffectiveFacts, PartyFacts, RecordFacts } from "./verdict.js";

/** Drops members that say nothing: absent, "", 0, false and empty lists. */
export function compact<T extends object>(facts: { [K in keyof T]: T[K] | undefined }, keep: (keyof T)[]): T {
  const out: Partial<T> = {};
  for (const name of Object.keys(facts) as (keyof T)[]) {
    const v = facts[name] as T[keyof T] | undefined;
    const nothing = v === undefined || (v as unknown) === "" || (v as unknown) === 0 || (v as unknown) === false || (Array.isArray(v) && v.length === 0);
    if (!nothing || keep.includes(name)) out[name] = v as T[keyof T];
  }
  return out as T;
}

/** What was found of the certificate, or undefined if none was. */
export function certificateFacts(found: Found, details: Details | undefined): CertificateFacts | undefined {
  const { head, effective, at, view, member } = found;
  if (head === undefined || effective === undefined || at === undefined) return undefined;
  const s = head.standing;
  return compact<CertificateFacts>(
    {
      issuer: head.issuer,
      number: head.number,
      scheme: head.scheme,
      family: families[s.family - 1]![0],
      holder: head.holder,
      first_issued: formatDay(head.firstIssued),
      issued: formatDay(s.issued),
      expires: formatDay(s.expires),
      suspended_from: formatDay(s.suspendedFrom),
      suspended_until: formatDay(s.suspendedUntil),
      version: head.version,
      records: head.records,
      effective: effectiveFacts(effective),
      at: formatInstant(at),
      details_hash: hex(head.details),
      details: details && detailsFacts(details),
      member: member?.id,
      issuer_name: member && { en: member.member.profile.nameEn, zh: member.member.profile.nameZh },
      unsound: view?.unsound.map((r) => ({ issuer: r.issuer, number: r.number })),
      compromised: view?.compromised.map((s) => hex(s.key)),
      orders: view?.supervision?.orders.map((o) => ({ record: o.record, due: formatDay(o.due) })),
      warnings: view?.supervision?.flags,
      successor: view?.successor ?? undefined,
    },
    ["issuer", "number", "scheme", "family", "holder", "first_issued", "issued", "expires", "version", "records", "details_hash"],
  );
}

export function effectiveFacts(e: Effective): EffectiveFacts {
  return compact<EffectiveFacts>(
    {
      status: statusNames[e.status]!.en,
      code: e.status <= 5 ? "0" + e.status : "",
      text: statusNames[e.status],
      reason: e.reason,
      reason_text: reasonText(e.family, e.status, e.reason),
      since: formatDay(e.since),
      overdue_since: formatDay(e.overdueSince),
      flags: flagsOf(e.flags).map(([name, zh, blocking]) => ({ name, text: { en: name, zh }, blocking })),
      holds: e.status === Status.valid && !blocks(e.flags),
    },
    ["since", "holds"],
  );
}

function partyFacts(p: Party): PartyFacts {
  return compact<PartyFacts>(
    { name_zh: p.nameZh, name_en: p.nameEn, address_zh: p.addressZh, address_en: p.addressEn, country: p.country, region: p.region },
    [],
  );
}

function detailsFacts(d: Details): DetailsFacts {
  return compact<DetailsFacts>(
    {
      holder: d.holder ? partyFacts(d.holder) : null,
      scope_zh: d.scopeZh,
      scope_en: d.scopeEn,
      scope_codes: d.scopeCodes,
      standards: d.standards,
      marks: d.marks,
      producer: d.producer && partyFacts(d.producer),
      factory: d.factory && partyFacts(d.factory),
      trade_mark: d.tradeMark,
      models: d.models,
      gtins: d.gtins,
      main: d.main,
      components: d.components,
      document: hex(d.document),
      evidence: d.evidence.map(hex),
    },
    ["holder", "standards"],
  );
}

export function recordFacts(r: Record): RecordFacts {
  const [action, zh] = actions[r.action - 1]!;
  const digits = (b: Bytes) => hex(b);
  return compact<RecordFacts>(
    {
      n: r.n,
      action,
      text: { en: action, zh },
      from: statusNames[r.from]?.en,
      status: statusNames[r.after.standing.status]!.en,
      reason: r.after.standing.reason,
      decided: formatDay(r.decided),
      actor: r.actor,
      signers: r.signers.map((s) => ({ member: s.member, key: digits(s.key), duty: dutyNames[s.duty] ?? "unknown" })),
      height: Number(r.height),
      time: formatInstant(r.time),
      tx: digits(r.tx),
      version: r.after.version,
      change_type: r.changeType,
      reissue_reason: r.reissueReason,
      evidence: r.evidence.map(digits),
      details_hash: digits(r.after.details),
      details_before: digits(r.detailsBefore),
      until: formatDay(r.after.standing.suspendedUntil),
      link: r.link,
      reverses: r.reverses,
      imported: r.imported,
      note: r.note,
    },
    ["n", "decided", "height", "version", "details_hash"],
  );
}
