import { expect } from "vitest";
import { maskNumber } from "../../src/facts/masking.ts";
import { golden } from "../golden.ts";

golden<{ text: string; masked: string }>(
  "masking",
  "numbers",
  "a number is masked but for its end",
  (given) => expect(maskNumber(given.text)).toBe(given.masked),
);
