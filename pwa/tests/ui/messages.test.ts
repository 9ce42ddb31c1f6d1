import { expect, test } from "vitest";
import { formatMessage } from "../../src/ui/messages.ts";

const waiting =
  "{n, plural, =0 {Nothing waits} one {# entry waits for {place}} other {# entries wait for {place}}}";

test("a message without a value it needs is refused", () => {
  expect(() => formatMessage("en", "Hello {name}")).toThrow("needs a value");
});

test("a message with an unclosed brace is refused", () => {
  expect(() => formatMessage("en", "Hello {name", { name: "A" })).toThrow("Unclosed");
});

test("a select without the branch and without other is refused", () => {
  expect(() => formatMessage("en", "{s, select, a {A}}", { s: "b" })).toThrow("no branch other");
});

test("a placeholder is filled as often as it stands there", () => {
  expect(formatMessage("en", "{a} and {b} and {a}", { a: "x", b: 2 })).toBe("x and 2 and x");
});

test("English counts one and many apart, and an exact number goes first", () => {
  const say = (n: number) => formatMessage("en", waiting, { n, place: "Buon" });
  expect([0, 1, 2].map(say)).toEqual(["Nothing waits", "1 entry waits for Buon", "2 entries wait for Buon"]);
});

test("Khmer and Chinese have one form for every number", () => {
  const message = "{n, plural, other {# នាក់}}";
  expect(formatMessage("km", message, { n: 1 })).toBe("១ នាក់");
  expect(formatMessage("zh", "{n, plural, other {# 人}}", { n: 5 })).toBe("5 人");
});

test("select chooses by word and falls back to other", () => {
  const message = "{s, select, f {she} m {he} other {they}} left";
  expect(["f", "m", "x"].map((s) => formatMessage("en", message, { s }))).toEqual([
    "she left",
    "he left",
    "they left",
  ]);
});

test("a number is written in the digits of the language, a text stays as it is", () => {
  expect(formatMessage("km", "{n} / {code}", { n: 25, code: "A-117" })).toBe("២៥ / A-117");
  expect(formatMessage("zh", "{n}", { n: 25 })).toBe("25");
});
