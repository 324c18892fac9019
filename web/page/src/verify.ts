// The page that verifies: it takes a code, a file, a text or a number, and shows
// the verdict of the verifier, which works in the browser.

import { likely, subjects, type Claim, type Kind, type Subject, type Verdict } from "../../verifier/src/index.js";
import { save } from "./bytes.js";
import { scan } from "./camera.js";
import { pageOf } from "./digital-link.js";
import { one } from "./dom.js";
import { digestOf, evidenceParts, type Given } from "./evidence-view.js";
import { InputError, readFile, readText, type Input } from "./input.js";
import { t } from "./language.js";
import { fetchBundle } from "./node.js";
import { known } from "./outcome.js";
import { productParts } from "./product-view.js";
import { arrive, offerCard, say, start, trust, verifier } from "./shell.js";
import { span, today } from "./time.js";
import { card, chooser, failure, frame, nobody, summary, type Actions } from "./verdict.js";

/** What lies before the verifier. */
interface Case {
  bytes: Uint8Array;
  from: "code" | "file" | "server";
  /** Named by the user; else it is read from the bundle. */
  named?: { issuer?: string; number: string };
  /** What it is about, where the user had to say. */
  about?: Subject;
  /** A file that the user gave beside a proof of evidence. */
  given?: Given;
}

let now: { case: Case; verdict: Verdict } | undefined;
let wrong: InputError | undefined;
/** choice is between several things that a bundle is about. */
let choice: { case: Case; list: Subject[] } | undefined;

const main = one("main"), result = one("result");
const claimField = one<HTMLSelectElement>("claim"), dateField = one<HTMLInputElement>("date"), ageField = one<HTMLSelectElement>("age");
const numberField = one<HTMLInputElement>("number"), issuerField = one<HTMLInputElement>("issuer");

// ---- Checking

/** claimOf is what is to be verified of a case. It throws an InputError. */
function claimOf(c: Case): Claim {
  const kind = claimField.value as Kind;
  if (kind === "on-date" && !dateField.value) throw new InputError(t("bad.date"));
  const date = kind === "on-date" ? { date: dateField.value } : {};
  if (c.named) {
    if (kind === "absent" || c.named.issuer === undefined) return { kind: "absent", number: c.named.number };
    return { kind, issuer: c.named.issuer, number: c.named.number, ...date };
  }
  const list = c.about ? [c.about] : subjects(c.bytes);
  const [first] = list;
  if (first?.kind === "traced") return { kind: "traced", product: first.product! };
  if (first?.kind === "anchored") return { kind: "anchored", anchor: first.anchor!, ...(c.given ? { content: c.given.content } : {}) };
  if (list.length === 0) return { kind: "absent", number: nobody }; // the verdict says why
  const about = list.find((s) => (s.kind === "absent") === (kind === "absent"));
  if (about?.issuer !== undefined) return { kind, issuer: about.issuer, number: about.number!, ...date };
  if (about) return { kind: "absent", number: about.number! };
  // The default claim is none that the user chose: the bundle decides.
  if (kind === "valid") return { kind: "absent", number: list[0]!.number! };
  throw new InputError(kind === "absent" ? t("bad.subject.absent") : t("bad.subject", t("claim.absent")));
}

function judge(c: Case): Verdict {
  const limits = { maxAgeSeconds: Number(ageField.value), headSuffices: c.from === "code" };
  return verifier().verify(c.bytes, claimOf(c), limits, new Date());
}

/** check verifies a case and shows the verdict. */
function check(c: Case): Verdict | undefined {
  choice = undefined;
  try {
    const several = c.named || c.about ? [] : likely(c.bytes);
    if (several.length > 1) {
      now = wrong = held = undefined;
      choice = { case: c, list: several };
      draw(true);
      return undefined;
    }
    const verdict = judge(c);
    now = { case: c, verdict };
    wrong = undefined;
    draw(true);
    return verdict;
  } catch (e) {
    fail(e, c);
    return undefined;
  }
}

/** fail shows what is wrong with the input. c is kept, so that another claim can be tried. */
function fail(e: unknown, c?: Case): void {
  if (!(e instanceof InputError)) throw e;
  wrong = e;
  now = c && now?.case === c ? now : undefined;
  choice = undefined;
  held = c;
  draw(true);
}

/** held is the case that could not be checked as it is. */
let held: Case | undefined;

/** turn counts what the user asked for: what arrives for an earlier turn is dropped. */
let turn = 0;

// ---- Showing

function draw(announce: boolean): void {
  const busy = document.activeElement;
  const child = wrong ? failure(wrong.message, again) : now ? shown(now) : choice ? choosing(choice) : null;
  result.replaceChildren(...(child ? [child] : []));
  result.hidden = child === null;
  main.classList.toggle("has-result", child !== null);
  if (!child) return;
  const text = wrong ? `${t("bad.title")}. ${wrong.message}` : now ? summary(now.verdict) : t("choice.say");
  if (announce || !busy?.isConnected) {
    say(text);
    arrive(result);
  }
}

