// What the page asks of the node that served it, and of nobody else.

import type { Claim } from "../../verifier/src/index.js";
import { pick, t } from "./language.js";
import { InputError } from "./input.js";

/** root is the address under which the node's paths lie. */
const root = new URL("..", import.meta.url);
export const rootPath = root.pathname;

/** Longest time to wait for an answer, in milliseconds. */
const patience = 20_000;

export function address(path: string): string {
  return new URL(path, root).href;
}

/** fetchCard returns the trust card that the node hands out, null if it has none. */
export async function fetchCard(): Promise<Uint8Array | null> {
  const r = await ask("v1/card");
  if (r.status === 404) return null;
  return answer(r);
}

/**
 * fetchBundle gets a bundle that is to prove a claim. from is the height of the
 * trust card: the bundle then has the handovers since.
 */
export async function fetchBundle(claim: Claim, from: number): Promise<Uint8Array> {
  const query = new URLSearchParams({ from: String(from) });
  if (claim.product !== undefined) return answer(await ask(`v1/bundles/trace/${encodeURIComponent(claim.product)}?${query}`));
  const number = encodeURIComponent(claim.number ?? "");
  let path = `v1/bundles/numbers/${number}`;
  if (claim.kind !== "absent") {
    path = `v1/bundles/certificates/${encodeURIComponent(claim.issuer ?? "")}/${number}`;
    query.set("claim", claim.kind);
    if (claim.date) query.set("date", claim.date);
  }
  return answer(await ask(`${path}?${query}`));
}

/** Use says which entry of another product's chain names a product. */
export interface Use {
  k: number;
  product: string;
  entry: number;
}

/** fetchUses gets what was made of a product or has it in it: as the node tells it, without proof. */
export async function fetchUses(uri: string): Promise<{ items: Use[]; total: number }> {
  return (await told(`v1/trace/${encodeURIComponent(uri)}/uses?limit=50`)) as { items: Use[]; total: number };
}

/** fetchMember gets the name of a member: as the node tells it, without proof. */
export async function fetchMember(id: string): Promise<{ zh?: string; en?: string }> {
  const m = (await told(`v1/members/${encodeURIComponent(id)}`)) as { name_zh?: string; name_en?: string };
  return { zh: m.name_zh ?? "", en: m.name_en ?? "" };
}

async function told(path: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await answer(await ask(path))));
}

async function ask(path: string): Promise<Response> {
  try {
    return await fetch(address(path), { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(patience) });
  } catch {
    throw new InputError(t("bad.network"));
  }
}

async function answer(r: Response): Promise<Uint8Array> {
  if (r.ok) return new Uint8Array(await r.arrayBuffer());
  let why = r.statusText;
  try {
    const p = await r.json();
    why = [p.text && pick(p.text), p.detail].filter(Boolean).join(" ");
  } catch {
    // It was no answer of a node; the status says what there is to say.
  }
  throw new InputError(t("bad.server", r.status, why));
}
