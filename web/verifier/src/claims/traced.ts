import { formatDay } from "../civil.js";
import { type Entry, sameRef } from "../trace.js";
import { type Then, type Trace, isGood, trace } from "../tracing.js";
import { TooLarge, type WayProduct } from "../way.js";
import { doesNotHold, holds, objection, reason } from "./answers.js";
import type { Answer, ClaimKind, Found } from "./index.js";

/** No recall stands, and every certificate was valid at each event of a complete chain. */
export const traced: ClaimKind = {
  names: { product: true },
  answer(q) {
    const { product } = q.claim;
    let found: Trace | null;
    try {
      found = trace(q.state, product, q.instant);
    } catch (e) {
      if (e instanceof TooLarge) return { outcome: "not-established", reasons: [reason("trace-too-large", e.message)] };
      throw e;
    }
    if (found === null) return doesNotHold("unknown-product", product);
    q.found.trace = found;
    note(found, q.found);
    const reasons = against(found);
    return reasons.length > 0 ? { outcome: "does-not-hold", reasons } : holds("traced", `${found.products[0]!.entries.length} entries`);
  },
};

function against({ products, within, then }: Trace): Answer["reasons"] {
  const reasons: Answer["reasons"] = [];
  const [recalled] = products.filter((p) => within.has(p)).flatMap((p) => p.recalls);
  if (recalled !== undefined) {
    const { uri, entry } = recalled;
    reasons.push(reason("recalled", `${uri}, entry ${entry.n}, by ${entry.member}`));
  }
  const bad = then.find((t) => !isGood(t.effective));
  if (bad !== undefined) {
    const { entry, day, ref, effective } = bad;
    const what = effective === undefined ? "none" : objection(effective);
    reasons.push(reason("not-valid-at-event", `event ${entry.n}, ${formatDay(day) || "-"}, ${ref.issuer}/${ref.number}: ${what}`));
  }
  return reasons;
}

/** What is open, and what else is to be said. */
function note(t: Trace, found: Found): void {
  const { products, within, certificates, late, flagsOpen } = t;
  if (flagsOpen) found.unproven.push("flags-then-unproven");
  if (certificates.length === 0) found.notes.push({ code: "no-certificates" });
  for (const { ref, now } of certificates) {
    const relied = [...within].some((p) => p.record.certificates.some((c) => c.issuer === ref.issuer && c.number === ref.number));
    if (relied && !isGood(now)) found.notes.push(reason("not-valid-now", `${ref.issuer}/${ref.number}: ${objection(now)}`));
  }
  if (late !== undefined) {
    const { entry, ref, recorded, effective } = late;
    const what = effective === undefined ? "none" : objection(effective);
    found.notes.push(reason("reported-late", `event ${entry.n}, recorded ${formatDay(recorded) || "-"}, ${ref.issuer}/${ref.number}: ${what}`));
  }
  const bare = bareEvent(t);
  if (bare !== undefined) found.notes.push(reason("no-certificates-at-event", `event ${bare.n}`));
  const other = otherHolder(t);
  if (other !== undefined) found.notes.push(reason("holder-changed", `event ${other.entry.n}, ${other.ref.issuer}/${other.ref.number}`));
  const links = products.flatMap((p) => p.links);
  const unknown = links.filter((l) => l.product === undefined).length;
  const unconfirmed = links.filter((l) => l.product !== undefined && !l.confirmed).length;
  if (unknown > 0) found.notes.push(reason("unknown-origin", `${unknown}`));
  if (unconfirmed > 0) found.notes.push(reason("unconfirmed-link", `${unconfirmed}`));
}

/** The first event at which no certificate of the product's own counted, if it has had some. */
function bareEvent({ products, then }: Trace): Entry | undefined {
  const [first] = products as [WayProduct];
  const had = first.entries.some(({ registered, certificates }) => (registered?.certificates ?? certificates?.add ?? []).length > 0);
  const covered = new Set(then.filter((t) => t.product === first).map((t) => t.entry));
  return had ? first.entries.find((e) => e.event !== undefined && !covered.has(e)) : undefined;
}

/** The first of the product's certificates at its events that had another holder on that day than now. */
function otherHolder({ products, certificates, then }: Trace): Then | undefined {
  return then.find(({ product, ref, holder }) => {
    if (product !== products[0] || holder === undefined) return false;
    return certificates.some((c) => sameRef(c.ref, ref) && organisation(c.holder) !== organisation(holder));
  });
}

/** What holders are told apart by: the organisation code, which is in a unified social credit code; abroad the code itself. */
function organisation(holder: string): string {
  return holder.length === 18 && !holder.includes(":") ? holder.slice(8, 17) : holder;
}
