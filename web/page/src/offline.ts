// The service worker, which keeps the page for when there is no network.

import { one } from "./dom.js";
import { t } from "./language.js";
import { keyOf } from "./gs1-keys.js";
import { address, rootPath } from "./node.js";

/** paths are those under which pages are served: of Digital Links, those with the same key as this page. */
function paths(): string[] {
  const [first = ""] = location.pathname.slice(rootPath.length).split("/");
  return ["verify", "V", "product", ...(keyOf(first) ? [`${first}/`] : [])];
}

let ready = false;

/** startOffline registers the worker, where the browser allows it. */
export async function startOffline(): Promise<void> {
  showOffline();
  addEventListener("online", showOffline);
  addEventListener("offline", showOffline);
  if (!("serviceWorker" in navigator)) return;
  try {
    const script = new URL("sw.js", import.meta.url);
    for (const p of paths()) await active(await navigator.serviceWorker.register(script, { scope: address(p), updateViaCache: "none" }));
    ready = true;
    showOffline();
  } catch {
    // Without HTTPS, or in a private window, it works as long as it is open.
  }
}

/** active waits until a worker has all files and does its work. */
function active(r: ServiceWorkerRegistration): Promise<void> {
  const worker = r.installing ?? r.waiting;
  if (r.active || !worker) return Promise.resolve();
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("the files could not be kept"));
    });
  });
}

export function showOffline(): void {
  const e = one("offline");
  const text = !navigator.onLine ? t("offline.now") : ready ? t("offline.ready") : "";
  e.hidden = text === "";
  e.textContent = text;
  e.classList.toggle("off", !navigator.onLine);
}
