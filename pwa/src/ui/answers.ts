// Reads what people typed into the values of the register: pure, so that every form refuses and accepts alike.

import { readDate } from "../facts/dates.ts";
import { cleanText, foldDigits, normaliseText, stripZeroWidth } from "../facts/values.ts";
import type en from "../text/en.json";
import type later from "../text/later/en.json";
import type { Values } from "./messages.ts";

type TextKey = keyof typeof en | keyof typeof later;

/** What people typed or chose, by field name; an empty text is "not answered". */
export type Answers = Readonly<Record<string, string>>;

/** One thing to mend, at the field that mends it. */
export type FormError = { readonly field: string; readonly key: TextKey; readonly values?: Values };

/** What a form came to: values for the register, or everything that is to be mended. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly FormError[] };

export function finish<T>(errors: readonly FormError[], value: T): Read<T> {
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value };
}

/** A text as it is kept, on one line: without what nobody sees and the register refuses. */
export function textOf(answers: Answers, field: string): string {
  return cleanText(answers[field] ?? "");
}

/** The same where several lines are kept. */
export function longTextOf(answers: Answers, field: string): string {
  return cleanText(answers[field] ?? "", true);
}

/** A text that begins with a number as often as not: its digits 0-9, in whatever script they were typed. */
export function digitsOf(answers: Answers, field: string): string {
  return foldDigits(textOf(answers, field));
}

/** A number or code as it is compared: digits 0-9, and nothing that has no width. */
export function codeOf(answers: Answers, field: string): string {
  return normaliseText(stripZeroWidth(digitsOf(answers, field)));
}

/** `{[name]: text}`, or nothing when the field is empty: optional values are left out, not sent empty. */
export function optional<Name extends string>(name: Name, text: string): { readonly [N in Name]?: string } {
  return (text ? { [name]: text } : {}) as { readonly [N in Name]?: string };
}

/** The chosen code; undefined when nothing was chosen. */
export function choiceOf<const Choice extends string>(
  answers: Answers,
  field: string,
  choices: readonly Choice[],
): Choice | undefined {
  const chosen = textOf(answers, field);
  return choices.find((choice) => choice === chosen);
}

/** `{[name]: value}`, or nothing when there is no value. */
export function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: Value };
}

/** A whole number in any digits; undefined when empty, an error when it is none. */
export function readCount(answers: Answers, field: string, errors: FormError[]): number | undefined {
  const text = codeOf(answers, field);
  if (!text) return undefined;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  errors.push({ field, key: "problem.form.number" });
  return undefined;
}

export type DateWanted = {
  /** Refuses an empty answer. */
  readonly required?: boolean;
  /** Takes `1990` or `1990-05`. */
  readonly partial?: boolean;
  /** Refuses days after this one. */
  readonly latest?: string;
};

/** The date in three boxes, "unknown" when that was ticked, undefined when nothing was answered. */
export function readDateAnswer(
  answers: Answers,
  field: string,
  wanted: DateWanted,
  errors: FormError[],
): string | undefined {
  if (answers[`${field}.unknown`] === "yes") return "unknown";
  const [day, month, year] = ["day", "month", "year"].map((part) => textOf(answers, `${field}.${part}`));
  if (!day && !month && !year) {
    if (wanted.required) errors.push({ field, key: missingDate(wanted) });
    return undefined;
  }
  const reading = readDate(day ?? "", month ?? "", year ?? "");
  const error = dateError(field, reading, wanted);
  if (error) errors.push(error);
  return reading.reading === "date" ? reading.value : undefined;
}

function missingDate({ partial }: DateWanted): TextKey {
  return partial ? "problem.form.birth" : "problem.form.date";
}

function dateError(
  field: string,
  reading: ReturnType<typeof readDate>,
  wanted: DateWanted,
): FormError | undefined {
  if (reading.reading === "none")
    return { field, key: reading.code === "year" ? missingDate(wanted) : "problem.field.date" };
  if (reading.reading === "ask") {
    const years = [...new Set(reading.candidates.map((date) => date.slice(0, 4)))];
    return {
      field,
      key: "problem.form.buddhist",
      values: { common: years[0] ?? "", years: years.join(" ") },
    };
  }
  if (!wanted.partial && reading.value.length < 10) return { field, key: "problem.form.date" };
  if (wanted.latest && reading.value > wanted.latest) return { field, key: "problem.form.future" };
  return undefined;
}

/** The answers that show a known date, full or partial, in its boxes; "unknown" ticks that instead. */
export function dateAnswers(name: string, date: string | undefined): Answers {
  const [year = "", month = "", day = ""] = date === "unknown" ? [] : (date ?? "").split("-");
  return {
    [`${name}.day`]: day.replace(/^0/, ""),
    [`${name}.month`]: month.replace(/^0/, ""),
    [`${name}.year`]: year,
    [`${name}.unknown`]: date === "unknown" ? "yes" : "",
  };
}
