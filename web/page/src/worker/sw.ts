// The service worker: the pages and their files, and the node's trust card, for when
// there is no network. It sees no fragment of an address, and asks for nothing that
// the page did not ask for.

declare const FILES: string[]; // beside this file; set when the page is built
declare const VERSION: string; // a hash of them
const worker = self as unknown as ServiceWorkerGlobalScope;

const here = new URL("./", location.href);
const root = new URL("../", here);
const page = new URL("verify", root).href;
const pages = [page, new URL("V", root).href];
const product = new URL("product", root).href;
const card = new URL("v1/card", root).href;

const files = `hallmark-files-${VERSION}`;
const cards = "hallmark-card";

/** What was kept answers, whatever a request says of encodings and origins. */
const any = { ignoreVary: true };

/** Milliseconds after which what was kept is shown, if the server does not answer. */
const patience = 4000;

worker.addEventListener("install", (e) => e.waitUntil(install()));

async function install(): Promise<void> {
  const cache = await caches.open(files);
  await cache.addAll([page, product, ...FILES.map((f) => new URL(f, here).href)]);
  await fresh(card, cards).catch(() => undefined); // a node may have none
}

worker.addEventListener("activate", (e) => e.waitUntil(activate()));

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith("hallmark-") && name !== files && name !== cards) await caches.delete(name);
  }
  await worker.clients.claim();
}

worker.addEventListener("fetch", (e) => {
  const { request } = e;
  const url = request.url.split(/[?#]/, 1)[0]!;
  if (request.method !== "GET") return;
  if (pages.includes(url)) e.respondWith(fresh(page, files));
  else if (url === card) e.respondWith(fresh(card, cards));
  else if (url.startsWith(here.href)) e.respondWith(kept(request));
  else if (request.mode === "navigate") e.respondWith(productPage(request)); // all else that it is registered for
});

/** fresh asks the server, and gives what was kept if it does not answer. */
async function fresh(url: string, where: string): Promise<Response> {
  const cache = await caches.open(where);
  try {
    const r = await fetch(url, { cache: "no-cache", credentials: "omit", signal: AbortSignal.timeout(patience) });
    if (r.ok && where === cards) await cache.put(url, r.clone());
    if (r.status === 404 && where === cards) await cache.delete(url);
    if (r.ok || r.status === 404) return r;
    return (await cache.match(url, any)) ?? r;
  } catch (e) {
    const had = await cache.match(url, any);
    if (had) return had;
    throw e;
  }
}

/** productPage asks the server, which knows the canonical path, and gives what was kept if it does not answer. */
async function productPage(request: Request): Promise<Response> {
  try {
    const r = await fetch(request, { signal: AbortSignal.timeout(patience) });
    if (r.status < 500) return r;
  } catch {
    // There is no network.
  }
  return (await (await caches.open(files)).match(product, any)) ?? fetch(request);
}

/** kept gives what was kept, or asks the server. */
async function kept(request: Request): Promise<Response> {
  return (await (await caches.open(files)).match(request, any)) ?? fetch(request);
}
