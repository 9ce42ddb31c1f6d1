// The machine-readable zone of a passport, card or visa, typed, pasted or scanned. Twin: api/facts/mrz.py; both replay
// tests/vectors/mrz.json. Optional data often holds a national identity number: it verifies and never leaves this module.
import { earliestDay, isFullDate, isPartialDate, isPlausibleExpiry } from "./dates.ts";
import {
  type CheckName,
  type CheckState,
  checkStates,
  cut,
  documentCode,
  documentNumber,
  type Format,
  filler,
  findLayout,
  issuer,
  type Layout,
  type Span,
  td3,
  trimFillers,
} from "./mrz_layouts.ts";
import { mrzName } from "./names.ts";
import { foldDigits, stripZeroWidth } from "./values.ts";

export type FieldName = "name" | "issuing_state" | "nationality" | "sex" | "birth_date" | "expiry_date";

/** The one character that was taken for its look-alike; line and position count from 1. */
export type Repair = {
  readonly line: number;
  readonly position: number;
  readonly printed: string;
  readonly read: string;
};

/** What a zone says, in the words of a stay; `failing` is what does not hold. */
export type Mrz = {
  readonly reading: "zone";
  readonly format: Format;
  readonly document_code: string;
  /** Empty when only the second line was typed. */
  readonly issuer: string;
  readonly number: string;
  readonly nationality: string;
  readonly primary: string;
  readonly secondary: string;
  readonly name_truncated: boolean;
  /** May be `1988` or `1988-05`; null is an unknown or impossible date. */
  readonly born_on: string | null;
  readonly sex: "M" | "F" | "X";
  readonly expires_on: string | null;
  readonly checks: Readonly<Record<CheckName, CheckState>>;
  readonly failing: readonly (CheckName | FieldName)[];
  readonly repair: Repair | null;
};

/** Nothing could be read: wrong number of characters, foreign characters, or a specimen. */
export type MrzFault = { readonly reading: "none"; readonly code: "length" | "characters" | "specimen" };

/** `today` decides centuries; specimens (state UTO) are for tests and the demo alone. */
export type ReadingOptions = { readonly today: string; readonly specimens?: boolean };

const checkNames: readonly CheckName[] = [
  "document_number_check",
  "birth_check",
  "expiry_check",
  "optional_check",
  "composite_check",
];
const oneLine: Readonly<Record<number, number>> = { 88: 44, 72: 36, 90: 30 };
const legal = /^[A-Z0-9<]*$/;
// G and 6 are not here: 16 and 6 are equal modulo 10, so no check digit tells them apart.
const lookAlike: Readonly<Record<string, string>> = { O: "0", I: "1", B: "8", S: "5", Z: "2" };

/** Reads the zone. */
export function readMrz(text: string, options: ReadingOptions): Mrz | MrzFault {
  const lines = findLines(text);
  const layout = findLayout(lines);
  if (!layout) return { reading: "none", code: "length" };
  if (!legal.test(lines.join(""))) return { reading: "none", code: "characters" };
  const states = [cut(lines, issuer), cut(lines, layout.nationality)];
  if (states.includes("UTO") && !options.specimens) return { reading: "none", code: "specimen" };
  return readOrRepair(layout, lines, options.today);
}

/** Reads a passport's second line with a typed name: all but the name is then verified. */
export function readSecondLine(
  line: string,
  primary: string,
  secondary: string,
  options: ReadingOptions,
): Mrz | MrzFault {
  const reading = readMrz(`${"P<".padEnd(td3.line_length, filler)}\n${line}`, options);
  if (reading.reading === "none") return reading;
  return { ...reading, primary: mrzName(primary), secondary: mrzName(secondary) };
}

/** Word processors and fonts turn << into «; where that does not fit, « stood for one filler. */
function findLines(text: string): readonly string[] {
  const plain = stripZeroWidth(foldDigits(text).normalize("NFKC"))
    .replace(/[\u2039\u3008\u27e8]/g, filler)
    .replace(/[\u300a\u27ea]/g, "\u00ab")
    .toUpperCase();
  const splits = [filler + filler, filler].map((fillers) => split(plain.replaceAll("\u00ab", fillers)));
  return splits.find((lines) => findLayout(lines)) ?? [];
}

function split(text: string): readonly string[] {
  const lines = text
    .split(/[\n\r\u2028\u2029]+/)
    .map((row) => row.replace(/\s/g, ""))
    .filter((row) => row !== "");
  const [only = ""] = lines;
  const length = lines.length === 1 ? oneLine[only.length] : undefined;
  if (length === undefined) return lines;
  return Array.from({ length: only.length / length }, (_, at) => only.slice(at * length, (at + 1) * length));
}

/** Repairs one character where position and check digits both allow exactly one reading. */
function readOrRepair(layout: Layout, lines: readonly string[], today: string): Mrz {
  const reading = read(layout, lines, today);
  if (!Object.values(reading.checks).includes("fail")) return reading;
  const [first, second] = listRepairs(layout, lines)
    .map((repair) => ({ ...read(layout, repaired(lines, repair), today), repair }))
    .filter((candidate) => candidate.failing.every((name) => !/_(check|date)$/.test(name)));
  return first && !second ? first : reading;
}

