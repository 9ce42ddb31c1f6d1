import { expect, test } from "vitest";
import { askedOfPremises } from "../../src/premises/asked.ts";

test("a name that cannot be read is the one that was written", () => {
  const asked = (answers: Readonly<Record<string, string>>) =>
    askedOfPremises(["photo_unclear", "name_unreadable"], answers)[0]?.field;
  expect(asked({ name_km: "", name_latin: "TEST DATA House" })).toBe("name_latin");
  expect(asked({})).toBe("name_km");
});

test("other reasons are about no field of a place", () => {
  expect(askedOfPremises(["photo_unclear", "registered_elsewhere", "other"], {})).toEqual([]);
});