function choosing({ case: c, list }: { case: Case; list: Subject[] }): HTMLElement {
  return chooser(list, (about) => check({ ...c, about }));
}

/** shown draws the card of a certificate, a product or evidence. */
function shown(what: { case: Case; verdict: Verdict }): HTMLElement {
  const { case: c, verdict: v } = what, actions = actionsOf(what);
  if (v.claim.product) return frame(v, productParts(v, false), actions);
  if (v.claim.anchor) return frame(v, evidenceParts(v, c.given, (file) => void attempt(() => compare(c, file))), actions);
  return card(v, c.named !== undefined, actions);
}

/** compare computes the digest of a file, and verifies whether it is part of the evidence. */
async function compare(c: Case, file: File): Promise<void> {
  const mine = ++turn;
  main.setAttribute("aria-busy", "true");
  try {
    const given = await digestOf(file, (percent) => { if (mine === turn) say(t("ev.reading", percent)); });
    if (mine === turn) check({ ...c, given });
  } finally {
    if (mine === turn) main.removeAttribute("aria-busy");
  }
}

function actionsOf(shown: { case: Case; verdict: Verdict }): Actions {
  const v = shown.verdict, { issuer, number } = v.claim;
  const codes = new Set([...v.reasons, ...(v.unproven ?? [])].map((r) => r.code));
  const more = codes.has("unproven") || codes.has("body-unproven") || codes.has("details-unproven");
  const useful = v.exit_code === 2 || (more && shown.case.from === "code");
  const a: Actions = { again, save: (what) => saveAs(what, shown) };
  if (number && number !== nobody && useful && trust.current && !(shown.case.from === "server" && !codes.has("stale"))) {
    a.refresh = { full: v.exit_code !== 2 || codes.has("unproven"), do: () => void fetchAndCheck({ ...(issuer ? { issuer } : {}), number }, v.claim.kind) };
  }
  if (v.claim.product && trust.current) {
    const page = pageOf(v.claim.product);
    a.refresh = { full: false, product: true, do: () => location.assign(page) };
  }
  if (v.claim.kind === "absent" && number && number !== nobody) {
    a.see = (chosen) => {
      if (claimField.value === "absent") claimField.value = "valid";
      showOptions();
      void fetchAndCheck({ issuer: chosen, number }, claimField.value as Kind);
    };
  }
  return a;
}

