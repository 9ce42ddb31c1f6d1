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

test("half a surrogate pair is found, and not kept", () => {
  expect(values.findTextFault("\ud83d")).toBe("control");
  expect(values.cleanText("a\ud83d")).toBe("a");
});

golden<Case & { nfc: boolean }>("values", "is_nfc", "the normal form is recognised", (given) =>
  expect(values.isNfc(given.text)).toBe(given.nfc),
);

golden<Case & { stored: string }>("values", "normalise_text", "typed text is stored in one form", (given) =>
  expect(values.normaliseText(given.text)).toBe(given.stored),
);

golden<Case & { lines: boolean; stored: string }>(
  "values",
  "clean_text",
  "what nobody sees and the register refuses is not kept",
  ({ text, lines, stored }) => {
    expect(values.cleanText(text, lines)).toBe(stored);
    expect(values.cleanText(stored, lines)).toBe(stored);
  },
);

test.each([false, true])("nothing that is kept is refused, whatever was typed (lines: %s)", (lines) => {
  // The plane that most signs stand in, and the one with the invisible tags.
  const signs = [0, 0xe0000].flatMap((first) => Array.from({ length: 0x10000 }, (_, at) => first + at));
  const refused = signs.filter((at) => {
    const kept = values.cleanText(`a${String.fromCodePoint(at)}b`, lines);
    return values.findTextFault(kept, lines) !== null || !values.isNfc(kept);
  });
  expect(refused).toEqual([]);
});

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
