// The service worker, which keeps the page for when there is no network.

import { one } from "./dom.js";
import { t } from "./language.js";
import { address } from "./node.js";

/** The paths under which the page is served. */
const paths = ["verify", "V"];

let ready = false;

/** startOffline registers the worker, where the browser allows it. */
export async function startOffline(): Promise<void> {
  showOffline();
  addEventListener("online", showOffline);
  addEventListener("offline", showOffline);
  if (!("serviceWorker" in navigator)) return;
  try {
    for (const p of paths) await navigator.serviceWorker.register(new URL("sw.js", import.meta.url), { scope: address(p), updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    ready = true;
    showOffline();
  } catch {
    // Without HTTPS, or in a private window, it works as long as it is open.
  }
}

export function showOffline(): void {
  const e = one("offline");
  const text = !navigator.onLine ? t("offline.now") : ready ? t("offline.ready") : "";
  e.hidden = text === "";
  e.textContent = text;
  e.classList.toggle("off", !navigator.onLine);
}
