import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import first from "../../src/text/km.json";
import later from "../../src/text/later/km.json";

const km = { ...first, ...later };

const source = new URL("../../src", import.meta.url).pathname;
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.tsx?$/.test(name),
);

function listFilesWith(pattern: RegExp): readonly string[] {
  return files.filter((name) => pattern.test(readFileSync(join(source, name), "utf8")));
}

test("no browser is asked for Khmer dates or numbers: it would answer in American English", () => {
  expect(files.length).toBeGreaterThan(50);
  expect(listFilesWith(/\.toLocale\w+\(|\bnew Intl\./)).toEqual([]);
});

/** Letters between a tag and its closing tag. */
const words = />[^<>{}=;]*[a-z]{3,}[^<>{}=;]*<\/[a-z]/;

test("no screen carries words of its own", () => {
  const screens = files.filter((name) => name.endsWith(".tsx"));
  const spoken = screens.filter((name) => words.test(readFileSync(join(source, name), "utf8")));
  expect(spoken).toEqual([]);
});

test("Khmer texts hold no zero-width signs and are in one normal form", () => {
  const odd = Object.entries(km).filter(
    ([, text]) => /[\u200b-\u200f\u2060]/.test(text) || text !== text.normalize("NFC"),
  );
  expect(odd).toEqual([]);
});

test("no text says of a person that he is legal or illegal", () => {
  const verdicts = Object.entries(km).filter(([, text]) => /ខុសច្បាប់/.test(text));
  expect(verdicts).toEqual([]);
});
