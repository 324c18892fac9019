// light/testdata/vectors: docs/formats.md, section 18.
import assert from "node:assert/strict";
import { test } from "node:test";

import { CardError, type Claim, type EffectiveFacts, type TraceFacts, type Verdict, Verifier, parseCard, verify } from "../dist/index.js";
import { flags } from "../dist/tables.js";
import { fromHex, readJson } from "./files.js";

interface Vectors {
  cards: Record<string, string>;
  card_vectors: { name: string; card: string; want: string }[] | null;
  vectors: {
    name: string;
    card: string;
    claim: Claim;
    limits: { max_age_seconds: number; max_size: number; head_suffices: boolean };
    now: string;
    bundle: string;
    want: Want;
  }[];
}

interface Want {
  outcome: string;
  reasons: string[];
  unproven?: string[];
  notes?: string[];
  height?: number;
  handovers?: number;
  status?: number;
  status_reason?: string;
  since?: string;
  flags?: number;
  records?: number[];
  issuers?: string[];
  details?: boolean;
  anchor?: string;
  leaf?: number;
  traced?: Traced;
}

/** docs/formats.md, section 21. */
interface Traced {
  entries: number;
  products?: string[];
  links?: string[];
  then?: string[];
  now?: string[];
  recalls?: string[];
  anchored?: string[];
}

const files = ["vectors", "anchored", "traced"].map((name) => readJson<Vectors>(`light/testdata/vectors/${name}.json`));
const all = files[0]!;
const statuses = ["", "valid", "suspended", "revoked", "cancelled", "expired", "annulled"];

function bitsOf(e?: EffectiveFacts): number {
  return (e?.flags ?? []).reduce((sum, f) => {
    const i = flags.findIndex(([name]) => name === f.name);
    return sum + 2 ** (i < 7 ? i : i + 9);
  }, 0);
}

/** What a vector says of a trace. */
function traced(t: TraceFacts): Traced {
  const place = new Map(t.products.map((p, i) => [p.uri, i]));
  const name = (r: { issuer: string; number: string }) => `${r.issuer}/${r.number}`;
  const status = (e?: EffectiveFacts) => `${statuses.indexOf(e?.status ?? "")} ${bitsOf(e)}`;
  const want: { [K in keyof Traced]: Traced[K] } = {
    entries: t.entries.length,
    products: t.products.map((p) => p.uri + (p.joined ? "" : " -")),
    links: t.products.flatMap((p, i) =>
      (p.links ?? []).map((l) => `${i} ${l.entry} ${l.product} known=${l.known} confirmed=${l.confirmed} leaves=${l.leaves === true}`),
    ),
    then: t.entries.flatMap((e) => (e.then ?? []).map((c) => `${e.n} ${place.get(c.product)} ${name(c)} ${c.on || "-"} ${status(c.effective)}`)),
    now: t.certificates.map((c) => `${name(c)} ${status(c.effective)}`),
    recalls: t.products.filter((p) => p.joined).flatMap((p) => (p.standing ?? []).map((s) => `${s.product} ${s.entry}`)),
    anchored: (t.anchored ?? []).map((a) => `${a.anchor} ${a.index}`),
  };
  return Object.fromEntries(Object.entries(want).filter(([, list]) => !Array.isArray(list) || list.length > 0)) as unknown as Traced;
}

/** What a vector says of a verdict. */
function summary(v: Verdict): Want {
  const codes = (list?: { code: string }[]) => list?.map((r) => r.code);
  const e = v.certificate?.effective;
  const bits = bitsOf(e);
  const want = {
    outcome: v.outcome,
    reasons: codes(v.reasons),
    unproven: codes(v.unproven),
    notes: codes(v.notes),
    height: v.seal?.height,
    handovers: v.seal?.handovers || undefined,
    status: e && statuses.indexOf(e.status),
    status_reason: e?.reason,
    since: e?.since,
    flags: bits || undefined,
    records: v.records?.map((r) => r.n),
    issuers: v.issuers,
    details: v.certificate?.details !== undefined || undefined,
    anchor: v.evidence?.id,
    leaf: v.leaf && v.leaf.index + 1,
    traced: v.trace && traced(v.trace),
  };
  return JSON.parse(JSON.stringify(want)) as Want;
}

test("there are vectors", () => {
  assert.ok(all.vectors.length >= 186 && all.card_vectors!.length >= 30 && files[1]!.vectors.length >= 140);
  assert.ok(files[2]!.vectors.length >= 146);
});

const verifiers = new Map<string, Verifier>();

for (const { cards, vectors } of files) for (const v of vectors) {
  test(v.name, () => {
    const card = fromHex(cards[v.card]!);
    const limits = { maxAgeSeconds: v.limits.max_age_seconds, maxSize: v.limits.max_size, headSuffices: v.limits.head_suffices };
    const verdict = verify(fromHex(v.bundle), card, v.claim, limits, new Date(v.now));
    assert.deepEqual(summary(verdict), v.want);
    assert.equal(verdict.exit_code, ["holds", "does-not-hold", "not-established"].indexOf(v.want.outcome));
    // What is remembered of other bundles changes nothing.
    let verifier = verifiers.get(cards[v.card]!);
    if (verifier === undefined) verifiers.set(cards[v.card]!, (verifier = new Verifier(card)));
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(verifier.verify(fromHex(v.bundle), v.claim, limits, new Date(v.now)), verdict);
    }
  });
}

for (const v of all.card_vectors!) {
  test("card: " + v.name, () => {
    if (v.want === "ok") parseCard(fromHex(v.card));
    else assert.throws(() => parseCard(fromHex(v.card)), CardError);
  });
}

test("no card, and what is no card", () => {
  const v = all.vectors[0]!;
  for (const card of [null, new Uint8Array(0), fromHex(v.bundle)]) {
    const verdict = verify(fromHex(v.bundle), card, v.claim, {}, new Date(v.now));
    assert.deepEqual(summary(verdict), { outcome: "not-established", reasons: ["no-card"] });
  }
});
