// The service worker: keeps the shell for days without signal. It answers GET of the shell only and never touches a
// POST: what is sent goes from the outbox to the register without a second pair of hands.
import { answer, forgetOldShells, keepShell } from "./shell.ts";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => event.waitUntil(keepShell()));

self.addEventListener("activate", (event) =>
  event.waitUntil(forgetOldShells().then(() => self.clients.claim())),
);

self.addEventListener("fetch", (event) => {
  const answered = answer(event.request);
  if (answered) event.respondWith(answered);
});

// The page asks when the person agrees, or by itself when nothing is being sent.
self.addEventListener("message", (event) => {
  if (event.data === "activate") event.waitUntil(self.skipWaiting());
});
