// The page that verifies: it takes a code, a file, a text or a number, and shows
// the verdict of the verifier, which works in the browser.

import { subjects, Verifier, type Claim, type Kind, type Verdict } from "../../verifier/src/index.js";
import { save } from "./bytes.js";
import { scan } from "./camera.js";
import { one } from "./dom.js";
import { InputError, readFile, readText, type Input } from "./input.js";
import { onLanguage, setLanguage, startLanguage, t, type Language } from "./language.js";
import { fetchBundle } from "./node.js";
import { showOffline, startOffline } from "./offline.js";
import { known } from "./outcome.js";
import { span, today } from "./time.js";
import { Trust, type Held } from "./trust.js";
import { trustView } from "./trust-view.js";
import { card, failure, nobody, summary, type Actions } from "./verdict.js";

/** What lies before the verifier. */
interface Case {
  bytes: Uint8Array;
  from: "code" | "file" | "server";
  /** Named by the user; else it is read from the bundle. */
  named?: { issuer?: string; number: string };
}

const trust = new Trust();
let verifier: { held: Held | null; verifier: Verifier } | undefined;
let now: { case: Case; verdict: Verdict } | undefined;
let wrong: InputError | undefined;

const main = one("main"), result = one("result"), live = one("live");
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
  const list = subjects(c.bytes);
  if (list.length === 0) return { kind: "absent", number: nobody }; // the verdict says why
  const about = list.find((s) => (s.kind === "absent") === (kind === "absent"));
  if (about?.issuer !== undefined) return { kind, issuer: about.issuer, number: about.number, ...date };
  if (about) return { kind: "absent", number: about.number };
  // The default claim is none that the user chose: the bundle decides.
  if (kind === "valid") return { kind: "absent", number: list[0]!.number };
  throw new InputError(kind === "absent" ? t("bad.subject.absent") : t("bad.subject", t("claim.absent")));
}

function judge(c: Case): Verdict {
  const held = trust.current;
  if (!verifier || verifier.held !== held) verifier = { held, verifier: new Verifier(held?.card ?? null) };
  const limits = { maxAgeSeconds: Number(ageField.value), headSuffices: c.from === "code" };
  return verifier.verifier.verify(c.bytes, claimOf(c), limits, new Date());
}

/** check verifies a case and shows the verdict. */
function check(c: Case): Verdict | undefined {
  try {
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
  held = c;
  draw(true);
}

/** held is the case that could not be checked as it is. */
let held: Case | undefined;

// ---- Showing

function draw(announce: boolean): void {
  const busy = document.activeElement;
  const child = wrong ? failure(wrong.message, again) : now ? card(now.verdict, now.case.named !== undefined, actionsOf(now)) : null;
  result.replaceChildren(...(child ? [child] : []));
  result.hidden = child === null;
  main.classList.toggle("has-result", child !== null);
  if (!child) return;
  const text = wrong ? `${t("bad.title")}. ${wrong.message}` : summary(now!.verdict);
  if (announce || !busy?.isConnected) {
    say(text);
    const headline = document.getElementById("verdict-headline");
    headline?.focus({ preventScroll: true });
    result.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }
}

/** say tells those who do not see. */
function say(text: string): void {
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = text; });
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
  const name = (shown.verdict.claim.number || "certificate").replace(/[^0-9A-Za-z._-]/g, "_");
  if (what === "bundle") save(`${name}.hmb`, "application/octet-stream", shown.case.bytes as Uint8Array<ArrayBuffer>);
  else save(`${name}.json`, "application/json", JSON.stringify(shown.verdict, null, 2));
}

/** again makes room for another code. */
function again(): void {
  now = wrong = held = undefined;
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  draw(false);
  one("scan").focus();
}

function drawTrust(): void {
  one("trust").replaceChildren(trustView(trust, new Date(), {
    pin: (bytes) => pin(bytes),
    unpin: () => { trust.unpin(); changedTrust(); say(t("card.removed")); },
    discard: () => { trust.loaded = null; drawTrust(); one("card-title").focus(); },
  }));
}

