import { expect, test } from "vitest";
import { firstAsked } from "../../src/review/asked.ts";
import { askedOfStay } from "../../src/stays/asked.ts";
import type { Answers } from "../../src/ui/answers.ts";

function fieldFor(reasons: readonly string[], answers: Answers, isMasked = false): string | undefined {
  return askedOfStay(reasons, answers, isMasked)[0]?.field;
}

const arrived = { "arrived_on.year": "2026" };
const known = { ...arrived, "born_on.year": "1990" };

test("the first reason that is about a field says where a correction begins", () => {
  const unit = [{ field: "unit", reason: "wrong_unit" }];
  expect(askedOfStay(["wrong_unit"], { unit: "3" }, false)).toEqual(unit);
  const name = [{ field: "primary", reason: "name_unreadable" }];
  expect(askedOfStay(["registered_elsewhere", "name_unreadable"], {}, false)).toEqual(name);
  expect(askedOfStay(["other"], {}, false)).toEqual([]);
  expect(askedOfStay(["not_a_reason", "toString"], {}, false)).toEqual([]);
  expect(askedOfStay([], {}, false)).toEqual([]);
});

test("of several dates the first that is missing is asked for", () => {
  expect(fieldFor(["date_missing"], { ...arrived, "visa_expires_on.day": "" })).toBe("born_on");
  expect(fieldFor(["date_missing"], known)).toBe("document_expires_on");
  expect(fieldFor(["date_missing"], { ...known, "document_expires_on.year": "2030" })).toBe("arrived_on");
});

test("a date of which nobody knew is missing too", () => {
  expect(fieldFor(["date_missing"], { ...known, "arrived_on.year": "", "arrived_on.unknown": "yes" })).toBe(
    "arrived_on",
  );
});

test("a paper that is masked is reached over the tick that opens it", () => {
  expect(fieldFor(["date_missing"], known, true)).toBe("document_again");
  expect(fieldFor(["photo_unclear"], known, true)).toBe("document_again");
  expect(fieldFor(["photo_unclear"], { document_again: "yes" }, true)).toBe("document_number");
});

test("what the form does not show is not asked for", () => {
  const missing = { ...known, papers: "missing" };
  expect(fieldFor(["photo_unclear"], missing)).toBe("document_missing");
  expect(fieldFor(["date_missing"], { ...missing, visa_class: "none" })).toBe("arrived_on");
  expect(fieldFor(["date_missing"], { ...missing, visa_class: "exempt" })).toBe("visa_entered_on");
  expect(fieldFor(["date_missing"], { ...missing, visa_class: "E" })).toBe("visa_expires_on");
});

test("every reason marks its own field", () => {
  const asked = askedOfStay(["date_missing", "wrong_unit", "photo_unclear"], arrived, false);
  expect(asked.map(({ field, reason }) => [field, reason])).toEqual([
    ["born_on", "date_missing"],
    ["unit", "wrong_unit"],
    ["document_number", "photo_unclear"],
  ]);
});

test("a correction begins where a reason is certain of its field, not at a date that may be left out", () => {
  const dates = { ...known, papers: "missing", visa_class: "exempt" };
  const begins = (answers: Answers) =>
    firstAsked(askedOfStay(["date_missing", "wrong_unit"], answers, false));
  expect(begins(dates)).toBe("unit");
  expect(begins({ ...dates, visa_class: "none" })).toBe("unit");
  expect(begins(arrived)).toBe("born_on");
  expect(firstAsked(askedOfStay(["date_missing"], dates, false))).toBe("visa_entered_on");
  expect(firstAsked([])).toBeUndefined();
});
