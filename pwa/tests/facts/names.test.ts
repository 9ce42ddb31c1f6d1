import { expect } from "vitest";
import { foldKhmer } from "../../src/facts/khmer.ts";
import { mrzName, nameKey, nameMatches } from "../../src/facts/names.ts";
import { stripZeroWidth } from "../../src/facts/values.ts";
import { golden } from "../golden.ts";

type Key = { name: string[]; tokens: string[]; joined: string };
golden<Key>("names", "keys", "a name is folded to its key", (given) => {
  const key = nameKey(...given.name);
  expect([...key.tokens].sort()).toEqual(given.tokens);
  expect(key.joined).toBe(given.joined);
});

type Match = { name: string[]; query: string; found: boolean };
golden<Match>("names", "matches", "a query finds what it means", (given) =>
  expect(nameMatches(given.query, nameKey(...given.name))).toBe(given.found),
);

type Khmer = { one: string; other: string; same: boolean };
golden<Khmer>("names", "khmer", "Khmer spellings that read the same are one", (given) => {
  const [one, other] = [given.one, given.other].map((text) => foldKhmer(stripZeroWidth(text)));
  expect(one === other).toBe(given.same);
});

type Printed = { text: string; printed: string };
golden<Printed>("names", "mrz", "a typed name is written as passports print it", (given) =>
  expect(mrzName(given.text)).toBe(given.printed),
);