function saveAs(what: "bundle" | "verdict", shown: { case: Case; verdict: Verdict }): void {
  const name = (shown.verdict.claim.number || shown.verdict.claim.product?.replace(/^https?:\/\/[^/]+\//, "") || shown.verdict.claim.anchor?.slice(0, 16) || "certificate").replace(/[^0-9A-Za-z._-]/g, "_");
  if (what === "bundle") save(`${name}.hmb`, "application/octet-stream", shown.case.bytes as Uint8Array<ArrayBuffer>);
  else save(`${name}.json`, "application/json", JSON.stringify(shown.verdict, null, 2));
}

/** again makes room for another code. */
function again(): void {
  turn++;
  main.removeAttribute("aria-busy");
  now = wrong = held = choice = undefined;
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  draw(false);
  one("scan").focus();
}

function recheck(): void {
  const c = held ?? now?.case;
  if (c) check(c);
}

// ---- Getting

async function fetchAndCheck(named: { issuer?: string; number: string }, kind: Kind): Promise<Verdict | undefined> {
  const mine = ++turn;
  main.setAttribute("aria-busy", "true");
  say(t("lookup.busy"));
  try {
    if (kind === "on-date" && !dateField.value) throw new InputError(t("bad.date"));
    const from = trust.current?.facts.height ?? 0;
    const absent = kind === "absent" || named.issuer === undefined;
    const claim: Claim = absent ? { kind: "absent", number: named.number }
      : { kind, issuer: named.issuer!, number: named.number, ...(kind === "on-date" ? { date: dateField.value } : {}) };
    const bytes = await fetchBundle(claim, from);
    return mine === turn ? check({ bytes, from: "server", named }) : undefined;
  } catch (e) {
    if (mine === turn) fail(e);
    return undefined;
  } finally {
    if (mine === turn) main.removeAttribute("aria-busy");
  }
}

/** lookup finds out who has issued a number, and checks that certificate. */
async function lookup(): Promise<void> {
  const number = normal(numberField.value), issuer = normal(issuerField.value);
  const good = /^[0-9A-Z/_.()-]{1,60}$/.test(number) && /^[0-9A-Z-]{0,24}$/.test(issuer);
  numberField.setAttribute("aria-invalid", String(!good));
  one("number-error").textContent = good ? "" : t("bad.number");
  if (!good) return numberField.focus();
  numberField.value = number;
  issuerField.value = issuer;
  const kind = claimField.value as Kind;
  if (issuer || kind === "absent") return void fetchAndCheck({ ...(issuer ? { issuer } : {}), number }, kind);
  const v = await fetchAndCheck({ number }, "absent");
  const [only, ...others] = v?.exit_code === 1 ? (v.issuers ?? []) : [];
  if (only && others.length === 0) await fetchAndCheck({ issuer: only, number }, kind);
}

/** normal writes what was typed as numbers are: half-width capitals without spaces. */
function normal(s: string): string {
  return s.normalize("NFKC").replace(/\s/g, "").toUpperCase();
}

/** take checks what a user gave, or offers a card. It returns what lies before the verifier now. */
async function take(input: Input): Promise<Case | undefined> {
  await started;
  if (input.kind === "card") {
    offerCard(input.bytes);
    return undefined;
  }
  turn++;
  main.removeAttribute("aria-busy");
  const c: Case = { bytes: input.bytes, from: input.code ? "code" : "file" };
  check(c);
  return c;
}

/** attempt does something with what a user gave, and shows what is wrong with it. */
async function attempt(f: () => Promise<unknown>): Promise<void> {
  try {
    await f();
  } catch (e) {
    fail(e);
  }
}

function takeFragment(): void {
  if (location.hash.length > 1) void attempt(async () => take(readText(location.hash)));
}

/** takeFiles takes a proof, a card or an image; what lies beside a proof of evidence is the evidence. */
function takeFiles(files: File[]): void {
  void attempt(async () => {
    const waiting = now?.case;
    if (waiting && now?.verdict.claim.anchor && files.length === 1 && !(await isProof(files[0]!))) return compare(waiting, files[0]!);
    const proofs: File[] = [], others: File[] = [];
    for (const f of files) (await isProof(f) ? proofs : others).push(f);
    const c = await take(await readFile((proofs[0] ?? others[0])!));
    if (c && proofs.length === 1 && others.length === 1 && now?.verdict.claim.anchor) await compare(c, others[0]!);
  });
}

/** isProof reports whether a file is a bundle or a card by what is in it. */
async function isProof(file: File): Promise<boolean> {
  try {
    const input = file.type.startsWith("image/") ? undefined : await readFile(file);
    return input?.kind === "card" || (input !== undefined && !input.code && subjects(input.bytes).length > 0);
  } catch {
    return false;
  }
}

async function useCamera(): Promise<void> {
  let input: Input | undefined;
  const got = await scan((text) => {
    try {
      input = readText(text);
      return true;
    } catch {
      one("camera-hint").textContent = t("bad.text");
      return false;
    }
  });
  if (got !== null && input) await take(input);
  else one("scan").focus();
}

// ---- The page

function showOptions(): void {
  one("date-row").hidden = claimField.value !== "on-date";
  const parts = [t(known(`claim.${claimField.value}`) ?? "claim.valid")];
  if (claimField.value === "on-date") parts.push(dateField.value);
  else parts.push(t("options.age") + " " + t(known(`age.${ageField.value}`) ?? "age.86400"));
  one("options-now").textContent = parts.filter(Boolean).join(" · ");
}

/** changedClaim checks what is shown for another claim; a proof from the server is fetched anew. */
function changedClaim(): void {
  showOptions();
  if (claimField.value === "on-date" && !dateField.value) return dateField.focus();
  const c = held ?? now?.case;
  if (c?.from === "server" && c.named) void fetchAndCheck(c.named, claimField.value as Kind);
  else recheck();
}

function listen(): void {
  one("scan").addEventListener("click", () => void attempt(useCamera));
  one("camera-close").addEventListener("click", () => one<HTMLDialogElement>("camera").close());
  one("paste-form").addEventListener("submit", (e) => {
    e.preventDefault();
    void attempt(async () => take(readText(one<HTMLTextAreaElement>("paste").value)));
  });
  one("lookup-form").addEventListener("submit", (e) => {
    e.preventDefault();
    void attempt(lookup);
  });
  claimField.addEventListener("change", changedClaim);
  dateField.addEventListener("change", changedClaim);
  ageField.addEventListener("change", () => { showOptions(); recheck(); });
  addEventListener("hashchange", takeFragment);
}

/** grow lets what is shown grow old: the age is counted on, and a verdict that it changes is shown. */
function grow(): void {
  if (!now || wrong || document.hidden) return;
  const before = now.verdict;
  try {
    const verdict = judge(now.case);
    now = { case: now.case, verdict };
    if (verdict.exit_code !== before.exit_code || verdict.reasons[0]?.code !== before.reasons[0]?.code) draw(true);
    else if (verdict.seal) result.querySelector(".asof [data-age]")?.replaceChildren(span(verdict.seal.age_seconds));
  } catch (e) {
    if (!(e instanceof InputError)) throw e; // the form says something else by now
  }
}

/** started: there is a card to verify with, if there is one at all. */
const started = start({
  files: takeFiles,
  text: (text) => void attempt(async () => take(readText(text))),
  trusts: recheck,
  speaks: () => { showOptions(); draw(false); },
});
dateField.max = dateField.value = today(new Date());
showOptions();
listen();
takeFragment();
setInterval(grow, 15_000);
