// Dates as people know and type them: partial, Khmer, Buddhist. Twin: api/facts/dates.py; both replay
// tests/vectors/dates.json. A date is its text, `1990`, `1990-05` or `1990-05-12`, so that no time zone moves it.
import { foldDigits, stripZeroWidth } from "./values.ts";

/** What was typed: a date as far as it is known, a Buddhist year to ask about, or no date of the calendar. */
export type DateReading =
  | { readonly reading: "date"; readonly value: string }
  | { readonly reading: "ask"; readonly candidates: readonly string[] }
  | { readonly reading: "none"; readonly code: "year" | "month" | "day" | "form" };

const buddhistFrom = 2400;
const earliestYear = 1850;
const oldestAge = 120;
const expiryYearsBack = 20;
const expiryYearsAhead = 30;
const number = /^[0-9]{1,4}$/;
const partial = /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$/;

export const khmerMonths: readonly string[] = [
  "មករា",
  "កុម្ភៈ",
  "មីនា",
  "មេសា",
  "ឧសភា",
  "មិថុនា",
  "កក្កដា",
  "សីហា",
  "កញ្ញា",
  "តុលា",
  "វិច្ឆិកា",
  "ធ្នូ",
];

/**
 * Reads the three boxes of a date; day, or day and month, may stay empty. A Buddhist year is 543 more than ours, 544 in
 * Cambodia from Visakh Bochea (April or May) on: the person says which is meant, nobody guesses.
 */
export function readDate(day: string, month: string, year: string): DateReading {
  const [d = "", m = "", y = ""] = [day, month, year].map((part) => foldDigits(stripZeroWidth(part)).trim());
  if (!number.test(y)) return { reading: "none", code: "year" };
  const typed = Number(y);
  if (typed < buddhistFrom) return readParts(typed, m, d);
  const first = readParts(typed - 543, m, d);
  const candidates = [first, readParts(typed - 544, m, d)].flatMap((reading) =>
    reading.reading === "date" ? [reading.value] : [],
  );
  return candidates.length > 0 ? { reading: "ask", candidates } : first;
}

/** Reads a date typed into one field: `24/9/2022`, `9.2022`, `2022`, `2022-09-24`. */
export function readTypedDate(text: string): DateReading {
  const parts = foldDigits(stripZeroWidth(text))
    .trim()
    .split(/[-/.\s]+/);
  if (parts.length > 3 || !parts.every((part) => number.test(part))) return { reading: "none", code: "form" };
  const [first = ""] = parts;
  const [year = "", month = "", day = ""] = first.length > 2 ? parts : [...parts].reverse();
  return readDate(day, month, year);
}

function readParts(year: number, month: string, day: string): DateReading {
  if (year < earliestYear || year >= buddhistFrom) return { reading: "none", code: "year" };
  if (month === "" && day === "") return { reading: "date", value: String(year) };
  if (!isBetween(month, 1, khmerMonths.length)) return { reading: "none", code: "month" };
  if (day !== "" && !isBetween(day, 1, lastDay(year, Number(month)))) return { reading: "none", code: "day" };
  const known = [month, day].filter((part) => part !== "").map((part) => pad(Number(part)));
  return { reading: "date", value: [String(year), ...known].join("-") };
}

function isBetween(text: string, first: number, last: number): boolean {
  return number.test(text) && first <= Number(text) && Number(text) <= last;
}

/** The last day of a month; day 0 of the next month. */
function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function pad(part: number): string {
  return String(part).padStart(2, "0");
}

/** Whether the text is `1990`, `1990-05` or `1990-05-12` of the real calendar. */
export function isPartialDate(text: string): boolean {
  const match = partial.exec(text);
  return match !== null && readParts(Number(match[1]), match[2] ?? "", match[3] ?? "").reading === "date";
}

/** Whether the text is a whole date of the real calendar. */
export function isFullDate(text: string): boolean {
  return text.length === "1990-05-12".length && isPartialDate(text);
}

/** The first day that a partial date may mean. */
export function earliestDay(text: string): string {
  return (text + "-01-01".slice(text.length - "1990".length)).slice(0, "1990-05-12".length);
}

/** The last day that a partial date may mean. */
export function latestDay(text: string): string {
  const [year = "", month = "12", day] = text.split("-");
  return day === undefined ? `${year}-${month}-${pad(lastDay(Number(year), Number(month)))}` : text;
}

/** The same day of another year; 29 February becomes 28 February where there is none. */
export function yearsAfter(day: string, years: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = lastDay(year + years, month);
  return `${year + years}-${pad(month)}-${pad(Math.min(date, last))}`;
}

/** Whether somebody alive today may have been born then. */
export function isPlausibleBirth(text: string, today: string): boolean {
  return yearsAfter(today, -oldestAge) <= latestDay(text) && earliestDay(text) <= today;
}

/** Whether a paper seen today may expire then: 20 years back to 30 years ahead. */
export function isPlausibleExpiry(day: string, today: string): boolean {
  return yearsAfter(today, -expiryYearsBack) <= day && day <= yearsAfter(today, expiryYearsAhead);
}

/** A date in the long Khmer form, as far as it is known. */
export function formatKhmerDate(text: string): string {
  const [year = "", month, day] = text.split("-");
  const words = [
    ...(day === undefined ? [] : [`ថ្ងៃទី${Number(day)}`]),
    ...(month === undefined ? [] : [`ខែ${khmerMonths[Number(month) - 1]}`]),
    `ឆ្នាំ${year}`,
  ];
  return khmerDigits(words.join(" "));
}

/** The digits 0-9 of a text as Khmer writes them. */
export function khmerDigits(text: string): string {
  return text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x17e0 + Number(digit)));
}
