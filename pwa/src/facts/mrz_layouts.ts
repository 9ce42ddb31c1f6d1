// Where each field of a machine-readable zone stands (ICAO Doc 9303, parts 4-7), and its checks. Twin:
// api/facts/mrz_layouts.py.

export type CheckName =
  | "document_number_check"
  | "birth_check"
  | "expiry_check"
  | "optional_check"
  | "composite_check";
export type CheckState = "ok" | "fail" | "none";
export type Format = "TD1" | "TD2" | "TD3" | "MRV-A" | "MRV-B";

/** Characters `first` to `last` of a line, all counted from 1 as in the standard. */
export type Span = { readonly line: number; readonly first: number; readonly last: number };

/** One format: how many lines of what length, and where the fields stand. */
export type Layout = {
  readonly format: Format;
  readonly line_count: number;
  readonly line_length: number;
  readonly name: Span;
  readonly number: Span;
  readonly number_check: Span;
  readonly nationality: Span;
  readonly birth: Span;
  readonly birth_check: Span;
  readonly sex: Span;
  readonly expiry: Span;
  readonly expiry_check: Span;
  readonly optional: readonly [Span, ...Span[]];
  readonly optional_check?: Span;
  readonly composite: readonly Span[];
  readonly composite_check?: Span;
};

export const filler = "<";
export const documentCode = span(1, 1, 2);
export const issuer = span(1, 3, 5);

/** The second line of all but TD1 begins alike. */
const secondLine = {
  line_count: 2,
  number: span(2, 1, 9),
  number_check: span(2, 10),
  nationality: span(2, 11, 13),
  birth: span(2, 14, 19),
  birth_check: span(2, 20),
  sex: span(2, 21),
  expiry: span(2, 22, 27),
  expiry_check: span(2, 28),
} as const;

const td1: Layout = {
  format: "TD1",
  line_count: 3,
  line_length: 30,
  name: span(3, 1, 30),
  number: span(1, 6, 14),
  number_check: span(1, 15),
  nationality: span(2, 16, 18),
  birth: span(2, 1, 6),
  birth_check: span(2, 7),
  sex: span(2, 8),
  expiry: span(2, 9, 14),
  expiry_check: span(2, 15),
  optional: [span(1, 16, 30), span(2, 19, 29)],
  composite: [span(1, 6, 30), span(2, 1, 7), span(2, 9, 15), span(2, 19, 29)],
  composite_check: span(2, 30),
};

const td2: Layout = {
  ...secondLine,
  format: "TD2",
  line_length: 36,
  name: span(1, 6, 36),
  optional: [span(2, 29, 35)],
  composite: [span(2, 1, 10), span(2, 14, 20), span(2, 22, 35)],
  composite_check: span(2, 36),
};

export const td3: Layout = {
  ...secondLine,
  format: "TD3",
  line_length: 44,
  name: span(1, 6, 44),
  optional: [span(2, 29, 42)],
  optional_check: span(2, 43),
  composite: [span(2, 1, 10), span(2, 14, 20), span(2, 22, 43)],
  composite_check: span(2, 44),
};

const mrvA: Layout = {
  ...secondLine,
  format: "MRV-A",
  line_length: 44,
  name: span(1, 6, 44),
  optional: [span(2, 29, 44)],
  composite: [],
};

const mrvB: Layout = {
  ...secondLine,
  format: "MRV-B",
  line_length: 36,
  name: span(1, 6, 36),
  optional: [span(2, 29, 36)],
  composite: [],
};

function span(line: number, first: number, last = first): Span {
  return { line, first, last };
}

/** The format, by number and length of lines; the letter V makes it a visa. */
export function findLayout(lines: readonly string[]): Layout | undefined {
  const candidates = lines[0]?.startsWith("V") ? [mrvA, mrvB] : [td3, td2, td1];
  return candidates.find(
    (layout) =>
      lines.length === layout.line_count && lines.every((line) => line.length === layout.line_length),
  );
}

/** What stands in the spans. */
export function cut(lines: readonly string[], ...spans: readonly Span[]): string {
  return spans.map(({ line, first, last }) => (lines[line - 1] ?? "").slice(first - 1, last)).join("");
}

/** The digit: weights 7-3-1, A is 10, a filler is 0, modulo 10. */
export function checkDigit(text: string): string {
  const weights = [7, 3, 1];
  const sum = Array.from(text).reduce(
    (total, sign, at) => total + signValue(sign) * (weights[at % 3] ?? 0),
    0,
  );
  return String(sum % 10);
}

function signValue(sign: string): number {
  return sign === filler ? 0 : Number.parseInt(sign, 36);
}

/** A text without the fillers at its end. */
export function trimFillers(text: string): string {
  return text.replace(/<+$/, "");
}

/**
 * The number and its check. One longer than nine characters goes on in the optional field: a filler stands for the check
 * digit, and the digit follows the rest of the number. Whether that filler counts differs between issuers.
 */
export function documentNumber(
  layout: Layout,
  lines: readonly string[],
): { number: string; state: CheckState } {
  const number = cut(lines, layout.number);
  const [rest = ""] = cut(lines, layout.optional[0]).split(filler);
  const continues = cut(lines, layout.number_check) === filler && rest !== "";
  if (!continues || (layout.format !== "TD1" && layout.format !== "TD2")) {
    return { number: trimFillers(number), state: stateOf(lines, layout.number_check, layout.number) };
  }
  const tail = rest.slice(0, -1);
  const sums = [checkDigit(number + tail), checkDigit(number + filler + tail)];
  return { number: trimFillers(number + tail), state: sums.includes(rest.slice(-1)) ? "ok" : "fail" };
}

/** Of each check digit whether it holds; "none" where the format has no such digit. */
export function checkStates(
  layout: Layout,
  lines: readonly string[],
): Readonly<Record<CheckName, CheckState>> {
  return {
    document_number_check: documentNumber(layout, lines).state,
    birth_check: stateOf(lines, layout.birth_check, layout.birth),
    expiry_check: stateOf(lines, layout.expiry_check, layout.expiry),
    optional_check: stateOf(lines, layout.optional_check, ...layout.optional),
    composite_check: stateOf(lines, layout.composite_check, ...layout.composite),
  };
}

/** Checks one digit; an empty field may carry a filler for it. */
function stateOf(lines: readonly string[], digit: Span | undefined, ...spans: readonly Span[]): CheckState {
  if (!digit) return "none";
  const field = cut(lines, ...spans);
  const printed = cut(lines, digit);
  const isEmpty = trimFillers(field) === "";
  return printed === checkDigit(field) || (isEmpty && printed === filler) ? "ok" : "fail";
}
