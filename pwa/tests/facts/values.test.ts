import { expect, test } from "vitest";
import * as values from "../../src/facts/values.ts";
import { golden } from "../golden.ts";

type Case = { readonly text: string };

golden<Case & { lines: boolean; fault: string | null }>(
  "values",
  "faults",
  "a text that deceives or breaks is found",
  (given) => expect(values.findTextFault(given.text, given.lines)).toBe(given.fault),
);

test("half a surrogate pair is found", () => {
  expect(values.findTextFault("\ud83d")).toBe("control");
});

golden<Case & { nfc: boolean }>("values", "is_nfc", "the normal form is recognised", (given) =>
  expect(values.isNfc(given.text)).toBe(given.nfc),
);

golden<Case & { stored: string }>("values", "normalise_text", "typed text is stored in one form", (given) =>
  expect(values.normaliseText(given.text)).toBe(given.stored),
);

golden<Case & { stripped: string }>("values", "strip_zero_width", "what has no width is stripped", (given) =>
  expect(values.stripZeroWidth(given.text)).toBe(given.stripped),
);

golden<Case & { folded: string }>("values", "fold_digits", "Khmer digits count as digits", (given) =>
  expect(values.foldDigits(given.text)).toBe(given.folded),
);

golden<Case & { folded: string }>(
  "values",
  "comparable",
  "texts that look the same compare as the same",
  (given) => expect(values.comparable(given.text)).toBe(given.folded),
);

golden<Case & { normalised: string }>(
  "values",
  "document_numbers",
  "a document number is compared without its separators",
  (given) => expect(values.normaliseDocumentNumber(given.text)).toBe(given.normalised),
);
