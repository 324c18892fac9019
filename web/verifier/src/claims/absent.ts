import { numberKey } from "../keys.js";
import { readIssuers } from "../records.js";
import { doesNotHold, holds } from "./answers.js";
import type { ClaimKind } from "./index.js";

/** No body has ever filed a certificate with the number. */
export const absent: ClaimKind = {
  names: { number: true },
  answer(q) {
    const issuers = q.state.read(numberKey(q.claim.number), readIssuers);
    if (issuers === null) return holds("number-unknown");
    q.found.issuers = issuers;
    return doesNotHold("number-issued", issuers.join(", "));
  },
};
