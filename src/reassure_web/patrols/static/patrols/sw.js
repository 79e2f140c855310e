// Answers for the card when there is no network. It keeps one page, /card/, and the static files it needs.
// The server says until when (X-Card-Expires). An answer that is not the card any more wipes what is kept.

const KEPT = "reassure-card";
const PAGE = "/card/";
const PATIENCE_MS = 6000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request, url.pathname));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

async function page(request, path) {
  let answer;
  try {
    answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    return keptPage();
  }
  if (answer.status >= 500) return keptPage(answer);
  const isRevoked = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
  if (isRevoked) await caches.delete(KEPT);
  else if (path === PAGE) await keep(answer);
  return answer;
}

async function keep(answer) {
  if (!answer.ok || !answer.headers.has("X-Card-Expires")) {
    await caches.delete(KEPT);
    return;
  }
  const store = await caches.open(KEPT);
  await store.put(PAGE, answer.clone());
}

async function keptPage(fault) {
  const kept = await caches.match(PAGE, { cacheName: KEPT });
  if (kept && Date.parse(kept.headers.get("X-Card-Expires")) > Date.now()) return kept;
  if (kept) await caches.delete(KEPT);
  return fault ?? new Response(
    "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>No card – Reassure</title>" +
    "<h1>This phone keeps no card now</h1><p>The shift has ended, or the card was never opened here with a network. " +
    "<a href=\"/card/\">Try again</a> when there is one.</p>",
    { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } },
  );
}

async function file(request) {
  const kept = await caches.match(request, { cacheName: KEPT });
  return kept ?? fetch(request);
}
