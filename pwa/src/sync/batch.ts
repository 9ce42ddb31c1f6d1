// What a phone sends and asks next, and how long it waits; what answers do is in replica.ts.
import { haveMax, pushBytesMax } from "./messages.ts";
import { findRegistration, type Replica, type Row } from "./states.ts";

const retryFirstMs = 2000;
const retryMaxMs = 5 * 60 * 1000;
const retryAfterSecondsMax = 3600;
const doublingsMax = 20;
/** `{"items":[]}` around a batch; each item has a comma after it. */
const frameBytes = 12;

/** What to send now, in order; a registration goes alone, to `/v1/devices`. */
export function nextBatch(replica: Replica, nowMs: number): readonly Row[] {
  if (!isDue(replica.link.not_before_ms, nowMs)) return [];
  const due = listWaiting(replica).filter((row) => isDue(row.not_before_ms, nowMs));
  return fill(due, replica.link.batch_items_max);
}

/** What waits and may go: nothing goes before the registration, and nothing at all while that stands refused. */
function listWaiting(replica: Replica): readonly Row[] {
  const registration = findRegistration(replica);
  const isFirst = registration !== undefined && !isSettled(registration);
  const rows = isFirst ? [registration] : Object.values(replica.rows);
  return rows.filter((row) => row.state === "queued");
}

/** The ids to ask about with a pull: received but not confirmed, then held. */
export function listHave(replica: Replica): readonly string[] {
  const rows = Object.values(replica.rows);
  const asked = (["received", "held"] as const).flatMap((state) => rows.filter((row) => row.state === state));
  return asked.slice(0, haveMax).map((row) => row.id);
}

/** The full-jitter delay after so many failures; `random` is in [0, 1). */
export function retryDelayMs(failures: number, random: number, retryAfterSeconds?: number | null): number {
  const ceiling = Math.min(retryMaxMs, retryFirstMs * 2 ** (Math.min(failures, doublingsMax) - 1));
  return toldDelayMs(retryAfterSeconds) + Math.floor(random * ceiling);
}

/** How long the register said to wait, and no longer than this phone would. */
export function toldDelayMs(retryAfterSeconds?: number | null): number {
  return Math.max(0, Math.min(retryAfterSeconds ?? 0, retryAfterSecondsMax)) * 1000;
}

/** Whether a delay is over by the phone's clock; one that was set back must not hold anything for years. */
export function isDue(notBeforeMs: number, nowMs: number): boolean {
  const left = notBeforeMs - nowMs;
  return left <= 0 || left > retryAfterSecondsMax * 1000 + retryMaxMs;
}

/** When something can be sent next, by the phone's clock; null when nothing waits that could go. */
export function nextDueMs(replica: Replica, nowMs: number): number | null {
  const waiting = listWaiting(replica);
  if (waiting.length === 0) return null;
  const due = (at: number) => (isDue(at, nowMs) ? nowMs : at);
  return Math.max(due(replica.link.not_before_ms), Math.min(...waiting.map((row) => due(row.not_before_ms))));
}

/** Whether the register holds it. */
export function isSettled(row: Row): boolean {
  return row.state === "received" || row.state === "confirmed" || row.state === "summary";
}

function fill(rows: readonly Row[], itemsMax: number): readonly Row[] {
  const batch: Row[] = [];
  let size = frameBytes;
  for (const row of rows) {
    size += row.size + 1;
    if (batch.length === itemsMax || (batch.length > 0 && size > pushBytesMax)) break;
    batch.push(row);
  }
  return batch;
}
