// What must be so. Each check opens the page anew, with nothing kept from before.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assert, equal, launch, outcome, watched } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** visit opens the page and does f with it; in the end nothing forbidden has happened. */
export async function visit(s, browser, options, f) {
  const { context, watch } = await watched(browser, s.base, options);
  try {
    const page = await context.newPage();
    await f(page, watch, context);
    equal(watch.wrong, [], "on the page:");
  } finally {
    await context.close();
  }
}

const open = (s, name, path = "/V") => `${s.base}${path}#${s.codes[name]}`;

/** shot keeps a picture of the page. */
export const shot = (s, page, name) => page.screenshot({ path: join(s.shots, `${name}.png`), fullPage: true });

/** sameAsGo holds the verdict that the page would save against that of the Go program. */
export async function sameAsGo(s, page, name) {
  await page.locator("details.part > summary").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /\.json/ }).click()]);
  const got = JSON.parse(readFileSync(await download.path(), "utf8")), want = structuredClone(s.verdicts[name]);
  for (const v of [got, want]) { // what depends on the instant, to the second
    delete v.verified_at;
    if (v.certificate) delete v.certificate.at;
    if (v.seal) delete v.seal.age_seconds;
    v.unproven ??= [];
    v.notes ??= [];
    for (const r of [...v.reasons, ...v.unproven, ...v.notes]) if (v.outcome === "not-established") delete r.detail; // in words of the program's own
    v.card.signers ??= [];
    if (v.reasons[0].code === "bad-bundle") delete v.claim; // it names no certificate
  }
  equal(sorted(got), sorted(want), "the verdict:");
}

function sorted(v) {
  if (Array.isArray(v)) return v.map(sorted);
  if (v && typeof v === "object") return Object.fromEntries(Object.keys(v).sort().map((k) => [k, sorted(v[k])]));
  return v;
}

/** code makes a check of a code that is opened as a phone's camera opens it. */
function code(name, want, headline) {
  return (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(open(s, name));
    const got = await outcome(page);
    equal([got.outcome, got.code, got.tone], want);
    assert(got.headline === headline, `headline ${got.headline}`);
    equal(await page.evaluate(() => document.activeElement?.id), "verdict-headline", "focus on");
    await page.waitForFunction((told) => document.getElementById("live").textContent.includes(told), headline);
    await shot(s, page, `code-${name}`);
    await sameAsGo(s, page, name);
  });
}

function file(name, want, more = async () => {}) {
  return (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await page.setInputFiles("#file", s.files[name]);
    const got = await outcome(page);
    equal([got.outcome, got.code], want, name);
    await more(s, page, got);
  });
}

async function look(s, page, number, issuer = "") {
  await page.fill("#number", number);
  await page.fill("#issuer", issuer);
  await page.getByRole("button", { name: "查询并核验" }).click();
  await page.waitForFunction(() => !document.getElementById("main").hasAttribute("aria-busy") && document.querySelector("#result article"));
}

const choose = async (page, claim, date) => {
  if (!(await page.locator("details.options").evaluate((e) => e.open))) await page.locator("details.options > summary").click();
  if (date) { // the field shows with the claim
    await page.locator("#date").evaluate((e, d) => { e.value = d; }, date);
  }
  await page.selectOption("#claim", claim);
};

/** pin loads a card, and says that its fingerprint was compared. */
export async function pin(s, page, name) {
  await page.setInputFiles("#card-file", s.files[name]);
  await page.locator('[data-card="loaded"]').waitFor();
  await page.getByRole("button", { name: "指纹已比对：固定此卡" }).click();
  await page.locator('[data-card="pinned"]').waitFor();
}

