// The digest of a content, which a claim "anchored" names: docs/formats.md, section 19.

import { type Bytes, hex } from "./bytes.js";
import { Sm3 } from "./sm3.js";

/** Digests a content piece by piece, as a file that is read. */
export class ContentDigest {
  private readonly sm3 = new Sm3();

  update(piece: Bytes): this {
    this.sm3.update(piece);
    return this;
  }

  /** 64 hexadecimal digits, of all so far; more may follow. */
  digest(): string {
    return hex(this.sm3.digest());
  }
}

/** SM3 of a content: 64 hexadecimal digits. */
export function contentDigest(content: Bytes): string {
  return new ContentDigest().update(content).digest();
}
