// The page of a product: it gets the proof of the product that its address names, or
// takes a saved one, verifies it and shows what it says.

import { likely, subjects, type Claim, type Subject, type Verdict } from "../../verifier/src/index.js";
import { save } from "./bytes.js";
import { above, askedOf, elements, faultOf, linkIn, pageOf, type Asked } from "./digital-link.js";
import { h, one, printable, tag } from "./dom.js";
import { InputError, readFile } from "./input.js";
import { pick, t } from "./language.js";
import { tellNames } from "./members.js";
import { address, fetchBundle, fetchUses } from "./node.js";
import { outcomeOf } from "./outcome.js";
import { productParts } from "./product-view.js";
import { arrive, offerCard, say, start, trust, verifier } from "./shell.js";
import { span } from "./time.js";
import { productLink } from "./timeline.js";
import { chooser, failure, frame, summary, type Actions } from "./verdict.js";

/** What lies before the verifier. */
interface Case {
  bytes: Uint8Array;
  from: "file" | "server";
  product: string;
}

let asked: Asked | null = null;
let now: { case: Case; verdict: Verdict } | undefined;
let wrong: string | undefined;
/** turn counts what was asked for: an answer to what came before is dropped. */
let turn = 0;

const main = one("main"), result = one("result");
const field = one<HTMLInputElement>("uri"), ageField = one<HTMLSelectElement>("age");

function claimOf(product: string): Claim {
  return { kind: "traced", product };
}

function judge(c: Case): Verdict {
  return verifier().verify(c.bytes, claimOf(c.product), { maxAgeSeconds: Number(ageField.value) }, new Date());
}

function check(c: Case): void {
  now = { case: c, verdict: judge(c) };
  wrong = undefined;
  draw(true);
}

function fail(e: unknown): void {
  if (!(e instanceof InputError)) throw e;
  now = undefined;
  wrong = e.message;
  draw(true);
}

// ---- Showing

function draw(announce: boolean): void {
  const child = wrong !== undefined ? failure(wrong) : now ? drawn(now) : null;
  result.replaceChildren(...(child ? [child] : []));
  result.hidden = child === null;
  main.classList.toggle("has-result", child !== null);
  title();
  if (!child) return;
  if (announce) {
    say(wrong !== undefined ? `${t("bad.title")}. ${wrong}` : summary(now!.verdict));
    arrive(result);
  }
  if (now) void tellMore(now, child);
}

function drawn(what: { case: Case; verdict: Verdict }): HTMLElement {
  const { case: c, verdict: v } = what;
  const mine = c.product === asked?.uri, parts = productParts(v, c.from === "server" || mine);
  if (asked && !mine) parts.lead.unshift(h("p", { class: "caution" }, t("say.product.other")));
  const a: Actions = { save: (kind) => saveAs(kind, what) };
  if (c.from === "file" || v.reasons[0]?.code === "stale") a.refresh = { full: false, product: true, do: () => void show({ uri: c.product }) };
  return frame(v, parts, a);
}

/** title names the product in the title of the page, where it is proven. */
function title(): void {
  const first = now && now.verdict.exit_code !== 2 ? now.verdict.trace?.products[0] : undefined;
  document.title = `${first ? printable(pick(first.name)) : t("product.title")} · ${t("site")}`;
}

