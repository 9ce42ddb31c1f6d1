// How names are folded for search and written as a passport prints them. Twin: api/facts/names.py; both replay
// tests/vectors/names.json. Folding finds, it never decides: nobody is taken for another on a name alone.
import { distanceToBeginning } from "./closeness.ts";
import { foldKhmer } from "./khmer.ts";
import { foldDigits, stripZeroWidth } from "./values.ts";

/** What a name is searched by: its words in no order, and all of it in one piece. */
export type NameKey = { readonly tokens: ReadonlySet<string>; readonly joined: string };

const accents = /[\u0300-\u036f]/g;
const apostrophes = /['`\u00b4\u02b9-\u02bf\u2018\u2019\uff07]/g;
// NFD takes marks off letters, but these are letters of their own (Đặng is DANG).
const letters: Readonly<Record<string, string>> = {
  Đ: "D",
  Ð: "D",
  Ł: "L",
  Æ: "AE",
  Œ: "OE",
  Þ: "TH",
  Ħ: "H",
  ẞ: "SS",
};
// ICAO permits several spellings of these, so both are kept and either finds the other.
const twoWays: Readonly<Record<string, string>> = { Ä: "AE", Ö: "OE", Ü: "UE", Å: "AA", Ø: "OE" };
// The Chinese sound ü is printed YU, V or U by year of issue: LYU, LV and LU are one name.
const chineseU = /([LN])(?:YU|V$|V(?=E$))/g;
// Shorter pieces stand inside too many Latin names; one Chinese sign may be a whole name.
const pieceLength = 3;

/** Folds the parts of one name (primary and secondary, or native) to a key. */
export function nameKey(...parts: string[]): NameKey {
  const words = parts.flatMap(splitWords);
  return { tokens: new Set(words.flatMap(spellings)), joined: join(words) };
}

/** Whether each word asked for begins one of the name, or all stand in it in one piece. */
export function nameMatches(query: string, key: NameKey): boolean {
  return nameMatcher(query)(key);
}

/** The same for many names: the query is folded once. */
export function nameMatcher(query: string): (key: NameKey) => boolean {
  const words = splitWords(query);
  if (words.length === 0) return () => false;
  const joined = join(words);
  const isPiece = joined.length >= pieceLength || /[^A-Z0-9]/.test(joined);
  const wanted = words.map(spellings);
  return (key) => {
    return (isPiece && key.joined.includes(joined)) || wanted.every((word) => begins(word, key));
  };
}

/** How many letters are wrong in a query that means this name; null when it means another. */
export function nameMeasurer(query: string): (key: NameKey) => number | null {
  const wanted = splitWords(query).map(spellings);
  return (key) => {
    const distances = wanted.map((word) => distanceTo(word, key));
    const isMeant = wanted.length > 0 && distances.every((distance) => distance !== null);
    return isMeant ? distances.reduce<number>((sum, distance) => sum + (distance ?? 0), 0) : null;
  };
}

function distanceTo(wanted: readonly string[], key: NameKey): number | null {
  const known = [...key.tokens].flatMap((token) => wanted.map((word) => distanceToBeginning(word, token)));
  const close = known.filter((distance) => distance !== null);
  return close.length === 0 ? null : Math.min(...close);
}

/** A typed Latin name as a passport's machine-readable zone prints it, with spaces for fillers. */
export function mrzName(text: string): string {
  const words = splitWords(text).map((word) => withoutMarks(word).replace(/[^A-Z]/g, ""));
  return words.filter((word) => word !== "").join(" ");
}

function begins(wanted: readonly string[], key: NameKey): boolean {
  for (const token of key.tokens) {
    if (wanted.some((spelling) => token.startsWith(spelling))) return true;
  }
  return false;
}

function join(words: readonly string[]): string {
  return words.map((word) => spellings(word)[0]).join("");
}

/** A name's words in capitals; marks of Latin letters still stand. */
function splitWords(text: string): string[] {
  const plain = foldKhmer(foldDigits(stripZeroWidth(text.normalize("NFKC"))));
  const upper = replaceSigns(plain.toUpperCase().replace(apostrophes, ""), letters);
  return upper.normalize("NFC").match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** A word without marks, then as ICAO spells it where that differs. */
function spellings(word: string): readonly [string, ...string[]] {
  const plain = withoutMarks(word).replace(chineseU, "$1U");
  const spelled = replaceSigns(word, twoWays);
  return spelled === word ? [plain] : [plain, withoutMarks(spelled).replace(chineseU, "$1U")];
}

function withoutMarks(word: string): string {
  return word.replaceAll("Ø", "O").normalize("NFD").replace(accents, "").normalize("NFC");
}

function replaceSigns(text: string, table: Readonly<Record<string, string>>): string {
  return Array.from(text, (sign) => table[sign] ?? sign).join("");
}
