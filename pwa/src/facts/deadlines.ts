// How long a deadline leaves in Cambodia (+07:00, no summer time). Twin: api/facts/deadlines.py; both replay
// tests/vectors/deadlines.json. Instants are milliseconds since 1970.

export type Countdown = {
  readonly passed: boolean;
  /** The last day that counts: a deadline at midnight ends the day before. */
  readonly last_day: string;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
};

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const phnomPenh = 7 * hour;

/** The day of the calendar in Cambodia. */
export function localDay(instantMs: number): string {
  return new Date(instantMs + phnomPenh).toISOString().slice(0, "2022-09-24".length);
}

/** Whether something came after the deadline; the whole second of the deadline counts. */
export function isLate(receivedMs: number, deadlineMs: number): boolean {
  return receivedMs >= deadlineMs + second;
}

/** What is left of a deadline. */
export function countDown(nowMs: number, deadlineMs: number): Countdown {
  const left = Math.max(deadlineMs - nowMs, 0);
  return {
    passed: isLate(nowMs, deadlineMs),
    last_day: localDay(deadlineMs - second),
    days: Math.floor(left / day),
    hours: Math.floor((left % day) / hour),
    minutes: Math.floor((left % hour) / minute),
  };
}

/**
 * The instant until which a stay is to be reported under an order. The hour of arrival is not asked, so the window opens
 * at the end of that day; whoever was there before the order has until its deadline.
 */
export function reportingDueAt(arrivedOn: string, deadlineMs: number, windowHours: number): number {
  const endOfDay = Date.parse(`${arrivedOn}T23:59:59+07:00`);
  return Math.max(deadlineMs, endOfDay + windowHours * hour);
}
