import { expect, test } from "vitest";
import {
  type Answers,
  codeOf,
  dateAnswers,
  digitsOf,
  type FormError,
  longTextOf,
  readCount,
  readDateAnswer,
  textOf,
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

test("what nobody sees is read away from texts, and the lines of long ones stay", () => {
  const answers = { text: " Sok\u202a\tDara\u202c \r\n\u200bSok " };
  expect(textOf(answers, "text")).toBe("Sok Dara \u200bSok");
  expect(longTextOf(answers, "text")).toBe("Sok Dara \n\u200bSok");
  expect(digitsOf({ text: "ក\u200b១\u202e" }, "text")).toBe("ក\u200b1");
});

test("no invisible sign makes a number or a code another one", () => {
  expect(codeOf({ code: "\u200e AB\u2060-១\u202c" }, "code")).toBe("AB-1");
  expect(codeOf({ code: "e\u200b\u0301" }, "code")).toBe("é");
  expect(readCount({ rooms: "\u200e24\u202c" }, "rooms", [])).toBe(24);
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
