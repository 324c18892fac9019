// What a bundle proves of the state, key by key.

import { type Bytes, hex } from "./bytes.js";
import type { SealedState } from "./bundle.js";

/** The bundle does not prove what was asked for. */
export class Unproven extends Error {
  constructor(what: Bytes, kind = "key") {
    super(`the bundle does not prove this: ${kind} ${hex(what)}`);
  }
}

/** A proven value does not have the form that it must have. */
export class Unreadable extends Error {}

export class State {
  constructor(readonly sealed: SealedState) {}

  /** The value of a key, or null if it is absent; throws Unproven. */
  get(key: Bytes): Bytes | null {
    const value = this.sealed.entries.get(hex(key));
    if (value === undefined) throw new Unproven(key);
    return value;
  }

  /** The value of a key as read makes it of its bytes; throws Unproven and Unreadable. */
  read<V>(key: Bytes, read: (b: Bytes) => V): V | null {
    const value = this.get(key);
    return value === null ? null : read(value);
  }

  /** As read, of a key that cannot be absent. */
  must<V>(key: Bytes, read: (b: Bytes) => V): V {
    const value = this.read(key, read);
    if (value === null) throw new Unreadable("an entry that others rely on is absent: " + hex(key));
    return value;
  }
}
