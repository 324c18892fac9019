// What the certificates on the way of a product are, and were at each event of it.
// docs/formats.md, section 21.

import { type Day, dayOf } from "./civil.js";
import { headKey } from "./keys.js";
import type { AnchoredLeaf } from "./leaves.js";
import { grounds, lastBy, seen } from "./look.js";
import type { Ref } from "./messages.js";
import { type Head, readHead } from "./records.js";
import { type Effective, Status, blocks, effective } from "./rules.js";
import type { State } from "./state.js";
import { type Entry, sameRef } from "./trace.js";
import { type EventEntry, TooLarge, type WayProduct, forever, walk, within } from "./way.js";

/** A certificate that a product on the way relies on, or has. */
export interface WayCertificate {
  readonly ref: Ref;
  readonly products: WayProduct[];
  readonly now: Effective;
  /** At present. */
  readonly holder: string;
}

/** A certificate at an event. */
export interface Then {
  readonly entry: Entry;
  readonly product: WayProduct;
  readonly ref: Ref;
  /** Of the event; 0 if it is none. */
  readonly day: Day;
  /** Undefined if nothing had been decided. */
  readonly effective: Effective | undefined;
  /** By the record of that day; undefined if no record was read. */
  readonly holder: string | undefined;
}

/** A certificate that was good on the day of an event, and not at the end of the day on which that was recorded. */
export interface Late {
  readonly entry: Entry;
  readonly ref: Ref;
  readonly recorded: Day;
  readonly effective: Effective | undefined;
}

export interface Trace {
  readonly products: WayProduct[];
  readonly within: Set<WayProduct>;
  readonly certificates: WayCertificate[];
  readonly then: Then[];
  /** The first that there is. */
  readonly late: Late | undefined;
  /** Whether one was asked for on a day before that of the state: nothing says what others said then. */
  readonly flagsOpen: boolean;
  readonly anchored: AnchoredLeaf[];
}

const most = { certificates: 512, then: 65_536 };
const events = 6; // a kind of anchors

/** Whether a certificate is, or was, valid without anything that blocks it. */
export function isGood(e: Effective | undefined): boolean {
  return e !== undefined && e.status === Status.valid && !blocks(e.flags);
}

/** The way of a product, and its certificates now, at an instant; null if there is no such product. */
export function trace(state: State, uri: string, instant: bigint): Trace | null {
  const products = walk(state, uri);
  if (products === null) return null;
  const { time } = state.sealed.statement;
  const known = new Known(state, dayOf(instant), dayOf(time));
  const certificates = known.readAll(products);
  const then = new Sum(known).of(products);
  const late = findLate(known, then);
  const anchored = state.sealed.leaves.filter(({ record }) => record.kind === events && record.subject === "product/" + uri);
  const flagsOpen = then.some((t) => t.day < known.sealedOn);
  return { products, within: within(products, forever), certificates, then, late, flagsOpen, anchored };
}

/** The certificates that have been read. */
class Known {
  private readonly heads = new Map<string, { head: Head; atSeal: Effective }>();
  private readonly onDays = new Map<string, OnDay>();

  constructor(private readonly state: State, private readonly today: Day, readonly sealedOn: Day) {}

  readAll(products: WayProduct[]): WayCertificate[] {
    const named = new Map<string, { ref: Ref; products: WayProduct[] }>();
    for (const p of products) {
      for (const { registered, certificates } of p.entries) {
        for (const ref of registered?.certificates ?? certificates?.add ?? []) {
          const c = named.get(nameOf(ref));
          if (c === undefined) named.set(nameOf(ref), { ref, products: [p] });
          else if (!c.products.includes(p)) c.products.push(p);
        }
      }
    }
    if (named.size > most.certificates) throw new TooLarge(`${named.size} certificates, at most ${most.certificates}`);
    return [...named.values()].map((c) => ({ ...c, ...this.read(c.ref) }));
  }

  /** Reads a certificate: what it is now, and whose. */
  private read(ref: Ref): { now: Effective; holder: string } {
    const head = this.state.must(headKey(ref), readHead(ref));
    const now = seen(head, grounds(this.state, ref, head, this.today), this.today);
    const atSeal = seen(head, grounds(this.state, ref, head, this.sealedOn), this.sealedOn);
    this.heads.set(nameOf(ref), { head, atSeal });
    return { now, holder: head.holder };
  }

  /** What a certificate that was read was on a day. */
  on(ref: Ref, day: Day): OnDay {
    const { head, atSeal } = this.heads.get(nameOf(ref))!;
    if (day >= this.sealedOn) return { effective: atSeal, holder: undefined };
    const name = `${day} ${nameOf(ref)}`;
    let found = this.onDays.get(name);
    if (found === undefined) {
      const record = lastBy(this.state, ref, head.records, day);
      found = { effective: record && effective(record.after.standing, day), holder: record?.after.holder };
      this.onDays.set(name, found);
    }
    return found;
  }
}

type OnDay = Pick<Then, "effective" | "holder">;

function nameOf(ref: Ref): string {
  return JSON.stringify([ref.issuer, ref.number]);
}

/** Adds up what certificates were at the events of the first product. */
class Sum {
  constructor(private readonly known: Known) {}

  of(products: WayProduct[]): Then[] {
    const then: Then[] = [];
    const [first] = products as [WayProduct];
    for (const entry of first.entries) {
      if (entry.event === undefined) continue;
      const day = dayOf(entry.event.time);
      const inside = within(products, entry.event.time);
      for (const product of products) {
        if (!inside.has(product)) continue;
        const refs = refsAt(product, entry as EventEntry, product === first);
        if (then.length + refs.length > most.then) throw new TooLarge(`more than ${most.then} certificates at events`);
        for (const ref of refs) then.push({ entry, product, ref, day, ...this.known.on(ref, day) });
      }
    }
    return then;
  }
}

function findLate(known: Known, then: Then[]): Late | undefined {
  for (const { entry, ref, day, effective } of then) {
    const filed = dayOf(entry.time);
    const recorded = filed < known.sealedOn ? filed : known.sealedOn;
    if (!isGood(effective) || recorded <= day) continue;
    const at = known.on(ref, recorded).effective;
    if (!isGood(at)) return { entry, ref, recorded, effective: at };
  }
  return undefined;
}

/**
 * The certificates of a product at an event of the first one: those when it was filed,
 * then those when it happened that are not among them.
 */
function refsAt({ entries, certificates }: WayProduct, { n, height, event }: EventEntry, isFirst: boolean): Ref[] {
  const filed = isFirst ? Number(n) - 2 : Math.max(0, lastOf(entries, (e) => e.height <= height));
  const happened = lastOf(entries, (e) => e.time <= event.time);
  const refs = certificates[filed]!;
  const more = happened < 0 ? [] : certificates[happened]!;
  return [...refs, ...more.filter((r) => !refs.some((known) => sameRef(known, r)))];
}

/** The place of the last entry that is not too late, −1 if there is none; those after it are too late as well. */
function lastOf(entries: Entry[], inTime: (e: Entry) => boolean): number {
  let i = 0, j = entries.length;
  while (i < j) {
    const h = Math.floor((i + j) / 2);
    if (inTime(entries[h]!)) i = h + 1;
    else j = h;
  }
  return i - 1;
}
