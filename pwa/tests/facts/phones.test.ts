import { expect } from "vitest";
import { normalisePhone } from "../../src/facts/phones.ts";
import { golden } from "../golden.ts";

golden<{ text: string; number: string | null }>("phones", "numbers", "a number has one form", (given) =>
  expect(normalisePhone(given.text)).toBe(given.number),
);