/** faults are what axe finds, of WCAG 2.2 A and AA. */
export async function faults(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  assert(result.passes.length > 15, `axe looked at ${result.passes.length} things`);
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120) + " " + n.failureSummary).join("; ")}`);
}

export const checks = {
  // Codes, as a camera opens them.
  "code/authentic": code("authentic", ["holds", "valid", "good"], "证书有效"),
  "code/suspended": code("suspended", ["does-not-hold", "not-valid", "warn"], "证书已暂停"),
  "code/revoked": code("revoked", ["does-not-hold", "not-valid", "bad"], "证书已撤销"),
  "code/expired": code("expired", ["does-not-hold", "not-valid", "bad"], "证书已过期失效"),
  "code/forged: an altered record": code("altered", ["not-established", "bad-proof", "unknown"], "无法证实"),
  "code/forged: sealed by the forger": code("self-sealed", ["not-established", "bad-seal", "unknown"], "无法证实"),
  "code/forged: something added": code("padded", ["not-established", "bad-bundle", "unknown"], "无法证实"),

  "code/damaged: cut off, a character changed, rubbish": (s, browser) => visit(s, browser, {}, async (page) => {
    const good = s.codes.authentic;
    for (const bad of [good.slice(0, -30), (good[0] === "A" ? "B" : "A") + good.slice(1), "HELLO", "%E5%8D%B0"]) {
      await page.goto("about:blank");
      await page.goto(`${s.base}/V#${bad}`);
      const got = await outcome(page);
      equal(got.outcome, "input", bad.slice(0, 20));
      assert(got.text.includes("这不是完整的二维码内容"), got.text);
    }
  }),

  "code/another one in the same page": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(open(s, "authentic"));
    await outcome(page);
    await page.evaluate((text) => { location.hash = text; }, s.codes.revoked);
    await page.locator('[data-code="not-valid"]').waitFor();
  }),

  // Files, images, texts, the camera.
  "file/authentic": file("authentic.hmb", ["holds", "valid"], async (s, page, got) => {
    for (const want of ["示例企业 000001", "示例认证有限公司", s.numbers.authentic, "GB/T 19001-2016", s.fingerprint ?? s.Fingerprint]) {
      assert(got.text.includes(want), `${want} is not shown`);
    }
    await sameAsGo(s, page, "authentic.hmb");
    await shot(s, page, "file-authentic");
  }),
  "file/with HTML in a text": file("revoked.hmb", ["does-not-hold", "not-valid"], async (s, page, got) => {
    assert(got.text.includes(s.html), "the text is not shown as it is");
    equal(await page.locator("#result img, #result b").count(), 0, "elements made of a text");
  }),
  "file/expired": file("expired.hmb", ["does-not-hold", "not-valid"], (s, page) => sameAsGo(s, page, "expired.hmb")),
  "file/unknown number": file("unknown.hmb", ["holds", "number-unknown"], async (s, page, got) => {
    equal([got.tone, got.headline], ["bad", "编号从未签发"]);
    await sameAsGo(s, page, "unknown.hmb");
  }),
  "file/image of a code": file("code.png", ["holds", "valid"]),
  "file/photograph of a code": file("code.jpg", ["holds", "valid"]),
  "file/text": file("text.txt", ["holds", "valid"]),
  "file/image without a code": file("no-code.png", ["input", ""].map((v) => v || null), async (s, page, got) => assert(got.text.includes("没有可识别的二维码"), got.text)),
  "file/rubbish": file("rubbish.hmb", ["input", null], async (s, page, got) => assert(got.text.includes("既不是证明文件"), got.text)),

  "drop": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    const bytes = [...readFileSync(s.files["revoked.hmb"])];
    await page.evaluate((bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], "revoked.hmb"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, bytes);
    equal((await outcome(page)).code, "not-valid");
  }),

  "paste": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await page.fill("#paste", `  HTTPS://OTHER.EXAMPLE/V#${s.codes.suspended}\n`);
    await page.getByRole("button", { name: "核验文字" }).click();
    equal((await outcome(page)).code, "not-valid");
  }),

  "camera": (s, browser) => visit(s, browser, { permissions: ["camera"] }, async (page) => {
    await page.goto(`${s.base}/verify`);
    await page.click("#scan");
    await page.locator("#result article").waitFor({ timeout: 60_000 });
    equal((await outcome(page)).code, "valid");
    assert(await page.evaluate(() => !document.getElementById("camera").open), "the dialog is open still");
    assert(await page.evaluate(() => document.getElementById("camera-video").srcObject === null), "the camera is on still");
  }),

  "camera refused": async (s, browser) => {
    const refusing = await launch(s.chromium, ["--use-fake-device-for-media-stream", "--deny-permission-prompts"]);
    try {
      await visit(s, refusing, {}, async (page) => {
        await page.goto(`${s.base}/verify`);
        await page.click("#scan");
        const got = await outcome(page);
        equal(got.outcome, "input");
        assert(got.text.includes("未获准使用摄像头"), got.text);
      });
    } finally {
      await refusing.close();
    }
  },

  "no camera": async (s, browser) => {
    const without = await launch(s.chromium);
    try {
      await visit(s, without, { permissions: ["camera"] }, async (page) => {
        await page.goto(`${s.base}/verify`);
        await page.click("#scan");
        assert((await outcome(page)).text.includes("没有可用的摄像头"), "it is not said that there is no camera");
      });
    } finally {
      await without.close();
    }
  },

  // Numbers.
  "number/authentic": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await look(s, page, ` ${s.numbers.authentic.toLowerCase()} `);
    const got = await outcome(page);
    equal([got.outcome, got.code, got.tone], ["holds", "valid", "good"]);
    assert(got.text.includes("编号由您输入"), got.text);
  }),
  "number/with a slash, full width, expired": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await look(s, page, s.numbers.expired.replace("/", "／"));
    equal((await outcome(page)).headline, "证书已过期失效");
  }),
  "number/unknown": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await look(s, page, s.numbers.unknown);
    const got = await outcome(page);
    equal([got.outcome, got.code, got.tone, got.headline], ["holds", "number-unknown", "bad", "编号从未签发"]);
    await shot(s, page, "number-unknown");
  }),
  "number/an answer that comes late": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    let release, late;
    const held = new Promise((go) => { release = go; });
    await page.route((url) => url.pathname.startsWith("/v1/bundles/") && decodeURIComponent(url.pathname).endsWith(s.numbers.authentic), async (route) => {
      late = held.then(() => route.continue());
      await late;
    });
    await page.fill("#number", s.numbers.authentic);
    await page.fill("#issuer", s.issuer);
    await page.getByRole("button", { name: "查询并核验" }).click();
    await look(s, page, s.numbers.revoked, s.issuer);
    const got = await outcome(page);
    equal([got.outcome, got.code], ["does-not-hold", "not-valid"]);
    const answered = page.waitForResponse((r) => decodeURIComponent(new URL(r.url()).pathname).endsWith(s.numbers.authentic));
    release();
    await (await answered).finished();
    await page.waitForTimeout(300);
    equal((await outcome(page)).code, "not-valid", "after the late answer:");
  }),
  "number/unknown at a body": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await look(s, page, s.numbers.unknown, s.issuer);
    equal((await outcome(page)).code, "unknown-certificate");
  }),
  "number/none": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await page.fill("#number", "é?");
    await page.keyboard.press("Enter");
    assert((await page.locator("#number-error").innerText()).includes("请按证书上的写法"), "no error at the field");
    equal(await page.evaluate(() => [document.activeElement?.id, document.getElementById("number").getAttribute("aria-invalid")]), ["number", "true"]);
  }),
  "number/issued by": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await choose(page, "absent");
    await look(s, page, s.numbers.authentic);
    const got = await outcome(page);
    equal([got.outcome, got.code, got.tone], ["does-not-hold", "number-issued", "info"]);
    await page.getByRole("button", { name: "核验此证书" }).click();
    await page.locator('[data-code="valid"]').waitFor();
  }),

  // Other claims.
  "claim/on a date": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await choose(page, "on-date", s.valid_on);
    await look(s, page, s.numbers.expired);
    let got = await outcome(page);
    equal([got.outcome, got.code, got.headline], ["holds", "valid", `${s.valid_on} 当日有效`]);
    await shot(s, page, "on-date");
    await page.locator("#date").evaluate((e) => { e.value = "2016-01-01"; e.dispatchEvent(new Event("change")); });
    await page.locator('[data-code="before-first-record"]').waitFor();
  }),
  "claim/issuer approved": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await choose(page, "approved");
    await look(s, page, s.numbers.authentic, s.issuer);
    equal((await outcome(page)).code, "issuer-approved");
  }),
  "claim/history": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await look(s, page, s.numbers.suspended);
    equal((await outcome(page)).code, "not-valid");
    await choose(page, "history");
    await page.locator('[data-code="complete-history"]').waitFor();
    equal(await page.locator(".timeline li").count(), 2, "records");
    await shot(s, page, "history");
  }),
  "claim/a code has too little for it, the node has more": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(open(s, "authentic"));
    await outcome(page);
    await choose(page, "approved");
    await page.locator('[data-code="unproven"]').waitFor();
    await page.getByRole("button", { name: "向本服务器获取完整证明" }).click();
    await page.locator('[data-code="issuer-approved"]').waitFor();
  }),

  // Age.
  "stale": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.clock.setFixedTime(new Date(Date.now() + 25 * 3600_000));
    await page.goto(open(s, "authentic"));
    let got = await outcome(page);
    equal([got.outcome, got.code, got.tone, got.headline], ["not-established", "stale", "unknown", "无法证实"]);
    assert(got.text.includes("1 天 1 小时"), "the age is not shown");
    await shot(s, page, "stale");
    await page.locator("details.options > summary").click();
    await page.selectOption("#age", "604800");
    await page.locator('[data-code="valid"]').waitFor();
  }),
  "stale while it lies open": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.clock.install();
    await page.goto(open(s, "authentic"));
    equal((await outcome(page)).code, "valid");
    await page.clock.fastForward("25:00:00");
    await page.locator('[data-code="stale"]').waitFor();
  }),
  "newest proof": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(open(s, "authentic"));
    const before = await outcome(page);
    assert(before.text.includes("发证机构是否被叫停"), "what a code leaves open is not said");
    await page.getByRole("button", { name: "向本服务器获取完整证明" }).click();
    await page.waitForFunction(() => document.querySelector("#result")?.innerText.includes("示例企业 000001"));
    const after = await outcome(page);
    equal(after.code, "valid");
    assert(after.text.includes("声明所需事项均已证实"), after.text);
  }),

  // Trust cards.
  "card/of the server": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await page.locator('[data-card="served"]').waitFor();
    equal(await page.locator("[data-fingerprint]").getAttribute("data-fingerprint"), s.Fingerprint);
    assert((await page.locator("#trust").innerText()).includes("使用它即信任该服务器"), "it is not said what the card trusts");
  }),
  "card/of the user comes first, and is kept": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await pin(s, page, "other.hmcard");
    await page.reload();
    await page.locator('[data-card="pinned"]').waitFor();
    equal(await page.locator("[data-fingerprint]").getAttribute("data-fingerprint"), s.Other);
    await page.getByText("服务器提供的是另一张信任卡").waitFor();
    await page.setInputFiles("#file", s.files["authentic.hmb"]);
    const got = await outcome(page);
    equal(got.code, "valid");
    assert(got.text.includes(s.Other), "the verdict names another card");
    await shot(s, page, "card-pinned");
    await page.getByRole("button", { name: "移除已固定的卡" }).click();
    await page.locator('[data-card="served"]').waitFor();
    assert((await outcome(page)).text.includes(s.Fingerprint), "the verdict was not made anew");
  }),
  "card/loaded and not pinned is not used": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(open(s, "authentic"));
    await outcome(page);
    await page.setInputFiles("#file", s.files["ended.hmcard"]);
    await page.locator('[data-card="loaded"]').waitFor();
    assert((await outcome(page)).text.includes(s.Fingerprint), "it is used");
    await page.getByRole("button", { name: "放弃此卡" }).click();
    await page.locator('[data-card="served"]').waitFor();
    equal(await page.evaluate(() => localStorage.length), 0);
  }),
  "card/compared and pinned": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await page.getByRole("button", { name: "指纹已比对：固定此卡" }).click();
    await page.locator('[data-card="pinned"]').waitFor();
    equal(await page.locator("[data-fingerprint]").getAttribute("data-fingerprint"), s.Fingerprint);
  }),
  "card/ended": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(open(s, "authentic"));
    await outcome(page);
    await pin(s, page, "ended.hmcard");
    await page.locator('[data-code="card-ended"]').waitFor();
    assert((await page.locator("#trust").innerText()).includes("此信任卡已过期"), "it is not said of the card");
  }),
  "card/spoilt": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await page.setInputFiles("#card-file", s.files["spoilt.hmcard"]);
    assert((await outcome(page)).text.includes("这不是信任卡"), "it was taken");
    await page.locator('[data-card="served"]').waitFor();
  }),
  "card/none": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.route("**/v1/card", (r) => r.fulfill({ status: 404, contentType: "application/problem+json", body: "{}" }));
    await page.goto(open(s, "authentic"));
    equal((await outcome(page)).code, "no-card");
    await pin(s, page, "trust.hmcard");
    await page.locator('[data-code="valid"]').waitFor();
  }),

  // Without a network.
  "offline/verifying asks nobody": (s, browser) => visit(s, browser, {}, async (page, watch) => {
    await page.goto(`${s.base}/verify`);
    await page.locator('[data-card="served"]').waitFor();
    await page.waitForTimeout(1500); // the worker keeps the files
    const before = watch.requests.length;
    await page.evaluate((text) => { location.hash = text; }, s.codes.authentic);
    equal((await outcome(page)).code, "valid");
    await page.setInputFiles("#file", s.files["revoked.hmb"]);
    await page.locator('[data-code="not-valid"]').waitFor();
    equal(watch.requests.slice(before), [], "requests");
  }),
  "offline/network off after the page was loaded": (s, browser) => visit(s, browser, { serviceWorkers: "block" }, async (page, watch, context) => {
    await page.goto(`${s.base}/verify`);
    await page.locator('[data-card="served"]').waitFor();
    await cut(s, context, async () => {
      await page.evaluate((text) => { location.hash = text; }, s.codes.suspended);
      equal((await outcome(page)).code, "not-valid");
      await page.setInputFiles("#file", s.files["authentic.hmb"]);
      await page.locator('[data-code="valid"]').waitFor();
      await look(s, page, s.numbers.authentic);
      assert((await outcome(page)).text.includes("无法连接服务器"), "it is not said that there is no network");
    });
  }),
  "offline/opened without a network": (s, browser) => visit(s, browser, {}, async (page, watch, context) => {
    await page.goto(`${s.base}/verify`);
    await page.getByText("可离线使用").waitFor();
    await page.close();
    await cut(s, context, async () => {
      for (const path of ["/V", "/verify"]) {
        const again = await context.newPage();
        await again.goto(open(s, "revoked", path));
        equal([(await outcome(again)).headline, await again.locator("#offline").innerText()], ["证书已撤销", "当前无网络：已有的证明仍可核验"], path);
        await again.setInputFiles("#file", s.files["code.png"]); // jsQR too is kept
        await again.locator('[data-code="valid"]').waitFor();
        await again.close();
      }
    });
  }),

  // For everybody.
  "keyboard alone": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await page.locator('[data-card="served"]').waitFor();
    const seen = [];
    const tab = async (id, most = 30) => {
      for (let i = 0; i < most; i++) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(() => {
          const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
          return { id: e.id || e.className || e.tagName, visible: box.width > 0 && box.height > 0, ring: style.outlineStyle !== "none" };
        });
        seen.push(at.id);
        assert(at.visible && at.ring, `${at.id} has the focus and does not show it`);
        if (at.id === id) return;
      }
      throw new Error(`${id} is not reached by the keyboard: ${seen.join(" ")}`);
    };
    await tab("skip");
    await tab("scan");
    await tab("choose");
    await tab("paste");
    await page.keyboard.insertText(s.codes.suspended);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    equal((await outcome(page)).code, "not-valid");
    equal(await page.evaluate(() => document.activeElement?.id), "verdict-headline", "focus on");
    await tab("number");
    await page.keyboard.insertText(s.numbers.revoked);
    await page.keyboard.press("Enter");
    await page.getByText("证书已撤销").first().waitFor();
    await tab("SUMMARY");
    await page.keyboard.press("Enter");
    assert(await page.locator("#result details").evaluate((e) => e.open), "the details do not open");
    await tab("options-summary");
    await page.keyboard.press("Enter");
    await tab("claim");
    await tab("card-load");
  }),

  "languages": async (s, browser) => {
    await visit(s, browser, { locale: "en-GB" }, async (page) => {
      await page.goto(open(s, "authentic"));
      const got = await outcome(page);
      equal([got.headline, await page.evaluate(() => document.documentElement.lang), await page.title()], ["Valid", "en", "Verify a certificate · Hallmark"]);
      assert(got.text.includes("Example Certification") === false, "a head has no names");
      await shot(s, page, "english");
      assert(!/[\u4e00-\u9fff]/.test((await page.locator("main").innerText())), "Chinese in the English page");
      await page.getByRole("button", { name: "中文" }).click();
      equal([await page.locator("#verdict-headline").innerText(), await page.evaluate(() => document.documentElement.lang)], ["证书有效", "zh-Hans"]);
      await page.reload();
      equal((await outcome(page)).headline, "证书有效", "the choice is not kept:");
    });
    await visit(s, browser, { locale: "zh-TW" }, async (page) => {
      await page.goto(`${s.base}/verify`);
      equal(await page.locator("h1").innerText(), "证书核验");
    });
  },

  "axe": async (s, browser) => {
    for (const options of [{ colorScheme: "light" }, { colorScheme: "dark" }, { locale: "en-GB", viewport: { width: 360, height: 740 } }]) {
      await visit(s, browser, { ...options, reducedMotion: "reduce", bypassCSP: true }, async (page) => {
        await page.goto(`${s.base}/verify`);
        await page.locator('[data-card="served"]').waitFor();
        await page.locator("details.options > summary").click();
        equal(await faults(page), [], `${JSON.stringify(options)}, at first:`);
        for (const name of ["authentic", "suspended", "revoked", "altered"]) {
          await page.evaluate((text) => { location.hash = text; }, s.codes[name]);
          await page.waitForFunction((name) => document.querySelector("#result article")?.dataset.code === { authentic: "valid", altered: "bad-proof" }[name] || document.querySelector(`#result article[data-code="not-valid"]`), name);
          await page.locator("details.part > summary").click();
          equal(await faults(page), [], `${JSON.stringify(options)}, ${name}:`);
        }
        await page.setInputFiles("#file", s.files["no-code.png"]);
        await page.locator('[data-outcome="input"]').waitFor();
        equal(await faults(page), [], "nothing checked:");
        await page.evaluate(() => document.getElementById("camera").showModal());
        equal(await faults(page), [], "the camera:");
      });
    }
  },

  "dark, and still": (s, browser) => visit(s, browser, { colorScheme: "dark", reducedMotion: "reduce" }, async (page) => {
    await page.goto(open(s, "suspended"));
    await outcome(page);
    await shot(s, page, "dark");
    equal(await page.evaluate(() => document.getAnimations().length), 0, "animations");
  }),

  "a phone of 360 pixels": async (s, browser) => {
    for (const locale of ["zh-CN", "en-GB"]) {
      await visit(s, browser, { locale, viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }, async (page) => {
        await page.goto(`${s.base}/verify`);
        await page.locator('[data-card="served"]').waitFor();
        await page.locator("details.options > summary").click();
        await narrow(page, "at first");
        await shot(s, page, `phone-${locale}-first`);
        await page.screenshot({ path: join(s.shots, `screen-${locale}-first.png`) });
        for (const name of ["authentic", "revoked", "self-sealed"]) {
          await page.goto("about:blank");
          await page.goto(open(s, name));
          await outcome(page);
          await narrow(page, name);
          await shot(s, page, `phone-${locale}-${name}`);
          await page.screenshot({ path: join(s.shots, `screen-${locale}-${name}.png`) });
        }
        await page.setInputFiles("#file", s.files["authentic.hmb"]);
        await page.locator('[data-code="valid"]').waitFor();
        await narrow(page, "whole");
        await shot(s, page, `phone-${locale}-whole`);
      });
    }
  },

  "nothing is kept of what was checked": (s, browser) => visit(s, browser, {}, async (page, watch, context) => {
    await page.goto(open(s, "authentic"));
    await outcome(page);
    await page.getByText("可离线使用").waitFor();
    const kept = await page.evaluate(async () => {
      const urls = [];
      for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys()) urls.push(r.url);
      return { urls, local: Object.keys(localStorage), session: Object.keys(sessionStorage) };
    });
    equal([kept.local, kept.session, (await context.cookies()).length], [[], [], 0]);
    assert(kept.urls.length > 5 && kept.urls.every((u) => !u.includes("#") && !u.includes("bundles")), kept.urls.join(" "));
  }),
};

/** narrow: nothing is wider than the screen. */
export async function narrow(page, what) {
  const wide = await page.evaluate(() => ({ page: document.documentElement.scrollWidth, screen: innerWidth,
    elements: [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".banner, .unseen, .skip")).map((e) => e.className || e.tagName).slice(0, 5) }));
  assert(wide.page <= wide.screen && wide.screen === 360, `${what}: ${JSON.stringify(wide)}`);
}

/** cut takes the network away while f runs: the wire is cut, and the browser told. */
export async function cut(s, context, f) {
  await fetch(`${s.control}/cut`, { method: "POST" });
  await context.setOffline(true);
  try {
    await f();
  } finally {
    await context.setOffline(false);
    await fetch(`${s.control}/join`, { method: "POST" });
  }
}
