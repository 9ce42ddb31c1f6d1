import { expect, test } from "vitest";
import {
  type Answers,
  dateAnswers,
  type FormError,
  readCount,
  readDateAnswer,
} from "../../src/ui/answers.ts";

function readDate(answers: Answers, wanted: Parameters<typeof readDateAnswer>[2] = {}) {
  const errors: FormError[] = [];
  const value = readDateAnswer(answers, "on", wanted, errors);
  return { value, errors };
}

function boxes(day: string, month: string, year: string): Answers {
  return { "on.day": day, "on.month": month, "on.year": year };
}

test("a Buddhist year is asked about and never guessed", () => {
  const { value, errors } = readDate(boxes("3", "1", "2569"));
  expect(value).toBeUndefined();
  expect(errors[0]).toMatchObject({ field: "on", key: "problem.form.buddhist", values: { common: "2026" } });
});

test("a day that does not exist is refused", () => {
  expect(readDate(boxes("31", "2", "2026")).errors[0]?.key).toBe("problem.field.date");
});

test("a year alone is refused where the day is needed and taken where it is not", () => {
  expect(readDate(boxes("", "", "1990")).errors[0]?.key).toBe("problem.form.date");
  expect(readDate(boxes("", "", "1990"), { partial: true })).toEqual({ value: "1990", errors: [] });
});

test("a day in the future is refused where it cannot be", () => {
  expect(readDate(boxes("2", "3", "2026"), { latest: "2026-03-01" }).errors[0]?.key).toBe(
    "problem.form.future",
  );
});

test("empty is no answer, unless one is required", () => {
  expect(readDate({})).toEqual({ value: undefined, errors: [] });
  expect(readDate({}, { required: true }).errors[0]?.key).toBe("problem.form.date");
});

test("not known is an answer", () => {
  expect(readDate({ "on.unknown": "yes", "on.day": "1" }, { required: true }).value).toBe("unknown");
});

test("Khmer digits are digits", () => {
  expect(readDate(boxes("០៣", "១២", "២០២៥")).value).toBe("2025-12-03");
  expect(readCount({ rooms: "២៤" }, "rooms", [])).toBe(24);
});

test("what is no number is refused as a count", () => {
  const errors: FormError[] = [];
  expect(readCount({ rooms: "many" }, "rooms", errors)).toBeUndefined();
  expect(errors).toEqual([{ field: "rooms", key: "problem.form.number" }]);
});

test("a known date fills the boxes as people write it", () => {
  expect(readDate(dateAnswers("on", "2026-03-09")).value).toBe("2026-03-09");
  expect(dateAnswers("on", "1990")).toMatchObject({ "on.year": "1990", "on.month": "", "on.unknown": "" });
  expect(dateAnswers("on", "unknown")).toMatchObject({ "on.unknown": "yes", "on.year": "" });
});
