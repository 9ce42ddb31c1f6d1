// When to send, in a page: start, a queued document, signal coming back, the app coming to the front, a timer, the
// button, Background Sync where there is one. Each is only a hint; none is trusted.
import { nextBatch } from "./batch.ts";
import { announceChange, onChange } from "./changes.ts";
import { type Exchange, loadReplica } from "./exchange.ts";
import { flush, type Start } from "./flush.ts";
import { withLock } from "./locks.ts";
import { openExchange } from "./surroundings.ts";
import { watch } from "./watch.ts";

/** The tag under which the browser wakes the worker. */
export const wakeTag = "outbox";

const timerLeastMs = 1000;
/** No delay is longer than this, whatever the clock says. */
const timerMostMs = 5 * 60 * 1000;

export type Waking = {
  /** The button: sends now, whatever was to be waited for. */
  readonly sendNow: () => Promise<void>;
};

/** Starts all triggers; `told` hears whether something is being sent or asked. */
export function startWaking(told: (isRunning: boolean) => void): Waking {
  const run = makeRunner(told);
  const wakeWhenDue = async () => ((await isSomethingDue()) ? run(false) : undefined);
  onChange(() => void wakeWhenDue());
  addEventListener("online", () => void run(true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void run(false);
  });
  void run(true);
  void watch(openExchange);
  return { sendNow: () => run("asked") };
}

/** Runs one after the other; wishes that come meanwhile become one more run. */
function makeRunner(told: (isRunning: boolean) => void): (start: Start) => Promise<void> {
  let wanted: { start: Start } | null = null;
  let running: Promise<void> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function work(): Promise<void> {
    told(true);
    while (wanted) {
      const { start } = wanted;
      wanted = null;
      clearTimeout(timer);
      const delayMs = await runOnce(start);
      if (delayMs !== null) timer = setTimeout(() => void run(false), delayMs);
    }
  }

  function run(start: Start): Promise<void> {
    wanted = { start: wanted?.start === "asked" ? "asked" : start || wanted?.start === true };
    running ??= work().finally(() => {
      running = null;
      told(false);
    });
    return running;
  }

  return run;
}

/** Sends and asks once; says after how long to try again, null when nothing waits. */
async function runOnce(start: Start): Promise<number | null> {
  const exchange = await openExchange();
  if (!exchange) return null;
  // Before anything is sent: the app may be closed while it still tries.
  if (await isSomethingDue()) await askBrowserToWake();
  const { next_due_ms: texts_due_ms } = await flush(exchange, start);
  const photos_due_ms = await sendPhotos(exchange);
  const next_due_ms = texts_due_ms ?? photos_due_ms;
  if (next_due_ms === null) return null;
  await askBrowserToWake();
  return Math.min(Math.max(next_due_ms - Date.now(), timerLeastMs), timerMostMs);
}

/** After the texts, and as long as no other text waits; what it takes is loaded where there are photos. */
async function sendPhotos(exchange: Exchange): Promise<number | null> {
  if ((await exchange.db.count("photos")) === 0) return null;
  const { sendPhotos } = await import("./photos.ts");
  return withLock("photos", () => sendPhotos(exchange, isSomethingDue)).finally(announceChange);
}

async function isSomethingDue(): Promise<boolean> {
  const exchange = await openExchange();
  return exchange !== null && nextBatch(await loadReplica(exchange.db), Date.now()).length > 0;
}

type WakingRegistration = { readonly sync?: { readonly register: (tag: string) => Promise<void> } };

/** Background Sync: Chromium wakes the worker when there is signal, even with the app closed. */
async function askBrowserToWake(): Promise<void> {
  const registration: (ServiceWorkerRegistration & WakingRegistration) | undefined =
    await navigator.serviceWorker?.getRegistration();
  // Refused in private windows and by some settings; the page's own triggers do without.
  await registration?.sync?.register(wakeTag).catch(() => undefined);
}
