import { expect } from "vitest";
import { type Countdown, countDown, localDay, reportingDueAt } from "../../src/facts/deadlines.ts";
import { golden } from "../golden.ts";

type Left = { now: string; deadline_at: string; left: Countdown };
golden<Left>("deadlines", "countdowns", "a deadline leaves days, hours and minutes", (given) =>
  expect(countDown(Date.parse(given.now), Date.parse(given.deadline_at))).toEqual(given.left),
);

type Day = { instant: string; day: string };
golden<Day>("deadlines", "days", "the day is that of Cambodia", (given) =>
  expect(localDay(Date.parse(given.instant))).toBe(given.day),
);

type Due = { arrived_on: string; deadline_at: string; window_hours: number; due_at: string };
golden<Due>("deadlines", "due", "a stay is due a window after arrival, never before the deadline", (given) =>
  expect(reportingDueAt(given.arrived_on, Date.parse(given.deadline_at), given.window_hours)).toBe(
    Date.parse(given.due_at),
  ),
);
