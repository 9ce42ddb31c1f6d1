// The long poll: while the app is in front, the register's news arrive as they happen. One tab at a time asks.
import type { Exchange } from "./exchange.ts";
import { canPull } from "./flush.ts";
import { withLock } from "./locks.ts";
import { pull } from "./pull.ts";

const waitSeconds = 25;
/** Between two questions, so that a register that answers at once is not asked without end. */
const pauseMs = 1000;
/** Until there is something to ask with, or a delay has passed. */
const idleMs = 5000;

/** Asks again and again while the page is visible; ends only with `until`. */
export async function watch(open: () => Promise<Exchange | null>, until?: AbortSignal): Promise<void> {
  while (!until?.aborted) {
    const exchange = document.visibilityState === "visible" ? await open() : null;
    const canAsk = exchange !== null && (await canPull(exchange));
    const answered = canAsk && (await ask(exchange));
    await sleep(answered ? pauseMs : idleMs);
  }
}

/** One long poll, dropped when the app goes to the back. */
async function ask(exchange: Exchange): Promise<boolean> {
  const hidden = new AbortController();
  const drop = () => (document.visibilityState === "hidden" ? hidden.abort() : undefined);
  document.addEventListener("visibilitychange", drop);
  try {
    return (await withLock("watch", () => pull(exchange, waitSeconds, hidden.signal))) !== "failed";
  } finally {
    document.removeEventListener("visibilitychange", drop);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
