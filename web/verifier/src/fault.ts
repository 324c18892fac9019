// What is wrong with a bundle.

import { Unreadable } from "./state.js";

export type BundleFault = "bad-bundle" | "bad-seal" | "bad-proof" | "unreadable-record";

/** A bundle that is refused; the code is that of the reason. */
export class BundleError extends Error {
  constructor(readonly code: BundleFault, what: string) {
    super(what);
  }
}

/** What read makes of a record that the bundle itself needs; throws BundleError if it is unreadable. */
export function readable<V>(read: () => V): V {
  try {
    return read();
  } catch (e) {
    if (e instanceof Unreadable) throw new BundleError("unreadable-record", e.message);
    throw e;
  }
}
