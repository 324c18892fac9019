// What is wrong with a bundle.

export type BundleFault = "bad-bundle" | "bad-seal" | "bad-proof" | "unreadable-record";

/** A bundle that is refused; the code is that of the reason. */
export class BundleError extends Error {
  constructor(readonly code: BundleFault, what: string) {
    super(what);
  }
}