function pin(bytes: Uint8Array): void {
  trust.pin(bytes, new Date());
  changedTrust();
  say(t("card.done"));
  one("card-title").focus();
}

/** offerCard shows a card that the user opened: its fingerprint is to be compared first. */
function offerCard(bytes: Uint8Array): void {
  trust.open(bytes);
  drawTrust();
  say(t("card.warn.loaded"));
  one("card-title").focus();
  one("card-title").scrollIntoView({ block: "start" });
}

/** changedTrust verifies anew what is shown. */
function changedTrust(): void {
  drawTrust();
  recheck();
}

function recheck(): void {
  const c = held ?? now?.case;
  if (c) check(c);
}

// ---- Getting

async function fetchAndCheck(named: { issuer?: string; number: string }, kind: Kind): Promise<Verdict | undefined> {
  main.setAttribute("aria-busy", "true");
  say(t("lookup.busy"));
  try {
    if (kind === "on-date" && !dateField.value) throw new InputError(t("bad.date"));
    const from = trust.current?.facts.height ?? 0;
    const absent = kind === "absent" || named.issuer === undefined;
    const claim: Claim = absent ? { kind: "absent", number: named.number }
      : { kind, issuer: named.issuer!, number: named.number, ...(kind === "on-date" ? { date: dateField.value } : {}) };
    const bytes = await fetchBundle(claim, from);
    return check({ bytes, from: "server", named });
  } catch (e) {
    fail(e);
    return undefined;
  } finally {
    main.removeAttribute("aria-busy");
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

async function take(input: Input): Promise<void> {
  await started;
  if (input.kind === "card") return offerCard(input.bytes);
  check({ bytes: input.bytes, from: input.code ? "code" : "file" });
}

/** attempt does something with what a user gave, and shows what is wrong with it. */
async function attempt(f: () => Promise<void>): Promise<void> {
  try {
    await f();
  } catch (e) {
    fail(e);
  }
}

function takeFragment(): void {
  if (location.hash.length > 1) void attempt(async () => take(readText(location.hash)));
}

function takeFile(file: File | undefined | null): void {
  if (file) void attempt(async () => take(await readFile(file)));
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
  for (const b of document.querySelectorAll<HTMLButtonElement>("[data-language]")) {
    b.addEventListener("click", () => setLanguage(b.dataset["language"] as Language));
  }
  one("scan").addEventListener("click", () => void attempt(useCamera));
  one("camera-close").addEventListener("click", () => one<HTMLDialogElement>("camera").close());
  for (const [button, field] of [["choose", "file"], ["card-load", "card-file"]] as const) {
    const input = one<HTMLInputElement>(field);
    one(button).addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      takeFile(input.files?.[0]);
      input.value = "";
    });
  }
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
  addEventListener("dragover", (e) => { e.preventDefault(); document.body.classList.add("dropping"); });
  addEventListener("dragleave", (e) => { if (!e.relatedTarget) document.body.classList.remove("dropping"); });
  addEventListener("drop", (e) => {
    e.preventDefault();
    document.body.classList.remove("dropping");
    const text = e.dataTransfer?.getData("text/plain");
    if (e.dataTransfer?.files.length) takeFile(e.dataTransfer.files[0]);
    else if (text) void attempt(async () => take(readText(text)));
  });
  addEventListener("paste", (e) => {
    const file = e.clipboardData?.files[0];
    if (file) takeFile(file);
  });
  onLanguage(() => { showOptions(); showOffline(); drawTrust(); draw(false); });
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

startLanguage();
dateField.max = dateField.value = today(new Date());
showOptions();
listen();
drawTrust();
/** started: there is a card to verify with, if there is one at all. */
const started: Promise<void> = trust.pinned ? Promise.resolve() : trust.load().then(drawTrust);
if (trust.pinned) void trust.load().then(drawTrust);
takeFragment();
setInterval(grow, 15_000);
void startOffline();
