import { formatDay } from "../civil.js";
import { recordKey } from "../keys.js";
import { approvedOn } from "../members.js";
import { readRecord } from "../records.js";
import { doesNotHold, findCertificate, holds, unknown } from "./answers.js";
import type { ClaimKind } from "./index.js";

/** An approval of the issuer covered the scheme on the day on which the first record was decided. */
export const approved: ClaimKind = {
  names: { number: true, issuer: true },
  answer(q) {
    if (!findCertificate(q)) return unknown(q.claim);
    const first = q.state.must(recordKey(q.claim, 1), readRecord(q.claim, 1));
    q.found.records.push(first);
    const { scheme } = first.after;
    const detail = `${scheme}, ${formatDay(first.decided)}`;
    return approvedOn(q.state, q.claim.issuer, scheme, first.decided)
      ? holds("issuer-approved", detail)
      : doesNotHold("issuer-not-approved", detail);
  },
};
