import { restsOnOthers } from "../look.js";
import { findCertificate, judge, unknown } from "./answers.js";
import type { ClaimKind } from "./index.js";

/** The certificate is valid, and no blocking flag stands against it. */
export const valid: ClaimKind = {
  names: { number: true, issuer: true },
  answer(q) {
    if (!findCertificate(q)) return unknown(q.claim);
    const answer = judge(q.found.effective!);
    if (answer.outcome !== "holds" || q.found.view !== undefined) return answer;
    // The head alone says that it is valid: enough if the verifier says so.
    if (q.limits.headSuffices && !restsOnOthers(q.found.head!.standing.flags)) return answer;
    return { outcome: "not-established", reasons: [{ code: "unproven" }, ...answer.reasons] };
  },
};
