import { endOf, formatDay, formatWhole } from "../civil.js";
import { headKey, recordKey } from "../keys.js";
import { type Record, readHead, readRecord } from "../records.js";
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
  const record = lastBy(q, head.records);
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

/** The last of so many records that was decided by the date. */
function lastBy(q: Question, records: number): Record | undefined {
  let i = 0, j = records;
  let last: Record | undefined; // record i
  while (i < j) {
    const h = Math.floor((i + j) / 2);
    const record = q.state.must(recordKey(q.claim, h + 1), readRecord(q.claim, h + 1));
    if (record.decided > q.claim.day) {
      j = h;
    } else {
      i = h + 1;
      last = record;
    }
  }
  return last;
}
