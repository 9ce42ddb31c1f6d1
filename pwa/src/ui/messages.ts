// The subset of ICU MessageFormat that the texts use: apart because it is pure and the texts of six languages rest on it.

import { khmerDigits } from "../facts/dates.ts";

export type Language = "km" | "en" | "zh";
export type Values = Readonly<Record<string, string | number>>;

/** Only English has a singular among the languages served; Intl is avoided because Chromium lacks Khmer. */
export function pluralBranch(language: Language, count: number): "one" | "other" {
  return language === "en" && count === 1 ? "one" : "other";
}

/** A number as the language writes it, so that a screen does not mix two kinds of digits; texts stay as they are. */
export function inDigits(language: Language, value: number): string {
  return language === "km" ? khmerDigits(String(value)) : String(value);
}

/** Fills `{name}`, `{n, plural, =0 {…} one {# …} other {# …}}` and `{s, select, a {…} other {…}}`; branches may nest. */
export function formatMessage(language: Language, message: string, values: Values = {}): string {
  return splitParts(message)
    .map((part) => (typeof part === "string" ? part : fill(language, part.inside, values)))
    .join("");
}

type Part = string | { readonly inside: string };

/** Cuts a message at its outermost braces. */
function splitParts(message: string): readonly Part[] {
  const parts: Part[] = [];
  let rest = message;
  while (rest) {
    const open = rest.indexOf("{");
    if (open < 0) return [...parts, rest];
    const close = closingBrace(rest, open);
    parts.push(rest.slice(0, open), { inside: rest.slice(open + 1, close) });
    rest = rest.slice(close + 1);
  }
  return parts;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`Unclosed brace in message: ${text}`);
}

function fill(language: Language, inside: string, values: Values): string {
  const [, name = "", kind, branches = ""] =
    /^\s*(\w+)\s*(?:,\s*(plural|select)\s*,(.*))?$/s.exec(inside) ?? [];
  const value = values[name];
  if (value === undefined) throw new Error(`Message needs a value for {${inside}}`);
  if (!kind) return typeof value === "number" ? inDigits(language, value) : value;
  const options = readBranches(branches);
  if (kind === "select") return formatMessage(language, chosen(options, [String(value)]), values);
  const branch = chosen(options, [`=${value}`, pluralBranch(language, Number(value))]);
  return formatMessage(language, branch.replaceAll("#", inDigits(language, Number(value))), values);
}

function readBranches(text: string): ReadonlyMap<string, string> {
  const parts = splitParts(text);
  const branches = new Map<string, string>();
  parts.forEach((part, at) => {
    const label = parts[at - 1];
    if (typeof part !== "string" && typeof label === "string") branches.set(label.trim(), part.inside);
  });
  return branches;
}

function chosen(options: ReadonlyMap<string, string>, labels: readonly string[]): string {
  const label = [...labels, "other"].find((candidate) => options.has(candidate));
  const branch = label === undefined ? undefined : options.get(label);
  if (branch === undefined) throw new Error("Message has no branch other");
  return branch;
}
