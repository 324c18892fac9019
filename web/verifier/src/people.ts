// A verdict for people, in Chinese or English, as `hallmark verify` prints it:
// first of when it is and how old that is, then the outcome and why, then what is
// known, then what is not.

import { fingerprintText } from "./card.js";
import { families } from "./tables.js";
import { type Lines, traceLines } from "./tracepeople.js";
import type { Kind } from "./claim.js";
import type { CertificateFacts, Reason, Ref, Text, Verdict } from "./verdict.js";

export type Language = "zh" | "en";

const outcomes: { readonly [outcome: string]: Text } = {
  holds: { en: "ESTABLISHED", zh: "已证实" },
  "does-not-hold": { en: "DOES NOT HOLD", zh: "不成立" },
  "not-established": { en: "NOT ESTABLISHED", zh: "无法证实" },
};

const claims: { readonly [K in Kind]: Text } = {
  valid: { en: "valid now", zh: "当前有效" },
  "on-date": { en: "valid on", zh: "在该日有效" },
  history: { en: "complete history", zh: "完整记录" },
  absent: { en: "number never issued", zh: "编号从未签发" },
  traced: { en: "product traced", zh: "产品可追溯" },
  anchored: { en: "evidence was anchored", zh: "证据已锚定" },
  approved: { en: "issuer was approved", zh: "发证机构当时获批准" },
};

const subjects: { readonly [kind: string]: Text } = {
  certificate: { en: "certificate", zh: "证书" },
  engagement: { en: "engagement", zh: "委托" },
  product: { en: "product", zh: "产品" },
};

const retentions: { readonly [retention: string]: Text } = {
  "two-years": { en: "two years", zh: "两年" },
  "six-years": { en: "six years", zh: "六年" },
  "ten-years": { en: "ten years", zh: "十年" },
  permanent: { en: "permanent", zh: "永久" },
};

/** The lines of a verdict, each with "\n". What came from elsewhere is printable in it. */
export function verdictText(v: Verdict, lang: Language): string {
  const p = new Printer(lang === "zh");
  p.asOf(v);
  p.outcome(v);
  if (v.certificate !== undefined) p.certificate(v.certificate);
  p.line("Issued by", "签发机构", ...(v.issuers ?? []));
  p.records(v);
  if (v.trace !== undefined) traceLines(p, v.trace);
  p.evidence(v);
  p.notes(v);
  return p.lines.join("");
}

class Printer implements Lines {
  readonly lines: string[] = [];
  constructor(private readonly chinese: boolean) {}

  in(en: string, zh: string): string {
    return this.chinese ? zh : en;
  }

  private of(t: Text): string {
    return this.in(t.en, t.zh);
  }

  /** A label, a colon and those values that are not empty. */
  line(en: string, zh: string, ...values: (string | undefined)[]): void {
    const some = values.filter((s) => s !== undefined && s !== "").map((s) => printable(s!));
    if (some.length > 0) this.lines.push(this.in(en + ": ", zh + "：") + some.join(this.in(", ", "，")) + "\n");
  }

  time(instant: string): string {
    const at = new Date(Date.parse(instant.slice(0, 19) + "Z") + 8 * 3600 * 1000).toISOString();
    return `${at.slice(0, 10)} ${at.slice(11, 19)}` + this.in(" Beijing time", "（北京时间）");
  }

  asOf(v: Verdict): void {
    const { seal } = v;
    if (seal === undefined) {
      this.line("As of", "截至", this.in("nothing is sealed", "没有有效的签章"));
      return;
    }
    this.line("As of", "截至", this.time(seal.time), this.in(`height ${seal.height}`, `高度 ${seal.height}`));
    this.line("Age", "距今", this.age(seal.age_seconds));
  }

  /** A number of seconds in its two largest units. */
  private age(seconds: number): string {
    if (seconds < 0) return this.in("in the future by ", "在未来 ") + this.age(-seconds);
    const units: [number, string, string][] = [[86400, "d", "天"], [3600, "h", "小时"], [60, "min", "分"], [1, "s", "秒"]];
    const i = Math.max(0, units.findIndex(([of]) => seconds >= of || of === 1));
    const [first, second] = [units[i]!, units[i + 1]];
    let s = `${Math.floor(seconds / first[0])} ${this.in(first[1], first[2])}`;
    const rest = seconds % first[0];
    if (second !== undefined && rest >= second[0]) s += ` ${Math.floor(rest / second[0])} ${this.in(second[1], second[2])}`;
    return s;
  }

  outcome(v: Verdict): void {
    const { kind, issuer, number = "", date = "-", anchor, content, product = "" } = v.claim;
    const text = Object.hasOwn(claims, kind) ? this.of(claims[kind]) + (kind === "on-date" ? " " + date : "") : String(kind);
    let about = kind === "traced" ? product : number;
    if (kind === "anchored") about = [anchor, content].filter((d) => d !== undefined).join(" ");
    else if (issuer !== undefined) about = `${issuer}/${number}`;
    this.line("Claim", "声明", text + this.in(": ", "：") + about);
    this.line("Outcome", "结论", this.of(outcomes[v.outcome]!));
    for (const r of v.reasons) this.line("Reason", "理由", this.reason(r));
  }

