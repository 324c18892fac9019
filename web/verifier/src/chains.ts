// Chains of products in a bundle: docs/formats.md, section 21.

import { type Bytes, compare, empty, hex } from "./bytes.js";
import { BundleError, readable } from "./fault.js";
import { entryKey, textParts } from "./keys.js";
import { isChain, readProduct } from "./trace.js";
import { Reader, WireError } from "./wire.js";

/** Verifies a chain by the record of its product, and adds what it has to the entries; its key. */
export function readChain(b: Bytes, entries: Map<string, Bytes | null>, before: Bytes): Bytes {
  const r = new Reader(b);
  const block = () => {
    const field = r.block();
    if (field.length === 0) throw new WireError("an empty field");
    return field;
  };
  const key = r.take(8 * 1 + 2) ? block() : empty;
  const chain: Bytes[] = [];
  while (r.take(8 * 2 + 2)) chain.push(block());
  if (!r.done()) throw new WireError("a field is unknown, out of order or there twice");
  if (compare(before, key) >= 0) throw new BundleError("bad-bundle", "the chains are not ascending by key, each once");
  const uri = uriOf(key);
  const value = entries.get(hex(key));
  if (uri === undefined || value == null) throw new BundleError("bad-bundle", "a chain of a product that is not proven");
  const product = readable(() => readProduct(value));
  if (!isChain(product, chain)) throw new BundleError("bad-proof", `the chain of ${uri} is not what its record says`);
  chain.forEach((e, i) => {
    const at = hex(entryKey(uri, BigInt(i + 1)));
    if (!entries.has(at)) entries.set(at, e); // what the state itself says counts
  });
  return key;
}

/** The product whose record is at a key, if it is such a key. */
function uriOf(key: Bytes): string | undefined {
  const parts = key[0] === 7 && key[1] === 0x70 ? textParts(key.subarray(2)) : undefined;
  return parts?.length === 1 && parts[0] !== "" ? parts[0] : undefined;
}
