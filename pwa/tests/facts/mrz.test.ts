import { expect, test } from "vitest";
import { type Mrz, type MrzFault, readMrz, readSecondLine } from "../../src/facts/mrz.ts";
import { golden } from "../golden.ts";

const passport = `P<VNMNGUYEN<<THI<DAO<<<<<<<<<<<<<<<<<<<<<<<<
C1234567<0VNM9403073F2905316079194000001<<96`;

type Zone = { text: string; today: string; specimens: boolean; reading: Mrz | MrzFault };
golden<Zone>("mrz", "zones", "a zone is read", ({ text, reading, ...options }) =>
  expect(readMrz(text, options)).toEqual(reading),
);

type Line = Omit<Zone, "text"> & { line: string; primary: string; secondary: string };
golden<Line>("mrz", "second_lines", "a second line is read with a typed name", (given) =>
  expect(readSecondLine(given.line, given.primary, given.secondary, given)).toEqual(given.reading),
);

test("optional data is verified and dropped", () => {
  const reading = readMrz(passport, { today: "2022-09-24" });
  expect(reading).toHaveProperty("checks.optional_check", "ok");
  expect(JSON.stringify(reading)).not.toContain("079194000001");
});