  private reason(r: Reason): string {
    return this.of(r) + (r.detail === undefined ? "" : this.in(` (${r.detail})`, `（${r.detail}）`));
  }

  certificate(c: CertificateFacts): void {
    const e = c.effective;
    this.line("Certificate", "证书", name(c));
    const why = e.reason === undefined ? "" : e.reason + (e.reason_text === undefined ? "" : " " + this.of(e.reason_text));
    this.line("Status", "状态", this.of(e.text), e.code, why);
    this.line("Since", "自", e.since);
    for (const f of e.flags ?? []) this.line("Flag", "标记", this.of(f.text), f.blocking ? this.in("blocking", "阻断") : "");
    const family = families.find(([en]) => en === c.family);
    this.line("Scheme", "认证项目", c.scheme, family && this.in(family[0], family[1]));
    this.holder(c);
    this.line("Issued", "发证日期", c.issued);
    this.line("Last day", "有效期至", c.expires);
    this.line("Suspended", "暂停期间", c.suspended_from, c.suspended_until);
    for (const r of c.unsound ?? []) this.line("Not valid, and it rests on it", "所依据的证书非有效", name(r));
    for (const k of c.compromised ?? []) this.line("Compromised key", "已泄露密钥", k);
    for (const o of c.orders ?? []) this.line("Order open until", "责令期限", o.due);
    this.line("Warned of by", "监管警示", ...(c.warnings ?? []));
    if (c.successor !== undefined) this.line("Replaced by", "换发为", name(c.successor));
    if (c.issuer_name !== undefined) this.line("Issuer", "发证机构", this.either(c.issuer_name.en, c.issuer_name.zh), c.member);
  }

  /** What was anchored, by whom and about what, and the leaf. */
  evidence({ evidence: e, leaf: l }: Verdict): void {
    if (e === undefined) return;
    const [kind, ...name] = e.subject.split("/");
    this.line("Anchor", "锚定", e.id);
    this.line("Recorded", "上链时间", this.time(e.time), this.in(`height ${e.height}`, `高度 ${e.height}`));
    this.line("Anchored by", "锚定成员", e.member);
    this.line("Kind", "种类", this.of(e.text));
    this.line("About", "对象", this.of(subjects[kind!] ?? { en: kind!, zh: kind! }) + " " + name.join("/"));
    this.line("Captured", "采集时段", this.time(e.from) + this.in(" to ", " 至 ") + this.time(e.to));
    this.line("Method", "采集方法", e.method);
    this.line("Kept", "保存期限", this.of(retentions[e.retention] ?? { en: e.retention, zh: e.retention }));
    this.line("Leaves", "叶数", String(e.leaves));
    if (l === undefined) return;
    this.line("File", "文件", l.name);
    this.line("Content", "内容摘要", l.content, this.in(`${l.size} bytes`, `${l.size} 字节`));
    this.line("Place", "位置", String(l.index));
    this.line("Content captured", "内容采集时间", this.time(l.captured));
  }

  private holder(c: CertificateFacts): void {
    const d = c.details;
    if (d === undefined) {
      this.line("Holder", "持有人", c.holder);
      return;
    }
    this.line("Holder", "持有人", this.either(d.holder?.name_en, d.holder?.name_zh), c.holder);
    this.line("Address", "地址", this.either(d.holder?.address_en, d.holder?.address_zh));
    this.line("Scope", "范围", this.either(d.scope_en, d.scope_zh));
    this.line("Standards", "标准", ...(d.standards ?? []));
    this.line("Models", "型号", ...(d.models ?? []));
  }

  /** The text in the language, or else in the other. */
  either(en = "", zh = ""): string {
    return this.in(en || zh, zh || en);
  }

  records(v: Verdict): void {
    for (const r of v.records ?? []) {
      this.line(
        `Record ${r.n}`, `记录 ${r.n}`, this.of(r.text), r.actor ?? this.in("the ledger", "账本"),
        this.in("decided ", "决定于 ") + r.decided, this.in("recorded ", "记录于 ") + this.time(r.time), r.note,
      );
    }
  }

  notes(v: Verdict): void {
    for (const r of v.unproven ?? []) this.line("Not established", "未证实", this.reason(r));
    for (const r of v.notes ?? []) this.line("Note", "注意", this.reason(r));
    if (v.card === undefined) return;
    if (v.seal !== undefined) {
      const { set, handovers } = v.seal;
      this.line("Seal", "签章", this.in("chain ", "链 ") + v.card.chain_id, this.in("set ", "集合 ") + set.slice(0, 16), this.in(`${handovers} handovers`, `${handovers} 次交接`));
    }
    this.line("Card", "信任卡", fingerprintText(v.card.fingerprint), this.in("until ", "有效至 ") + this.time(v.card.not_after));
  }
}

function name(r: Ref): string {
  return `${r.issuer}/${r.number}`;
}

/** Puts a mark in the place of what is no letter, number, sign or space. */
function printable(s: string): string {
  return s.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "\uFFFD");
}
