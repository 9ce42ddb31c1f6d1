// The service worker: keeps the shell for days without signal and wakes the outbox. It answers GET of the shell only
// and never touches a POST: what is sent goes from the outbox to the register without a second pair of hands.
import { announceChange } from "../sync/changes.ts";
import type { Exchange } from "../sync/exchange.ts";
import { type Flushed, flush } from "../sync/flush.ts";
import { withLock } from "../sync/locks.ts";
import { sendPhotos } from "../sync/photos.ts";
import { openExchange } from "../sync/surroundings.ts";
import { sendPatiently } from "./sending.ts";
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

/** Aborted when a new version is to take over: it may only once this one has nothing left to do. */
const leaving = new AbortController();

// The page asks the waiting version when the person agrees, or by itself when nothing is being sent; and tells the
// version that is in the way.
self.addEventListener("message", (event) => {
  if (event.data === "activate") event.waitUntil(self.skipWaiting());
  if (event.data === "leave") leaving.abort();
});

self.addEventListener("sync", (event) => (event as SyncEvent).waitUntil(sendWaiting()));

async function sendWaiting(): Promise<void> {
  const exchange = await openExchange();
  if (exchange) await sendPatiently((start) => sendAll(exchange, start), leaving.signal);
}

/** The texts, then the photos. */
async function sendAll(exchange: Exchange, start: boolean): Promise<Flushed> {
  const { next_due_ms } = await flush(exchange, start);
  const photos_due_ms = await withLock("photos", () =>
    sendPhotos(exchange, async () => leaving.signal.aborted),
  ).finally(announceChange);
  return { next_due_ms: next_due_ms ?? photos_due_ms };
}
