import { expect } from "vitest";
import * as dates from "../../src/facts/dates.ts";
import { golden } from "../golden.ts";

type Boxes = { day: string; month: string; year: string; reading: dates.DateReading };
golden<Boxes>("dates", "boxes", "three boxes are read", (given) =>
  expect(dates.readDate(given.day, given.month, given.year)).toEqual(given.reading),
);

type Typed = { text: string; reading: dates.DateReading };
golden<Typed>("dates", "typed", "a date typed in one field is read", (given) =>
  expect(dates.readTypedDate(given.text)).toEqual(given.reading),
);

type Partial = { text: string; is_partial: boolean; is_full: boolean };
golden<Partial>("dates", "partial", "only dates of the calendar are dates", (given) => {
  expect(dates.isPartialDate(given.text)).toBe(given.is_partial);
  expect(dates.isFullDate(given.text)).toBe(given.is_full);
});

type Span = { text: string; first: string; last: string };
golden<Span>("dates", "span", "a partial date spans the days it may mean", (given) => {
  expect(dates.earliestDay(given.text)).toBe(given.first);
  expect(dates.latestDay(given.text)).toBe(given.last);
});

type Years = { day: string; years: number; result: string };
golden<Years>("dates", "years_after", "years are added on the calendar", (given) =>
  expect(dates.yearsAfter(given.day, given.years)).toBe(given.result),
);

type Birth = { text: string; today: string; plausible: boolean };
golden<Birth>("dates", "births", "a birth is plausible within a life", (given) =>
  expect(dates.isPlausibleBirth(given.text, given.today)).toBe(given.plausible),
);

type Expiry = { day: string; today: string; plausible: boolean };
golden<Expiry>("dates", "expiries", "an expiry is plausible within its window", (given) =>
  expect(dates.isPlausibleExpiry(given.day, given.today)).toBe(given.plausible),
);

type Written = { text: string; written: string };
golden<Written>("dates", "khmer", "a date is written in the long Khmer form", (given) =>
  expect(dates.formatKhmerDate(given.text)).toBe(given.written),
);
