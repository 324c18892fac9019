// Does in a browser what people do, and says of each thing whether it was as it
// must be: a line of JSON with its name and, if it was not, the error. The one
// argument is a scenario, made by ../../browser_test.

import { readFileSync } from "node:fs";
import { launch } from "./browser.mjs";
import { checks } from "./checks.mjs";
import { productChecks } from "./product-checks.mjs";

const scenario = JSON.parse(readFileSync(process.argv[2], "utf8"));
const only = process.env.ONLY ? new RegExp(process.env.ONLY) : /./;
const camera = ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${scenario.files["camera.mjpeg"]}`];
const browser = await launch(scenario.chromium, camera);
try {
  for (const [name, check] of Object.entries({ ...checks, ...productChecks })) {
    if (!only.test(name)) continue;
    let error = "";
    try {
      await check(scenario, browser, name);
    } catch (e) {
      error = String(e.stack ?? e);
    }
    console.log(JSON.stringify({ name, error }));
  }
} finally {
  await browser.close();
}
