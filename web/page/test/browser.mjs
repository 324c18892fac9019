// A browser, and what holds of every page that it opens: no request to anybody but
// the node, nothing that the policy forbids, no error.

import { chromium } from "playwright-core";

export const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Chromium with a profile of its own. */
export function launch(executablePath, more = []) {
  return chromium.launch({ executablePath, args: [...flags, ...more] });
}

/** watched opens a context whose pages are watched; watch.wrong lists what must not be. */
export async function watched(browser, base, options = {}) {
  const context = await browser.newContext({ locale: "zh-CN", timezoneId: "Asia/Shanghai", viewport: { width: 1100, height: 900 }, acceptDownloads: true, ...options });
  context.setDefaultTimeout(30_000);
  const watch = { requests: [], wrong: [] };
  context.on("request", (r) => {
    const url = r.url();
    watch.requests.push(url);
    if (!url.startsWith(base + "/") && !/^(blob|data):/.test(url)) watch.wrong.push(`request to ${url}`);
  });
  context.on("weberror", (e) => watch.wrong.push(`error: ${e.error().stack}`));
  context.on("console", (m) => {
    // A node without a network, and a 404 on purpose, are noted by the browser.
    if (m.type() === "error" && !/Failed to load resource/.test(m.text())) watch.wrong.push(`console: ${m.text()}`);
  });
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`));
  });
  return { context, watch };
}

/** The outcome that the page shows, once there is one. */
export async function outcome(page) {
  const article = page.locator("#result article");
  await article.waitFor();
  return {
    outcome: await article.getAttribute("data-outcome"),
    code: await article.getAttribute("data-code"),
    tone: (await article.getAttribute("class")).replace("verdict ", ""),
    headline: await page.locator("#verdict-headline").innerText(),
    text: await article.innerText(),
  };
}

export function assert(ok, message) {
  if (!ok) throw new Error(message);
}

export function equal(got, want, what = "") {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what} ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}
