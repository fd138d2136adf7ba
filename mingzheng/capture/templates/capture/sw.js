// The shell lies on the phone under one version; what is asked of the server is never kept here.
"use strict";
const NAME = "capture-{{ version }}";
const SHELL = {{ addresses|safe }};
const HERE = new Set(SHELL);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith("capture-") && name !== NAME).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin || !HERE.has(address.pathname)) return;
  event.respondWith(caches.open(NAME).then((cache) => cache.match(address.pathname)).then((found) => found || fetch(event.request)));
});
