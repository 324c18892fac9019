// What a verdict shows of evidence: the JSON of it. docs/formats.md, section 21.

import { hex } from "./bytes.js";
import { formatInstant } from "./civil.js";
import type { AnchorRecord } from "./evidence.js";
import type { AnchoredLeaf } from "./leaves.js";
import type { EvidenceFacts, LeafFacts, Text } from "./verdict.js";

const kinds: readonly (readonly [string, Text])[] = [
  ["report", { en: "test report", zh: "检测报告" }],
  ["inspection", { en: "inspection report", zh: "检查报告" }],
  ["audit", { en: "audit files", zh: "审核档案" }],
  ["decision", { en: "decision files", zh: "认证决定档案" }],
  ["capture", { en: "captured data", zh: "采集数据" }],
  ["events", { en: "events", zh: "事件" }],
  ["supervision", { en: "supervision files", zh: "监管档案" }],
  ["other", { en: "other", zh: "其他" }],
];

const retentions = ["two-years", "six-years", "ten-years", "permanent"];

export function evidenceFacts(a: AnchorRecord): EvidenceFacts {
  const [kind, text] = kinds[a.kind - 1]!;
  return {
    id: hex(a.id),
    member: a.member,
    kind,
    text,
    subject: a.subject,
    root: hex(a.root),
    leaves: Number(a.leaves),
    from: formatInstant(a.from),
    to: formatInstant(a.to),
    ...(a.method === "" ? {} : { method: a.method }),
    retention: retentions[a.retention - 1]!,
    height: Number(a.height),
    time: formatInstant(a.time),
    tx: hex(a.tx),
    signers: a.signers.map((s) => ({ member: s.member, key: hex(s.key) })),
  };
}

export function leafFacts(l: AnchoredLeaf): LeafFacts {
  return {
    index: Number(l.index),
    content: hex(l.content),
    size: Number(l.size),
    ...(l.name === "" ? {} : { name: l.name }),
    captured: formatInstant(l.captured),
  };
}
