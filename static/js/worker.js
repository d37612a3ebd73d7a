/*
 * The worker of My cards. `APP` stands in front of it when it is served: version, page, shell (addresses), wait (ms).
 * The shell is kept by version. A page is read from the network; the copy of the last time stands in where there is
 * none or it is too slow, and says so. Nothing that is posted is touched; a session that ended takes the copies along.
 */
"use strict";

const SHELL = `cardfleet-shell-${APP.version}`;
const PAGES = "cardfleet-pages";

const install = async () => {
  const kept = await caches.open(SHELL);
  await kept.addAll(APP.shell);
  await self.skipWaiting();
};

const activate = async () => {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("cardfleet-shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
};

const read = async (request) => {
  const answer = await fetch(request);
  if (answer.type === "opaqueredirect" || answer.redirected) await caches.delete(PAGES);
  if (answer.ok && !answer.redirected) await (await caches.open(PAGES)).put(request, answer.clone());
  return answer;
};

const copy = async (request) => {
  const kept = await caches.open(PAGES);
  const found = (await kept.match(request)) || (await kept.match(request, { ignoreSearch: true }));
  if (!found) return undefined;
  const page = (await found.text()).replace("hidden data-no-network", "data-no-network");
  return new Response(page, { headers: found.headers });
};

const pageOf = async (request) => {
  const fresh = read(request);
  const late = new Promise((resolve) => setTimeout(resolve, APP.wait));
  const answer = await Promise.race([fresh, late]).catch(() => undefined);
  return answer || (await copy(request)) || fresh;
};

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === APP.page) event.respondWith(pageOf(request));
  else if (APP.shell.includes(pathname)) {
    event.respondWith(caches.match(request, { cacheName: SHELL }).then((found) => found || fetch(request)));
  }
});