/**
 * Every single letter that its position allows to be read as a digit. Never a digit as a letter: 1, 8, 5 and 2 differ from
 * I, B, S and Z by the same amount modulo 10, so that in a number one check digit would bless several such readings.
 */
function listRepairs(layout: Layout, lines: readonly string[]): readonly Repair[] {
  const digits = [layout.birth, layout.birth_check, layout.expiry, layout.expiry_check, layout.number_check];
  const checks = [layout.optional_check, layout.composite_check].flatMap((span) => span ?? []);
  // A visa's number rests on one check digit alone: too little to tell letters from digits.
  const either = layout.composite_check ? [layout.number, ...layout.optional] : [];
  return [...digits, ...checks, ...either].flatMap((span) => exchanges(lines, span));
}

function exchanges(lines: readonly string[], span: Span): readonly Repair[] {
  return Array.from(cut(lines, span)).flatMap((printed, at) => {
    const digit = lookAlike[printed];
    return digit ? [{ line: span.line, position: span.first + at, printed, read: digit }] : [];
  });
}

function repaired(lines: readonly string[], { line, position, read: digit }: Repair): readonly string[] {
  return lines.map((row, at) =>
    at === line - 1 ? row.slice(0, position - 1) + digit + row.slice(position) : row,
  );
}

function read(layout: Layout, lines: readonly string[], today: string): Mrz {
  const checks = checkStates(layout, lines);
  const name = cut(lines, layout.name);
  const [primary = "", ...secondary] = trimFillers(name).split("<<");
  const sex = cut(lines, layout.sex);
  return {
    reading: "zone",
    format: layout.format,
    document_code: trimFillers(cut(lines, documentCode)),
    issuer: trimFillers(cut(lines, issuer)),
    number: documentNumber(layout, lines).number,
    nationality: trimFillers(cut(lines, layout.nationality)),
    primary: plain(primary),
    secondary: plain(secondary.join(" ")),
    name_truncated: !name.endsWith(filler),
    born_on: readBirth(cut(lines, layout.birth), today),
    sex: sex === "M" || sex === "F" ? sex : "X",
    expires_on: readExpiry(cut(lines, layout.expiry), today),
    checks,
    failing: [...checkNames.filter((check) => checks[check] === "fail"), ...oddFields(layout, lines)],
    repair: null,
  };
}

function plain(name: string): string {
  return name.replace(/[< ]+/g, " ").trim();
}

/** The fields that hold what cannot stand there; no check digit covers the first four. */
function oddFields(layout: Layout, lines: readonly string[]): readonly FieldName[] {
  const expiry = cut(lines, layout.expiry);
  const isOdd: Readonly<Record<FieldName, boolean>> = {
    name: /[0-9]/.test(cut(lines, layout.name)),
    issuing_state: /[0-9]/.test(cut(lines, issuer)),
    nationality: /[0-9]/.test(cut(lines, layout.nationality)),
    sex: !/[MFX<]/.test(cut(lines, layout.sex)),
    birth_date: !isDate(knownPart(cut(lines, layout.birth))),
    expiry_date: !isDate(trimFillers(expiry) === "" ? "" : expiry),
  };
  const names: readonly FieldName[] = [
    "name",
    "issuing_state",
    "nationality",
    "sex",
    "birth_date",
    "expiry_date",
  ];
  return names.filter((name) => isOdd[name]);
}

/** Whether the digits are a date of some century; nothing known is nothing odd. */
function isDate(known: string): boolean {
  return known === "" || inCenturies(known, 1900, 2000).some(isPartialDate);
}

/** `YYMMDD`, `YYMM` or `YY` of a birth date; unknown parts are fillers, or 00. */
function knownPart(field: string): string {
  const isUnknown = (part: string) => part === "<<" || part === "00";
  if (isUnknown(field.slice(2, 4))) return trimFillers(field.slice(0, 2));
  return isUnknown(field.slice(4)) ? field.slice(0, 4) : field;
}

/** `YY`, `YYMM` or `YYMMDD` as a date of each century, whether it exists or not. */
function inCenturies(known: string, ...centuries: readonly number[]): readonly string[] {
  const parts = (known.match(/..?/g) ?? []).join("-");
  return centuries.map((century) => century / 100 + parts);
}

/** Takes the latest century that is not after today. */
function readBirth(field: string, today: string): string | null {
  const dates = inCenturies(knownPart(field), century(today), century(today) - 100);
  return dates.find((date) => isPartialDate(date) && earliestDay(date) <= today) ?? null;
}

/** Takes the century within 20 years back and 30 ahead; outside of these none is assumed. */
function readExpiry(field: string, today: string): string | null {
  const dates = inCenturies(field, century(today) - 100, century(today), century(today) + 100);
  return dates.find((date) => isFullDate(date) && isPlausibleExpiry(date, today)) ?? null;
}

function century(today: string): number {
  return Number(today.slice(0, 2)) * 100;
}
