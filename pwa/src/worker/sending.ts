// Sends what waits when the browser says that there is signal: apart from the worker's events so that its patience, and
// that it ends for a successor, can be shown without a browser.
import type { Flushed } from "../sync/flush.ts";

/** Longer than several first delays, shorter than a browser lets a worker live. */
const patienceMs = 20_000;
const pauseLeastMs = 1000;

/**
 * Sends again and again until nothing waits. Fails when patience ends, or when a new version asks this one to leave:
 * that asks the browser to wake the worker anew, minutes later.
 */
export async function sendPatiently(
  send: (start: boolean) => Promise<Flushed>,
  leaving: AbortSignal,
): Promise<void> {
  const endsAt = performance.now() + patienceMs;
  let isFirst = true;
  while (!leaving.aborted) {
    const { next_due_ms } = await send(isFirst);
    if (next_due_ms === null) return;
    const pauseMs = Math.max(next_due_ms - Date.now(), pauseLeastMs);
    if (performance.now() + pauseMs > endsAt) break;
    await pause(pauseMs, leaving);
    isFirst = false;
  }
  throw new Error("Documents still wait");
}

/** Ends early when the worker is asked to leave. */
function pause(ms: number, leaving: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    leaving.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