function saveAs(kind: "bundle" | "verdict", what: { case: Case; verdict: Verdict }): void {
  const name = what.case.product.replace(/^https?:\/\/[^/]+\//, "").replace(/[^0-9A-Za-z._-]/g, "_");
  if (kind === "bundle") save(`${name}.hmb`, "application/octet-stream", what.case.bytes as Uint8Array<ArrayBuffer>);
  else save(`${name}.json`, "application/json", JSON.stringify(what.verdict, null, 2));
}

// ---- What is looked for when the verdict stands

/** tellMore adds what is not part of a proof that the node gave: the class of what is not registered, uses, names of members. */
async function tellMore(what: { case: Case; verdict: Verdict }, child: HTMLElement): Promise<void> {
  if (what.case.from === "file") { // nobody learns what was opened
    child.querySelector("[data-uses]:not([data-uses='0'])")?.append(h("p", { class: "small" }, t("down.file")));
    return;
  }
  if (what.verdict.reasons[0]?.code === "unknown-product") await tellAbove(what, child);
  const uses = child.querySelector<HTMLElement>("[data-uses]");
  if (uses && Number(uses.dataset["uses"]) > 0) await tellUses(uses);
  if (child.isConnected && (await tellNames(child))) {
    child.querySelector(".verdict-body")?.append(h("p", { class: "small told-note" }, t("members.told")));
  }
}

async function tellUses(section: HTMLElement): Promise<void> {
  try {
    const { items, total } = await fetchUses(section.dataset["of"]!);
    section.append(h("p", { class: "small" }, t("down.told")),
      h("ul", { class: "uses" }, ...items.map((u) => h("li", {}, productLink(u.product), ` ${t("t.entry", u.entry)}`))));
    if (total > items.length) section.append(h("p", { class: "small" }, t("down.more", total - items.length)));
  } catch {
    section.append(h("p", { class: "small" }, t("down.offline")));
  }
}

/** tellAbove shows the lot or class of a product that is not registered, if that is, with its own proof. */
async function tellAbove(what: { case: Case; verdict: Verdict }, child: HTMLElement): Promise<void> {
  const list = above(what.case.product === asked?.uri ? asked : { uri: what.case.product });
  if (list.length === 0) return;
  const section = h("section", { class: "part above", "aria-labelledby": "above-title" }, h("h3", { id: "above-title" }, t("above.looking")));
  child.querySelector(".say")?.after(section);
  const found: HTMLElement[] = [];
  let open = false;
  for (const uri of list) {
    try {
      const v = verifier().verify(await fetchBundle(claimOf(uri), trust.current?.facts.height ?? 0), claimOf(uri), { maxAgeSeconds: Number(ageField.value) }, new Date());
      const p = v.trace?.products[0];
      if (v.exit_code === 2) open = true;
      if (v.exit_code === 2 || !p) continue;
      const o = outcomeOf(v);
      found.push(h("li", { "data-product": uri }, h("p", {}, productLink(uri, pick(p.name)), " ", tag(o.tone === "good" ? "good" : o.tone === "bad" ? "bad" : "warn", o.headline)),
        h("p", { class: "small code" }, elements(uri))));
    } catch {
      open = true;
    }
  }
  if (!section.isConnected) return;
  if (found.length > 0) section.replaceChildren(h("h3", { id: "above-title" }, t("above.title")), h("p", { class: "small" }, t("above.lead")), h("ul", { class: "found-above" }, ...found));
  else if (open) section.remove();
  else section.replaceChildren(h("h3", { id: "above-title" }, t("above.none")));
}

// ---- Getting

/** show gets the proof of a product and verifies it. */
async function show(what: Asked): Promise<void> {
  const mine = ++turn;
  const fault = faultOf(what.uri);
  main.setAttribute("aria-busy", "true");
  one("busy").hidden = false;
  try {
    if (fault?.kind === "check") throw new InputError(t("bad.product.check", fault.value, fault.right));
    if (fault?.kind === "place") throw new InputError(t("bad.product.place"));
    const [first] = verifier().verify(new Uint8Array(), claimOf(what.uri), {}, new Date()).reasons;
    if (first?.code === "bad-claim") throw new InputError(t("bad.product.name", what.uri));
    await started;
    const bytes = await fetchBundle(claimOf(what.uri), trust.current?.facts.height ?? 0);
    if (mine === turn) check({ bytes, from: "server", product: what.uri });
  } catch (e) {
    if (mine === turn) fail(e);
  } finally {
    if (mine === turn) {
      main.removeAttribute("aria-busy");
      one("busy").hidden = true;
    }
  }
}

/** takeAddress shows what the address of the page names. */
function takeAddress(): void {
  asked = askedOf(location);
  if (!asked) return draw(false);
  field.value = elements(asked.uri) === asked.uri ? asked.uri : asked.uri.replace(/^https:\/\/id\.gs1\.org/, location.origin);
  // A Digital Link has a page of its own.
  const own = new URL(pageOf(asked.uri));
  if (!own.hash && own.pathname !== location.pathname) return location.replace(own);
  void show(asked);
}

/** open goes to the page of what was typed. */
function open(): void {
  const text = field.value.normalize("NFKC").trim();
  one("uri-error").textContent = text ? "" : t("bad.product.none");
  field.setAttribute("aria-invalid", String(!text));
  if (!text) return field.focus();
  const link = linkIn(text.replace(/\s/g, ""));
  location.assign(link ? address(link) : `${address("product")}#${encodeURIComponent(text)}`);
}

/** takeFile verifies a saved proof: of the page's product, if it has that, else of its own. */
async function takeFile(file: File): Promise<void> {
  turn++;
  main.removeAttribute("aria-busy");
  one("busy").hidden = true;
  try {
    await started;
    const input = await readFile(file);
    if (input.kind === "card") return offerCard(input.bytes);
    const all = subjects(input.bytes), list = likely(input.bytes).filter((s) => s.kind === "traced");
    if (list.length === 0 && all.length > 0) throw new InputError(t("bad.product.other"));
    const mine = all.find((s) => s.kind === "traced" && s.product === asked?.uri);
    if (!mine && list.length > 1) return choose(input.bytes, list);
    check({ bytes: input.bytes, from: "file", product: (mine ?? list[0])?.product ?? asked?.uri ?? "" });
  } catch (e) {
    fail(e);
  }
}

/** choose asks which of several products is meant. */
function choose(bytes: Uint8Array, list: Subject[]): void {
  now = wrong = undefined;
  draw(false);
  result.replaceChildren(chooser(list, (s) => check({ bytes, from: "file", product: s.product! })));
  result.hidden = false;
  say(t("choice.say"));
  arrive(result);
}

function recheck(): void {
  if (now) check(now.case);
}

/** grow lets what is shown grow old. */
function grow(): void {
  if (!now || document.hidden) return;
  const before = now.verdict, verdict = judge(now.case);
  now = { case: now.case, verdict };
  if (verdict.exit_code !== before.exit_code || verdict.reasons[0]?.code !== before.reasons[0]?.code) draw(true);
  else if (verdict.seal) result.querySelector(".asof [data-age]")?.replaceChildren(span(verdict.seal.age_seconds));
}

/** started: there is a card to verify with, if there is one at all. */
const started = start({
  files: (list) => void takeFile(list[0]!),
  text: (text) => { field.value = text; open(); },
  trusts: recheck,
  speaks: () => draw(false),
});
one("open-form").addEventListener("submit", (e) => {
  e.preventDefault();
  open();
});
ageField.addEventListener("change", recheck);
addEventListener("hashchange", takeAddress);
takeAddress();
setInterval(grow, 15_000);
