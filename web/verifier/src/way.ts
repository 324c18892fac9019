// The way of a product from upstream: what it was made of or has in it, and what was
// recalled of that. docs/formats.md, section 21.

import { hex } from "./bytes.js";
import { entryKey, productKey } from "./keys.js";
import type { Ref } from "./messages.js";
import type { State } from "./state.js";
import { need } from "./texts.js";
import { type Entry, type Event, Part, type Product, isUpstream, readEntry, readProductOf, sameRef } from "./trace.js";
import { classesOf } from "./uris.js";

/** Nothing is established of a way that is so large. */
export class TooLarge extends Error {}

const most = { entries: 32_768n, steps: 4_194_304, seen: 1024, depth: 8, products: 256 };
const remove = 3; // an action

/** A recall that stands: the product that was recalled, and the entry of its chain. */
export interface Recalled {
  readonly uri: string;
  readonly entry: Entry;
}

export type EventEntry = Entry & { readonly event: Event };

/** What an event of a chain says of a product upstream. */
export interface Link {
  readonly entry: EventEntry;
  readonly to: string;
  /** Undefined if it is not registered. */
  product?: WayProduct;
  readonly leaves: boolean;
  confirmed: boolean;
}

export interface WayProduct {
  readonly uri: string;
  readonly depth: number;
  readonly record: Product;
  readonly entries: Entry[];
  readonly recalls: Recalled[];
  /** Those that it relies on after each entry: those after entry n at n − 1. */
  readonly certificates: Ref[][];
  readonly links: Link[];
}

/** The products of a way, the first being the one asked for; null if that is absent. */
export function walk(state: State, uri: string): WayProduct[] | null {
  const record = state.read(productKey(uri), readProductOf(uri));
  if (record === null) return null;
  const walker = new Walker(state);
  walker.add(uri, record, 0);
  walker.go();
  return walker.products;
}

class Walker {
  readonly products: WayProduct[] = [];
  private readonly byUri = new Map<string, WayProduct>();
  private readonly absent = new Set<string>();
  private entries = 0n;
  private links = 0;

  constructor(private readonly state: State) {}

  add(uri: string, record: Product, depth: number): void {
    const p: WayProduct = { uri, depth, record, entries: [], recalls: [], certificates: [], links: [] };
    this.products.push(p);
    this.byUri.set(uri, p);
  }

  /** Reads the products one after the other, and adds those that they lead to. */
  go(): void {
    for (const p of this.products) { // grows
      this.readEntries(p);
      p.recalls.push(...this.recallsOf(p));
      p.certificates.push(...certificatesOf(p));
      this.readLinks(p);
      for (const link of p.links) this.follow(p, link.to);
    }
    for (const p of this.products) for (const link of p.links) this.resolve(link);
  }

  private readEntries(p: WayProduct): void {
    this.entries += p.record.entries;
    if (this.entries > most.entries) throw new TooLarge(`more than ${most.entries} entries with those of ${p.uri}`);
    for (let n = 1n; n <= p.record.entries; n++) p.entries.push(this.state.must(entryKey(p.uri, n), readEntry(n)));
  }

  private recallsOf(p: WayProduct): Recalled[] {
    const found = this.readRecalls(p.uri, p.record);
    for (const above of classesOf(p.uri)) {
      const record = this.state.read(productKey(above), readProductOf(above));
      if (record === null) continue;
      const ofClass = this.readRecalls(above, record);
      found.push(...ofClass.filter((r) => r.entry.recall!.regulator || record.owner === p.record.owner));
    }
    return found;
  }

  private readRecalls(uri: string, record: Product): Recalled[] {
    return record.recalls.map((n) => {
      const entry = this.state.must(entryKey(uri, n), readEntry(n));
      need(entry.recall !== undefined, "a recall that is none");
      return { uri, entry };
    });
  }

  private readLinks(p: WayProduct): void {
    for (const entry of p.entries) {
      const { event } = entry;
      if (event === undefined || !isUpstream(event)) continue;
      for (const to of event.others) {
        p.links.push({ entry: entry as EventEntry, to, leaves: event.action === remove, confirmed: false });
      }
    }
    this.links += p.links.length;
    if (this.links * this.products[0]!.entries.length > most.steps) throw new TooLarge(`${this.links} links, with those of ${p.uri}`);
  }

  private follow(from: WayProduct, uri: string): void {
    if (this.byUri.has(uri) || this.absent.has(uri)) return;
    if (this.products.length + this.absent.size >= most.seen) throw new TooLarge(`${most.seen} products before ${uri}`);
    const record = this.state.read(productKey(uri), readProductOf(uri));
    if (record === null) {
      this.absent.add(uri);
      return;
    }
    if (from.depth >= most.depth) throw new TooLarge(`${uri} lies deeper than ${most.depth}`);
    if (this.products.length >= most.products) throw new TooLarge(`more than ${most.products} products`);
    this.add(uri, record, from.depth + 1);
  }

  private readonly hashes = new Map<WayProduct, Set<string>>();

  /** Finds the product that a link leads to, and whether its chain has the event. */
  private resolve(link: Link): void {
    const to = this.byUri.get(link.to);
    if (to === undefined) return;
    let hashes = this.hashes.get(to);
    if (hashes === undefined) {
      hashes = new Set(to.entries.flatMap((e) => (e.event === undefined ? [] : [hex(e.event.hash)])));
      this.hashes.set(to, hashes);
    }
    link.product = to;
    link.confirmed = hashes.has(hex(link.entry.event.hash));
  }
}

function certificatesOf({ record, entries }: WayProduct): Ref[][] {
  const after: Ref[][] = [];
  let now: Ref[] = [];
  let before: Entry | undefined;
  for (const e of entries) {
    need(before === undefined || (e.height >= before.height && e.time >= before.time), "entries that go back in height or time");
    before = e;
    const { registered, certificates } = e;
    if (registered !== undefined) {
      need(registered.uri === record.uri && registered.owner === record.owner, "a chain that registers another product");
      now = registered.certificates;
    }
    if (certificates !== undefined) {
      const { add, remove } = certificates;
      need(remove.every((r) => now.some((c) => sameRef(c, r))), "a certificate unlinked that was not linked");
      need(!add.some((r) => now.some((c) => sameRef(c, r))), "a certificate linked that was linked already");
      now = [...now.filter((c) => !remove.some((r) => sameRef(c, r))), ...add];
      need(now.length <= 64, "too many certificates");
    }
    after.push(now);
  }
  return after;
}

export const forever = 2n ** 63n - 1n;

/** The products that are within the first at an instant, that itself among them. */
export function within(products: WayProduct[], at: bigint): Set<WayProduct> {
  const found = new Set(products.slice(0, 1));
  for (const p of found) for (const to of joined(p, at)) found.add(to); // grows
  return found;
}

/** The products that a product was made of, or had in it by its last events. */
function joined(p: WayProduct, at: bigint): WayProduct[] {
  const joins = new Map<WayProduct, { time: bigint; stays: boolean; madeOf: boolean }>();
  for (const { product, leaves, entry } of p.links) {
    const { time, part } = entry.event;
    if (product === undefined || time > at) continue;
    const before = joins.get(product);
    const madeOf = part === Part.output || before?.madeOf === true;
    if (before === undefined || before.time <= time) joins.set(product, { time, stays: !leaves, madeOf });
    else before.madeOf = madeOf;
  }
  return [...joins].filter(([, { stays, madeOf }]) => stays || madeOf).map(([to]) => to);
}
