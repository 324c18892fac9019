import { endOf, formatDay, formatWhole } from "../civil.js";
import { headKey } from "../keys.js";
import { lastBy } from "../look.js";
import { readHead } from "../records.js";
import { effective } from "../rules.js";
import { doesNotHold, findMember, judge, leaveOpen, unknown } from "./answers.js";
import type { Answer, ClaimKind, Question } from "./index.js";

/** The certificate was valid at the end of the date, by what had been decided. */
export const onDate: ClaimKind = {
  names: { number: true, issuer: true, date: true },
  ages: "never",
  answer(q) {
    const answer = find(q);
    const { time } = q.state.sealed.statement;
    if (time >= endOf(q.claim.day)) return answer;
    return { outcome: "not-established", reasons: [{ code: "seal-before-date-ended", detail: formatWhole(time) }] };
  },
};

function find(q: Question): Answer {
  const { claim, state, found } = q;
  const head = state.read(headKey(claim), readHead(claim));
  if (head === null) return unknown(claim);
  const record = lastBy(state, claim, head.records, claim.day);
  if (record === undefined) return doesNotHold("before-first-record", `${claim.issuer}/${claim.number}`);
  const end = endOf(claim.day);
  found.records.push(record);
  found.head = record.after;
  found.effective = effective(record.after.standing, claim.day);
  found.at = end;
  leaveOpen(found, record.after.standing.flags);
  if (record.time >= end) {
    found.notes.push({ code: "recorded-later", detail: `decided ${formatDay(record.decided)}, recorded ${formatWhole(record.time)}` });
  }
  findMember(q);
  return judge(found.effective);
}
