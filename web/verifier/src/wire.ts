// The canonical form of protobuf: exactly one encoding of each value is read.
// docs/formats.md, section 10. Fields stand in ascending order of their numbers,
// varints have the fewest bytes, defaults are left out, lists of numbers are
// packed, texts are UTF-8, and nothing is unknown, there twice or left over.

import type { Bytes } from "./bytes.js";
import { empty } from "./bytes.js";
import { fromUtf8 } from "./utf8.js";

/** The bytes are not the canonical form of the message. */
export class WireError extends Error {}

/** A place in bytes, from which fields are read one after the other. */
export class Reader {
  private at = 0;
  constructor(readonly bytes: Bytes) {}

  done(): boolean {
    return this.at === this.bytes.length;
  }

  /** The tag that stands here, without going past it; 0 at the end. */
  peek(): number {
    const start = this.at;
    if (this.done()) return 0;
    const tag = Number(this.varint());
    this.at = start;
    return tag;
  }

  /** Goes past the tag if it stands here. */
  take(tag: number): boolean {
    if (this.peek() !== tag) return false;
    this.varint();
    return true;
  }

  /** A number of up to 64 bits. */
  varint(): bigint {
    let low = 0, shift = 0; // up to 28 bits as a number, for speed
    let value = 0n;
    for (let i = 0; i < 10; i++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new WireError("a number is cut off");
      if (i < 4) {
        low |= (byte & 0x7f) << shift;
        shift += 7;
      } else {
        if (i === 4) value = BigInt(low);
        value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      }
      if (byte < 0x80) {
        if (byte === 0 && i > 0) throw new WireError("a number has more bytes than it needs");
        if (i === 9 && byte > 1) throw new WireError("a number has more than 64 bits");
        return i < 4 ? BigInt(low) : value;
      }
    }
    throw new WireError("a number has more than 64 bits");
  }

  /** A length and that many bytes. */
  block(): Bytes {
    const n = this.varint();
    if (n > BigInt(this.bytes.length - this.at)) throw new WireError("a length goes beyond the end");
    const start = this.at;
    this.at += Number(n);
    return this.bytes.subarray(start, this.at);
  }
}

/** How values of one kind are read. V is what they become. */
export interface Kind<V> {
  /** The value of a field that is not there. */
  readonly absent: () => V;
  /** 0: number, 2: bytes. */
  readonly wire: 0 | 2;
  /** Reads one; single says that a default must not stand there. */
  readonly read: (r: Reader, single: boolean) => V;
  readonly repeated?: boolean;
}

function numeric<V>(absent: V, convert: (n: bigint) => V): Kind<V> {
  return {
    absent: () => absent,
    wire: 0,
    read: (r, single) => {
      const n = r.varint();
      if (single && n === 0n) throw new WireError("a default stands in a field");
      return convert(n);
    },
  };
}

export const uint32 = numeric(0, (n) => {
  if (n > 0xffffffffn) throw new WireError("a number has more than 32 bits");
  return Number(n);
});

/** Also enumerations. */
export const int32 = numeric(0, (n) => {
  const v = BigInt.asIntN(64, n);
  if (v < -0x80000000n || v > 0x7fffffffn) throw new WireError("a number has more than 32 bits");
  return Number(v);
});

export const uint64 = numeric(0n, (n) => n);

export const int64 = numeric(0n, (n) => BigInt.asIntN(64, n));

export const bool = numeric(false, (n) => {
  if (n !== 1n) throw new WireError("neither true nor false");
  return true;
});

export const bytes: Kind<Bytes> = {
  absent: () => empty,
  wire: 2,
  read: (r, single) => {
    const b = r.block();
    if (single && b.length === 0) throw new WireError("a default stands in a field");
    return b;
  },
};

export const text: Kind<string> = {
  absent: () => "",
  wire: 2,
  read: (r, single) => {
    const b = bytes.read(r, single);
    const s = fromUtf8(b);
    if (s === undefined) throw new WireError("a text is not UTF-8");
    return s;
  },
};

/** A message, which may be there and empty. */
export function of<V>(type: Message<V>): Kind<V | undefined> {
  return { absent: () => undefined, wire: 2, read: (r) => type.decode(r.block()) };
}

/** Any number of texts, bytes or messages. */
export function list<V>(kind: Kind<V>): Kind<NonNullable<V>[]> {
  return {
    absent: () => [],
    wire: 2,
    repeated: true,
    read: (r) => [kind.read(r, false) as NonNullable<V>],
  };
}

/** Any number of numbers, in one field. */
export function packed<V>(kind: Kind<V>): Kind<V[]> {
  return {
    absent: () => [],
    wire: 2,
    read: (r) => {
      const inner = new Reader(r.block());
      if (inner.done()) throw new WireError("a default stands in a field");
      const values: V[] = [];
      while (!inner.done()) values.push(kind.read(inner, false));
      return values;
    },
  };
}

type Fields = Record<string, readonly [number, Kind<unknown>]>;
type Values<F extends Fields> = { [K in keyof F]: F[K][1] extends Kind<infer V> ? V : never };

/** A type of messages. */
export interface Message<V> {
  /** Throws WireError. */
  decode(b: Bytes): V;
}

/** What a type of messages decodes to. */
export type Decoded<M> = M extends Message<infer V> ? V : never;

/** The type of messages with these fields, in ascending order of their numbers. */
export function message<F extends Fields>(fields: F): Message<Values<F>> {
  const all = Object.entries(fields).map(([name, [number, kind]]) => ({ name, tag: (number << 3) | kind.wire, kind }));
  return {
    decode(b) {
      const r = new Reader(b);
      const values: Record<string, unknown> = {};
      for (const { name, tag, kind } of all) {
        if (!r.take(tag)) {
          values[name] = kind.absent();
        } else if (kind.repeated) {
          const items: unknown[] = [];
          do items.push(...(kind.read(r, false) as unknown[]));
          while (r.take(tag));
          values[name] = items;
        } else {
          values[name] = kind.read(r, true);
        }
      }
      if (!r.done()) throw new WireError("a field is unknown, out of order or there twice");
      return values as Values<F>;
    },
  };
}
