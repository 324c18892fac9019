// The trust cards that a page has: the user's own, which is pinned in this browser
// and comes first, and that of the node which served the page.

import { cardFacts, parseCard, type Card, type CardFacts } from "../../verifier/src/index.js";
import { equal, fromBase64, toBase64 } from "./bytes.js";
import { InputError } from "./input.js";
import { t } from "./language.js";
import { fetchCard } from "./node.js";

export interface Held {
  source: "pinned" | "served" | "loaded";
  bytes: Uint8Array;
  card: Card;
  facts: CardFacts;
  since?: string; // when it was pinned, RFC 3339
}

const storage = "hallmark.card";

export class Trust {
  pinned: Held | null = null;
  served: Held | null = null;
  /** loaded was opened by the user, who has yet to compare its fingerprint; nothing is verified with it. */
  loaded: Held | null = null;
  /** The browser keeps what is pinned. */
  kept = true;

  constructor() {
    try {
      const raw = localStorage.getItem(storage);
      if (raw) {
        const { card, since } = JSON.parse(raw) as { card: string; since: string };
        this.pinned = hold("pinned", fromBase64(card), since);
      }
    } catch {
      this.pinned = null; // nothing is kept here, or what was kept is damaged
    }
  }

  /** current is the card to verify with. */
  get current(): Held | null {
    return this.pinned ?? this.served;
  }

  /** load gets the node's card; that there is no network is no error. */
  async load(): Promise<void> {
    try {
      const bytes = await fetchCard();
      this.served = bytes ? hold("served", bytes) : null;
    } catch {
      this.served = null;
    }
  }

  /** open shows a card to the user. It throws an InputError if the bytes are none. */
  open(bytes: Uint8Array): void {
    this.loaded = hold("loaded", bytes);
  }

  /** pin keeps a card. It throws an InputError if the bytes are none. */
  pin(bytes: Uint8Array, now: Date): void {
    this.pinned = hold("pinned", bytes, now.toISOString());
    this.loaded = null;
    try {
      localStorage.setItem(storage, JSON.stringify({ card: toBase64(bytes), since: this.pinned.since }));
      this.kept = true;
    } catch {
      this.kept = false;
    }
  }

  unpin(): void {
    this.pinned = null;
    try {
      localStorage.removeItem(storage);
    } catch {
      // Nothing was kept.
    }
  }

  /** other is the node's card if it is not the one that is used. */
  get other(): Held | null {
    return this.pinned && this.served && !equal(this.pinned.bytes, this.served.bytes) && this.pinned.facts.fingerprint !== this.served.facts.fingerprint ? this.served : null;
  }
}

function hold(source: Held["source"], bytes: Uint8Array, since?: string): Held {
  try {
    const card = parseCard(bytes);
    return { source, bytes, card, facts: cardFacts(card), ...(since ? { since } : {}) };
  } catch {
    throw new InputError(t("card.bad"));
  }
}
