import { expect, test } from "vitest";
import { premisesName } from "../../src/premises/name.ts";
import { premisesAnswers, readPremises } from "../../src/premises/rules.ts";
import { entryPlace } from "../../src/review/entry-name.ts";
import { stayAnswers } from "../../src/stays/answers.ts";
import { nameOf } from "../../src/stays/name.ts";
import { knownTextAt } from "../../src/ui/entries.ts";
import { Facts } from "../../src/ui/facts.tsx";
import { makeEntry } from "../makers.ts";

const nobodyKnows = { primary: "unknown", secondary: "unknown", native: "TESTDATA" };

test("what nobody knew is said in the reader's words, wherever facts stand", () => {
  const shown = JSON.stringify(
    Facts({
      facts: [
        ["Room", "unknown"],
        ["Village", "TEST"],
        ["Beds", ""],
      ],
    }),
  );
  expect(shown).toContain('"word.unknown"');
  expect(shown).not.toContain('"unknown"');
  expect(shown).toContain('"TEST"');
  expect(shown).not.toContain("Beds");
});

test("no name and no line is made of the word for what nobody knew", () => {
  expect(knownTextAt({ unit: "unknown" }, "unit")).toBe("");
  expect(knownTextAt({ unit: "unknown 7" }, "unit")).toBe("unknown 7");
  expect(nameOf({ body: { identity: nobodyKnows } })).toBe("TESTDATA");
  expect(premisesName({ names: { km: "unknown" }, address: "unknown", landmark: "TEST" }, "km")).toBe("TEST");
  expect(entryPlace(makeEntry({ body: { unit: "unknown" } }))).toBe("");
});

test("a correction begins with an empty field where nobody knew", () => {
  const body = { unit: "unknown", sex: "unknown", identity: nobodyKnows, work: { position: "unknown" } };
  const answers = stayAnswers(makeEntry({ body }));
  expect(answers).toMatchObject({ unit: "", primary: "", native: "TESTDATA", position: "", sex: "unknown" });
});

test("a count and a licence of which nobody knew more stand in no correction's way", () => {
  const licence = { kind: "unknown", number: "unknown", authority: "unknown", expires_on: "2027-01-31" };
  const body = { kind: "rental_house", capacity: "owner", rooms_count: "unknown", licences: [licence] };
  const read = readPremises(premisesAnswers(makeEntry({ kind: "premises", body })));
  expect(read).toMatchObject({ ok: true, value: { body: { licences: [licence] } } });
});
