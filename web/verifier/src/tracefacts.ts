// What a verdict shows of a trace: the JSON of it. docs/formats.md, section 21.

import { hex } from "./bytes.js";
import { formatAhead, formatDay, formatInstant } from "./civil.js";
import { compact, effectiveFacts } from "./facts.js";
import type { AnchoredLeaf } from "./leaves.js";
import type { Ref } from "./messages.js";
import type { Entry, Event, Product } from "./trace.js";
import { type Then, type Trace, isGood } from "./tracing.js";
import type {
  AnchoredEventFacts, CertificateThenFacts, EventFacts, LinkFacts, ProductFacts, RecallFacts, StandingFacts, Text, TraceFacts, WayEntryFacts,
  WayProductFacts,
} from "./verdict.js";
import type { Link, Recalled, WayProduct } from "./way.js";

const types = ["none", "ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent"];
const actions = ["", "ADD", "OBSERVE", "DELETE"];
const parts = ["none", "object", "parent", "child", "input", "output"];

export function traceFacts(t: Trace): TraceFacts {
  const [first] = t.products as [WayProduct];
  const thenOf = new Map<Entry, Then[]>();
  for (const c of t.then) {
    const list = thenOf.get(c.entry);
    if (list === undefined) thenOf.set(c.entry, [c]);
    else list.push(c);
  }
  const holds = t.then.every((c) => isGood(c.effective)) && [...t.within].every((p) => p.recalls.length === 0);
  return compact<TraceFacts>(
    {
      product: first.uri,
      holds,
      products: t.products.map((p) => wayProduct(p, t.within.has(p))),
      entries: first.entries.map((e) => wayEntry(e, thenOf.get(e) ?? [])),
      certificates: t.certificates.map(({ ref, products, now }) => ({
        ...refFacts(ref),
        products: products.map((p) => p.uri),
        effective: effectiveFacts(now),
      })),
      anchored: t.anchored.map(anchoredEvent),
    },
    ["product", "holds", "products", "entries", "certificates"],
  );
}

const refFacts = ({ issuer, number }: Ref): Ref => ({ issuer, number });

function product(p: Product): ProductFacts {
  return {
    uri: p.uri,
    owner: p.owner,
    name: { en: p.nameEn, zh: p.nameZh },
    certificates: p.certificates.map(refFacts),
    reporters: p.reporters,
    entries: Number(p.entries),
    head: hex(p.head),
    recalls: p.recalls.map(Number),
    uses: Number(p.uses),
  };
}

function wayProduct(p: WayProduct, joined: boolean): WayProductFacts {
  return {
    ...product(p.record),
    depth: p.depth,
    joined,
    ...(p.recalls.length > 0 ? { standing: p.recalls.map(standing) } : {}),
    ...(p.links.length > 0 ? { links: p.links.map(link) } : {}),
  };
}

function standing({ uri, entry }: Recalled): StandingFacts {
  return { product: uri, entry: Number(entry.n), member: entry.member, time: formatInstant(entry.time), ...recall(entry.recall!) };
}

function recall(r: NonNullable<Entry["recall"]>): RecallFacts {
  return { note: { en: r.noteEn, zh: r.noteZh }, regulator: r.regulator };
}

function link(l: Link): LinkFacts {
  return {
    entry: Number(l.entry.n),
    product: l.to,
    stated_by: l.entry.member,
    ...(l.leaves ? { leaves: true as const } : {}),
    known: l.product !== undefined,
    confirmed: l.confirmed,
  };
}

function wayEntry(e: Entry, then: Then[]): WayEntryFacts {
  const [what, text, facts] = said(e);
  return {
    n: Number(e.n),
    what,
    text,
    member: e.member,
    key: hex(e.key),
    height: Number(e.height),
    time: formatInstant(e.time),
    tx: hex(e.tx),
    ...facts,
    guarantee: "complete",
    ...(then.length > 0 ? { then: then.map(certificateThen) } : {}),
  };
}

/** What an entry says: its kind, that in words, and the member that has it. */
function said({ registered, event, certificates, reporters, recall: recalled, lift }: Entry): [string, Text, Partial<WayEntryFacts>] {
  if (registered !== undefined) return ["registered", { en: "registered", zh: "登记" }, { registered: product(registered) }];
  if (event !== undefined) return ["event", { en: "event", zh: "事件" }, { event: eventFacts(event) }];
  if (certificates !== undefined) {
    const change = { add: certificates.add.map(refFacts), remove: certificates.remove.map(refFacts) };
    return ["certificates", { en: "certificates linked", zh: "关联证书变更" }, { certificates: compact(change, []) }];
  }
  if (reporters !== undefined) return ["reporters", { en: "reporters named", zh: "指定填报方" }, { reporters: reporters.reporters }];
  if (recalled !== undefined) return ["recall", { en: "recalled", zh: "召回" }, { recall: recall(recalled) }];
  const { recall: n, note } = lift!;
  return ["lift", { en: "recall lifted", zh: "解除召回" }, { lift: { recall: Number(n), ...(note === "" ? {} : { note }) } }];
}

function eventFacts(e: Event): EventFacts {
  return compact<EventFacts>(
    {
      hash: hex(e.hash),
      time: formatAhead(e.time, e.offset),
      type: types[e.type] ?? "unknown",
      action: actions[e.action] ?? "unknown",
      step: e.step,
      disposition: e.disposition,
      place: e.place,
      part: parts[e.part] ?? "unknown",
      others: e.others,
      corrects: e.corrects.map(hex),
    },
    ["hash", "time", "type", "part"],
  );
}

function certificateThen({ product, ref, day, effective }: Then): CertificateThenFacts {
  return {
    ...refFacts(ref),
    product: product.uri,
    on: formatDay(day),
    ...(effective === undefined ? {} : { effective: effectiveFacts(effective) }),
    holds: isGood(effective),
  };
}

function anchoredEvent({ content, anchor, index, record, captured }: AnchoredLeaf): AnchoredEventFacts {
  return {
    hash: hex(content),
    anchor: hex(anchor),
    index: Number(index),
    member: record.member,
    captured: formatInstant(captured),
    recorded: formatInstant(record.time),
    guarantee: "authentic",
  };
}
