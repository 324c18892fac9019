// What a bundle is about: for people who have not said which certificate they
// mean. Nothing is verified by it.

import { type Bytes, hex } from "./bytes.js";
import { textParts } from "./keys.js";
import { WireError, bytes, list, message, of, uint32 } from "./wire.js";
import { sm3 } from "./sm3.js";

export interface Subject {
  /** A claim that the bundle may answer. */
  kind: "valid" | "absent";
  issuer?: string;
  number: string;
}

const optional = { absent: () => undefined, wire: 2 as const, read: (r: { block(): Bytes }) => r.block() as Bytes | undefined };

const Bundle = message({
  format: [1, uint32],
  handovers: [2, list(bytes)],
  sealed: [3, bytes],
  entries: [4, list(of(message({ key: [1, bytes], value: [2, optional], proof: [3, bytes] })))],
  details: [5, list(bytes)],
});

/**
 * The certificates, or else the numbers, whose entries are in a bundle. Of
 * several certificates those whose text is in it stand first: of others, which
 * one rests on, it has the head alone.
 */
export function subjects(bundle: Bytes): Subject[] {
  let b;
  try {
    b = Bundle.decode(bundle);
  } catch (e) {
    if (e instanceof WireError) return [];
    throw e;
  }
  const texts = new Set([
    ...b.details.map((d) => hex(sm3(d))),
    ...b.entries.filter((e) => e.value !== undefined && e.key[0] === 5 && e.key[1] === 0x64).map((e) => hex(sm3(e.value!))),
  ]);
  const certificates: { subject: Subject; hasText: boolean }[] = [];
  const numbers: Subject[] = [];
  for (const { key, value } of b.entries) {
    if (key[0] !== 5) continue;
    const parts = textParts(key.subarray(2));
    if (key[1] === 0x68 && parts?.length === 2) {
      const head = value === undefined ? "" : hex(value);
      certificates.push({
        subject: { kind: "valid", issuer: parts[0]!, number: parts[1]! },
        hasText: [...texts].some((t) => head.includes(t)),
      });
    } else if (key[1] === 0x6e && parts?.length === 1) {
      numbers.push({ kind: "absent", number: parts[0]! });
    }
  }
  const sorted = [...certificates.filter((c) => c.hasText), ...certificates.filter((c) => !c.hasText)].map((c) => c.subject);
  return sorted.length > 0 ? sorted : numbers;
}
