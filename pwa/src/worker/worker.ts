// The service worker: keeps the shell for days without signal and wakes the outbox. It answers GET of the shell only
// and never touches a POST: what is sent goes from the outbox to the register without a second pair of hands.
import { flush } from "../sync/flush.ts";
import { openExchange } from "../sync/surroundings.ts";
import { answer, forgetOldShells, keepShell } from "./shell.ts";

declare const self: ServiceWorkerGlobalScope;

/** Background Sync is not in the standard library's types. */
type SyncEvent = ExtendableEvent & { readonly tag: string };

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

self.addEventListener("sync", (event) => (event as SyncEvent).waitUntil(sendWaiting()));

/** Longer than a first delay, shorter than a browser lets a worker live. */
const patienceMs = 20_000;

/** There is signal, says the browser. Fails while something still waits, which asks it to say so again, minutes later. */
async function sendWaiting(): Promise<void> {
  const exchange = await openExchange();
  if (!exchange) return;
  const { next_due_ms } = await flush(exchange, true);
  if (next_due_ms === null) return;
  await new Promise((resolve) => setTimeout(resolve, Math.min(next_due_ms - Date.now(), patienceMs)));
  const again = await flush(exchange, false);
  if (again.next_due_ms !== null) throw new Error("Documents still wait");
}
