// What must be so of the page of a product, and of evidence.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assert, equal, outcome } from "./browser.mjs";
import { cut, faults, narrow, pin, sameAsGo, shot, visit } from "./checks.mjs";

const path = (s, name) => s.products[name].replace("https://id.gs1.org", "");
const page360 = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** drop puts files on the page, as from a folder. */
async function drop(page, ...names) {
  const data = await page.evaluateHandle((files) => {
    const d = new DataTransfer();
    for (const { name, bytes } of files) d.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
    return d;
  }, names.map((n) => ({ name: n.split("/").at(-1), bytes: readFileSync(n).toString("base64") })));
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

/** lying lets the node answer with other bytes when it is asked for a bundle. */
const lying = (page, file) => page.route("**/v1/bundles/trace/**", (r) => r.fulfill({ body: readFileSync(file), contentType: "application/octet-stream" }));

/** entries reads the timeline: number, title, and the certificates then that were not valid. */
const entries = (page) => page.locator("ol.product-line > li").evaluateAll((list) => list.map((li) => ({
  n: li.value, title: li.querySelector(".what strong").textContent, bad: [...li.querySelectorAll(".then > .no")].map((c) => c.dataset.number), good: li.querySelectorAll(".then > .yes").length,
})));

async function look(s, browser, name, want, more, options = {}) {
  await visit(s, browser, options, async (page, watch, context) => {
    await page.goto(`${s.base}${path(s, name)}`);
    const got = await outcome(page);
    equal([got.outcome, got.code, got.tone], want, name);
    equal(await page.evaluate(() => document.activeElement?.id), "verdict-headline", "focus on");
    await shot(s, page, `product-${name}`);
    await more(page, got, watch, context);
  });
}

export const productChecks = {
  "product/authentic": (s, browser) => look(s, browser, "sound-bank", ["holds", "traced", "good"], async (page, got) => {
    assert(got.headline === "追溯完整，证书有效", got.headline);
    for (const want of ["示例移动电源 EX000002", "(01) 09521234000020 (21) EX000002", "example-maker", "GLN 9521234000105", "UTC+08:00", "证明显示全部 3 个条目", "在途"]) assert(got.text.includes(want), `${want} is not shown`);
    assert(got.text.indexOf("截至") < got.text.indexOf("示例移动电源"), "the time comes late");
    equal(await entries(page), [{ n: 1, title: "登记产品", bad: [], good: 0 }, { n: 2, title: "组装", bad: [], good: 2 }, { n: 3, title: "发货", bad: [], good: 2 }]);
    equal(await page.locator(".tree .tag").allInnerTexts(), ["双方一致"]);
    equal(await page.locator(".recalls, .against-list").count(), 0);
    assert(await page.title() === "示例移动电源 EX000002 · 印信", await page.title());
    await page.getByText("括号中的成员名称").waitFor();
    assert((await page.locator("#result").innerText()).includes("example-maker (示例制造有限公司)"), "the name of the owner");
    await page.getByText("其他产品追溯链中提及本产品的条目：1 条").waitFor();
    equal(await page.locator(".uses a").getAttribute("href"), `${s.base}${path(s, "carton")}`);
    // The same proof in a file: Go says the same.
    await page.setInputFiles("#file", s.files["trace-sound-bank.hmb"]);
    await page.getByRole("button", { name: "向本服务器获取最新证明" }).waitFor();
    await sameAsGo(s, page, "trace-sound-bank.hmb");
  }),

  "product/the certificate of a component is suspended, at the right event": (s, browser) => look(s, browser, "bank", ["does-not-hold", "not-valid-at-event", "warn"], async (page, got) => {
    const cell = s.products["cell-certificate"];
    equal(await entries(page), [{ n: 1, title: "登记产品", bad: [], good: 0 }, { n: 2, title: "组装", bad: [], good: 2 }, { n: 3, title: "发货", bad: [cell], good: 1 }]);
    equal(await page.locator(".against-list li").allInnerTexts().then((l) => l.map((x) => x.includes("条目 3") && x.includes("暂停") && x.includes(cell))), [true]);
    equal(await page.locator(".certificates > li").evaluateAll((l) => l.map((e) => [e.dataset.number, e.dataset.status, e.className])), [[cell, "suspended", "no"], [s.products["bank-certificate"], "valid", "yes"]]);
    equal(await page.locator(".tree > li").evaluateAll((l) => l.map((e) => [...e.querySelectorAll(".tag")].map((t) => t.textContent))), [["双方一致", `${cell} 暂停`], ["来源不明", "仅由 example-maker 陈述"]]);
    await page.locator(".against-list a").press("Enter");
    equal(await page.evaluate(() => document.activeElement?.id), "entry-3");
    assert(got.text.includes("自 "), "since when");
    await page.setInputFiles("#file", s.files["trace-bank.hmb"]);
    await page.getByRole("button", { name: "向本服务器获取最新证明" }).waitFor();
    await sameAsGo(s, page, "trace-bank.hmb");
  }),

  "product/the component: what holds at each event and not now": (s, browser) => look(s, browser, "cells", ["holds", "traced", "warn"], async (page, got) => {
    assert(got.headline === "追溯完整，有证书现已非有效", got.headline);
    await page.locator(".uses a").waitFor();
    assert((await page.locator("[data-uses]").innerText()).includes("由本服务器陈述"), "whose word it is");
    await page.locator(".uses a").click();
    await page.getByRole("heading", { name: "示例移动电源 EX000001" }).waitFor();
    await page.locator(".tree a").first().click();
    await page.getByRole("heading", { name: "示例锂离子电芯 批次 EX-2611A" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "示例移动电源 EX000001" }).waitFor();
  }),

  "product/recalled, in red before all else": (s, browser) => look(s, browser, "recalled", ["does-not-hold", "recalled", "bad"], async (page, got) => {
    assert(got.text.startsWith("产品已被召回"), got.text.slice(0, 40));
    const recall = page.locator("#result article > .recalls");
    const text = await recall.innerText();
    for (const want of [s.html, "请立即停用并退回", "监管机构发布", "amr-fj"]) assert(text.includes(want), `${want} is not shown`);
    assert(got.text.indexOf("请立即停用并退回") < got.text.indexOf("截至"), "the recall comes late");
    equal(await recall.evaluate((e) => getComputedStyle(e).backgroundColor), "rgb(165, 32, 27)");
    equal(await page.locator("#result img").count(), 0);
  }),

  "product/stated by one side, with a tree of two levels": (s, browser) => look(s, browser, "carton", ["holds", "traced", "good"], async (page) => {
    equal(await page.locator(".tree > li > .tags").allInnerTexts().then((l) => l.map((x) => x.replace(/\s+/g, " "))), ["仅由 example-maker 陈述", "双方一致"]);
    equal(await page.locator(".tree .tree").count(), 1);
  }),

  "product/another URI": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/product`);
    await page.fill("#uri", s.products.other);
    await page.getByRole("button", { name: "查询并核验" }).click();
    const got = await outcome(page);
    equal([got.outcome, got.code, got.tone], ["holds", "traced", "info"]);
    equal(page.url(), `${s.base}/product#${encodeURIComponent(s.products.other)}`);
    // From there to one that has a path: typed as digits and as an address of a brand.
    for (const [typed, want] of [["https://brand.example/shop/" + path(s, "cells").slice(1) + "?17=270101", "cells"]]) {
      await page.fill("#uri", typed);
      await page.getByRole("button", { name: "查询并核验" }).click();
      await page.waitForURL(`${s.base}${path(s, want)}`);
      await page.getByRole("heading", { name: "示例锂离子电芯 批次 EX-2611A" }).waitFor();
    }
    await page.fill("#uri", "");
    await page.getByRole("button", { name: "查询并核验" }).click();
    equal(await page.locator("#uri-error").innerText(), "请填写产品标识。");
  }),

  // What is not there, or wrong.
  "product/unknown": (s, browser) => look(s, browser, "nowhere", ["does-not-hold", "unknown-product", "warn"], async (page, got) => {
    assert(got.headline === "未登记的产品", got.headline);
    await page.getByText("其批次与产品种类也未登记").waitFor();
    await page.setInputFiles("#file", s.files["trace-nowhere.hmb"]);
    await page.getByRole("button", { name: "向本服务器获取最新证明" }).waitFor();
    await sameAsGo(s, page, "trace-nowhere.hmb");
  }),

  "product/an item of which the lot is registered": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/01/09521234000013/10/EX-2611A/21/C-77`);
    const got = await outcome(page);
    equal([got.code, new URL(page.url()).pathname, new URL(page.url()).search], ["unknown-product", path(s, "cell-item"), "?10=EX-2611A"]);
    await page.locator(".found-above a").waitFor();
    await shot(s, page, "product-item");
    assert((await page.locator(".above").innerText()).includes("以同样方式证实"), "that it is proven");
    await page.locator(".found-above a").click();
    await page.waitForURL(`${s.base}${path(s, "cells")}`);
    await page.getByRole("heading", { name: "示例锂离子电芯 批次 EX-2611A" }).waitFor();
  }),

  "product/other spellings lead to the canonical path": (s, browser) => visit(s, browser, {}, async (page) => {
    for (const other of ["/gtin/9521234000013/lot/EX-2611A", "/01/09521234000013/22/V/10/EX-2611A", `${path(s, "cells")}/`]) {
      await page.goto(`${s.base}${other}`);
      await outcome(page);
      equal(new URL(page.url()).pathname, path(s, "cells"), other);
    }
  }),

  "product/a wrong check digit, a place": (s, browser) => visit(s, browser, {}, async (page, watch) => {
    await page.goto(`${s.base}${path(s, "wrong-check")}`);
    let got = await outcome(page);
    equal(got.outcome, "input");
    assert(got.text.includes("校验位有误：09521234000021 应为 09521234000020"), got.text);
    await shot(s, page, "product-wrong-check");
    await page.goto(`${s.base}${path(s, "plant")}`);
    got = await outcome(page);
    assert(got.text.includes("而非产品"), got.text);
    await page.goto(`${s.base}/01/0952`);
    got = await outcome(page);
    assert(got.text.includes("这不是产品标识：https://id.gs1.org/01/0952"), got.text);
    await page.goto(`${s.base}/product#${encodeURIComponent("https://id.gs1.org/nothing")}`);
    got = await outcome(page);
    assert(got.text.includes("这不是产品标识"), got.text);
    equal(watch.requests.filter((u) => u.includes("/v1/bundles/")), [], "asked for in vain:");
  }),

  "product/forged: by the node, and in a file": (s, browser) => visit(s, browser, {}, async (page) => {
    await lying(page, s.files["trace-altered.hmb"]);
    await page.goto(`${s.base}${path(s, "bank")}`);
    let got = await outcome(page);
    equal([got.outcome, got.code, got.tone], ["not-established", "bad-proof", "unknown"]);
    equal(await page.locator("ol.product-line, .tree, .certificates").count(), 0, "what is forged is shown:");
    await shot(s, page, "product-forged");
    await drop(page, s.files["trace-sound-bank.hmb"]);
    await page.locator('[data-code="traced"]').waitFor();
    await page.getByText("该证明所涉产品与本页网址中的产品不同").waitFor();
    await drop(page, s.files["trace-altered.hmb"]);
    await page.locator('[data-code="bad-proof"]').waitFor();
    await sameAsGo(s, page, "trace-altered.hmb");
  }),

  "product/withheld, and of another product": (s, browser) => visit(s, browser, {}, async (page) => {
    await lying(page, s.files["trace-withheld.hmb"]);
    await page.goto(`${s.base}${path(s, "bank")}`);
    equal((await outcome(page)).code, "unproven");
    await page.unroute("**/v1/bundles/trace/**");
    await lying(page, s.files["trace-sound-bank.hmb"]); // sound, but not what was asked for
    await page.goto(`${s.base}${path(s, "bank")}`);
    const got = await outcome(page);
    equal([got.outcome, got.code], ["not-established", "unproven"]);
  }),

  "product/events beside the chain are authentic, those in it complete": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/product`);
    await page.locator('[data-card="served"]').waitFor();
    await page.setInputFiles("#file", s.files["trace-anchored.hmb"]);
    await outcome(page);
    equal(await page.locator(".anchored > li").count(), 1);
    assert((await page.locator(".guarantee.authentic").innerText()).includes("不能证明没有其他事件"), "the guarantee");
    assert((await page.locator(".guarantee.complete").innerText()).includes("无一缺失"), "the guarantee");
    await sameAsGo(s, page, "trace-anchored.hmb");
  }),

  "product/without a network a saved proof verifies": (s, browser) => visit(s, browser, {}, async (page, watch, context) => {
    await page.goto(`${s.base}${path(s, "sound-bank")}`);
    await outcome(page);
    await page.getByText("可离线使用").waitFor();
    await cut(s, context, async () => {
      await page.goto(`${s.base}${path(s, "bank")}`);
      let got = await outcome(page);
      equal(got.outcome, "input");
      assert(got.text.includes("无法连接服务器"), got.text);
      await drop(page, s.files["trace-bank.hmb"]);
      await page.locator('[data-code="not-valid-at-event"]').waitFor();
      equal((await entries(page)).length, 3);
      await page.goto(`${s.base}/product`);
      await drop(page, s.files["trace-recalled.hmb"]);
      await page.locator('[data-code="recalled"]').waitFor();
    });
  }),

  "product/the pinned card comes first": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}${path(s, "sound-bank")}`);
    await outcome(page);
    assert((await page.locator("#trust").innerText()).includes("使用它即信任该服务器"), "whose card it is");
    await pin(s, page, "ended.hmcard");
    await page.locator('[data-code="card-ended"]').waitFor();
    await page.getByText("仅供参考：声明并未证实。").waitFor();
    await pin(s, page, "trust.hmcard");
    await page.locator('[data-code="traced"]').waitFor();
    await page.reload();
    await outcome(page);
    await page.locator('[data-card="pinned"]').waitFor();
  }),

  "product/a proof of two products: the user says which": async (s, browser) => {
    for (const where of ["/product", "/verify"]) {
      await visit(s, browser, { bypassCSP: true }, async (page) => {
        await page.goto(`${s.base}${where}`);
        await page.locator('[data-card="served"]').waitFor();
        await drop(page, s.files["two.hmb"]);
        await page.locator('[data-outcome="choice"]').waitFor();
        equal(await page.locator(".choices button").count(), 2);
        equal(await faults(page), [], "a choice:");
        await page.getByRole("button", { name: s.products.recalled }).click();
        await page.locator('[data-code="recalled"]').waitFor();
      });
    }
  },

  "product/a saved proof is told to nobody": (s, browser) => visit(s, browser, {}, async (page, watch) => {
    await page.goto(`${s.base}/product`);
    await page.locator('[data-card="served"]').waitFor();
    await page.getByText("可离线使用").waitFor();
    const asked = watch.requests.length;
    await drop(page, s.files["trace-cells.hmb"]);
    equal((await outcome(page)).code, "traced");
    await page.getByText("已保存的证明不含具体清单").waitFor();
    await page.waitForLoadState("networkidle");
    equal(watch.requests.slice(asked), [], "requests:");
  }),

  // Evidence.
  "evidence/the file itself, and an altered one": (s, browser) => visit(s, browser, {}, async (page, watch) => {
    await page.goto(`${s.base}/verify`);
    await page.locator('[data-card="served"]').waitFor();
    await page.setInputFiles("#file", s.files["report.hmb"]);
    let got = await outcome(page);
    equal([got.outcome, got.code, got.tone], ["holds", "anchored", "info"]);
    await page.getByText("可离线使用").waitFor();
    const asked = watch.requests.length;
    await drop(page, s.files["report.pdf"]);
    await page.locator('[data-code="content-anchored"]').waitFor();
    got = await outcome(page);
    assert(got.tone === "good" && got.headline === "该文件确曾锚定" && got.text.includes("1-report.pdf"), got.text);
    await shot(s, page, "evidence");
    await sameAsGo(s, page, "report.hmb");
    await page.setInputFiles("#content-file", s.files["changed.pdf"]);
    await page.locator('[data-code="unproven"]').waitFor();
    got = await outcome(page);
    equal([got.outcome, got.headline], ["not-established", "文件不符"]);
    await shot(s, page, "evidence-altered");
    equal(watch.requests.slice(asked).filter((u) => !u.startsWith("blob:")), [], "requests while a file is checked:");
    // Both at once.
    await page.getByRole("button", { name: "核验另一份" }).click();
    await drop(page, s.files["report.pdf"], s.files["report.hmb"]);
    await page.locator('[data-code="content-anchored"]').waitFor();
  }),

  "evidence/a proof of a product opens as such": (s, browser) => visit(s, browser, {}, async (page) => {
    await page.goto(`${s.base}/verify`);
    await page.locator('[data-card="served"]').waitFor();
    await drop(page, s.files["trace-bank.hmb"]);
    equal((await outcome(page)).code, "not-valid-at-event");
    equal((await entries(page)).length, 3);
    await page.getByRole("button", { name: "向本服务器获取最新证明" }).click();
    await page.waitForURL(`${s.base}${path(s, "bank")}`);
    await outcome(page);
  }),

  "product/both languages": (s, browser) => visit(s, browser, { locale: "en-GB" }, async (page) => {
    await page.goto(`${s.base}${path(s, "bank")}`);
    const got = await outcome(page);
    equal(got.headline, "A certificate was not valid");
    for (const want of ["Assembled", "Shipped", "in transit", "Made of", "Example power bank EX000001", "unknown origin", "confirmed by both sides", "none of the 3 entries"]) assert(got.text.includes(want), `${want} is not shown`);
    equal((await entries(page)).map((e) => e.title), ["Registered", "Assembled", "Shipped"]);
    await page.getByRole("button", { name: "中文" }).click();
    equal((await entries(page)).map((e) => e.title), ["登记产品", "组装", "发货"]);
  }),

  "product/axe": async (s, browser) => {
    for (const options of [{ colorScheme: "light" }, { colorScheme: "dark" }, { locale: "en-GB", ...page360 }]) {
      await visit(s, browser, { ...options, reducedMotion: "reduce", bypassCSP: true }, async (page) => {
        for (const name of ["bank", "recalled", "cells", "nowhere", "wrong-check"]) {
          await page.goto(`${s.base}${path(s, name)}`);
          await outcome(page);
          await page.waitForLoadState("networkidle");
          for (const d of await page.locator("#result details > summary").all()) await d.click();
          equal(await faults(page), [], `${JSON.stringify(options)}, ${name}:`);
        }
        await page.goto(`${s.base}/product`);
        await page.locator('[data-card="served"]').waitFor();
        equal(await faults(page), [], "at first:");
        await page.setInputFiles("#file", s.files["trace-anchored.hmb"]);
        await outcome(page);
        equal(await faults(page), [], "anchored events:");
        await page.goto(`${s.base}/verify`);
        await page.locator('[data-card="served"]').waitFor();
        await drop(page, s.files["report.hmb"], s.files["report.pdf"]);
        await page.locator('[data-code="content-anchored"]').waitFor();
        equal(await faults(page), [], "evidence:");
      });
    }
  },

  "product/a phone of 360 pixels": async (s, browser) => {
    for (const locale of ["zh-CN", "en-GB"]) {
      await visit(s, browser, { locale, ...page360 }, async (page) => {
        for (const name of ["bank", "recalled", "carton", "nowhere", "wrong-check"]) {
          await page.goto(`${s.base}${path(s, name)}`);
          await outcome(page);
          await page.waitForLoadState("networkidle");
          await narrow(page, name);
          await page.screenshot({ path: join(s.shots, `screen-${locale}-product-${name}.png`) });
          await shot(s, page, `phone-${locale}-product-${name}`);
        }
        await page.goto(`${s.base}/product`);
        await narrow(page, "at first");
        await page.setInputFiles("#file", s.files["trace-anchored.hmb"]);
        await outcome(page);
        await narrow(page, "anchored events");
        await page.goto(`${s.base}/verify`);
        await page.locator('[data-card="served"]').waitFor();
        await drop(page, s.files["report.hmb"], s.files["changed.pdf"]);
        await page.locator('[data-code="unproven"]').waitFor();
        await narrow(page, "evidence");
      });
    }
  },
};
