import { recordKey } from "../keys.js";
import { readRecord } from "../records.js";
import { findCertificate, holds, unknown } from "./answers.js";
import type { ClaimKind } from "./index.js";

/** These are all records of the certificate. */
export const history: ClaimKind = {
  names: { number: true, issuer: true },
  answer(q) {
    if (!findCertificate(q)) return unknown(q.claim);
    for (let n = 1; n <= q.found.head!.records; n++) {
      q.found.records.push(q.state.must(recordKey(q.claim, n), readRecord(q.claim, n)));
    }
    return holds("complete-history");
  },
};
