import { expect, test } from "vitest";
import { findEntries } from "../../src/review/finding.ts";
import { makeEntry } from "../makers.ts";

const house = makeEntry({
  id: "house",
  kind: "premises",
  body: { names: { latin: "TEST DATA House 12" }, address: "ផ្លូវ ៣០៥" },
});
const person = makeEntry({ id: "person", body: { identity: { primary: "TEST", secondary: "PERSON 7" } } });
const entries = new Map([house, person].map((entry) => [entry.id, entry]));

function found(query: string): readonly string[] {
  const { entries: all, areSimilar } = findEntries(entries, query);
  return areSimilar ? [] : all.map(({ id }) => id);
}

test("digits find what is written with them in any script", () => {
  expect(found("១២")).toEqual(["house"]);
  expect(found("305")).toEqual(["house"]);
  expect(found("test ៧")).toEqual(["person"]);
});
