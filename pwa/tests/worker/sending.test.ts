import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sendPatiently } from "../../src/worker/sending.ts";

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2022, 8, 20) }));
afterEach(() => vi.useRealTimers());

/** Sending after which something waits for so many milliseconds; null is done. */
function sending(...delaysMs: readonly (number | null)[]) {
  const starts: boolean[] = [];
  const send = (start: boolean) => {
    const delayMs = delaysMs[starts.push(start) - 1] ?? null;
    return Promise.resolve({ next_due_ms: delayMs === null ? null : Date.now() + delayMs });
  };
  return { starts, send };
}

test("sends again when a delay is over, and ends when nothing waits", async () => {
  const { starts, send } = sending(1500, 3000, null);
  const sent = sendPatiently(send, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(5000);
  await sent;
  expect(starts).toEqual([true, false, false]);
});

test("gives up, for the browser to wake it later, rather than wait beyond its patience", async () => {
  const { starts, send } = sending(15_000, 15_000);
  const given = expect(sendPatiently(send, new AbortController().signal)).rejects.toThrow("wait");
  await vi.advanceTimersByTimeAsync(16_000);
  await given;
  expect(starts).toHaveLength(2);
});

test("leaves at once, and sends nothing more, when a new version asks", async () => {
  const { starts, send } = sending(15_000);
  const leaving = new AbortController();
  const left = expect(sendPatiently(send, leaving.signal)).rejects.toThrow("wait");
  await vi.advanceTimersByTimeAsync(10);
  leaving.abort();
  await left;
  await expect(sendPatiently(send, leaving.signal)).rejects.toThrow("wait");
  expect(starts).toHaveLength(1);
});
