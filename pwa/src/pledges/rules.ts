// The pledge before it is signed: which text, which people stand as exceptions, and when the signature is complete.
import { capacities } from "../accounts/rules.ts";
import type { PledgeText } from "../sync/database.ts";
import {
  type Answers,
  choiceOf,
  type FormError,
  finish,
  optional,
  type Read,
  textOf,
} from "../ui/answers.ts";
import { type Entry, lastOf, textAt, valueAt } from "../ui/entries.ts";
import type { Pledge, PledgeWording, Signer } from "./records.ts";

/** Why a person is named as an exception; each has a text `exception.<…>`. */
export type Exception =
  | "no-document"
  | "document-expired"
  | "no-visa"
  | "visa-expired"
  | "held-by-another"
  | "no-contract"
  | "no-permit";

export type ExceptedStay = { readonly stay: Entry; readonly why: readonly Exception[] };

/** The people of whom the owner has already reported what the pledge speaks of: their names go into it. */
export function listExceptions(present: readonly Entry[], today: string): readonly ExceptedStay[] {
  return present
    .map((stay) => ({ stay, why: exceptionsOf(stay, today) }))
    .filter(({ why }) => why.length > 0);
}

function exceptionsOf({ body }: Entry, today: string): readonly Exception[] {
  const works = ["works", "both"].includes(textAt(body, "role"));
  const facts: readonly (readonly [Exception, boolean])[] = [
    ["no-document", textAt(body, "document_missing") !== ""],
    ["document-expired", isPast(textAt(body, "document", "expires_on"), today)],
    ["no-visa", textAt(body, "visa", "class") === "none"],
    ["visa-expired", isPast(textAt(body, "visa", "expires_on"), today)],
    ["held-by-another", !["person", "unknown", ""].includes(textAt(body, "document_holder"))],
    ["no-contract", works && textAt(body, "work", "contract", "written") === "no"],
    ["no-permit", works && ["none", "expired"].includes(textAt(body, "work", "permit", "state"))],
  ];
  return facts.flatMap(([exception, holds]) => (holds ? [exception] : []));
}

function isPast(day: string, today: string): boolean {
  return /^\d{4}/.test(day) && day < today;
}

/** What a signed pledge names as exceptions, also those whose papers have been put right since. */
export function listSignedExceptions(
  { body }: Pick<Entry, "body">,
  entries: ReadonlyMap<string, Entry>,
  today: string,
): { readonly excepted: readonly ExceptedStay[]; readonly unknown_count: number } {
  const ids = valueAt(body, "exceptions");
  const named: readonly unknown[] = Array.isArray(ids) ? ids : [];
  const stays = named.flatMap((id) => entries.get(String(id)) ?? []);
  return {
    excepted: stays.map((stay) => ({ stay, why: exceptionsOf(stay, today) })),
    unknown_count: named.length - stays.length,
  };
}

/** A version of a text; the newest unless one is named. */
export function findText(texts: readonly PledgeText[], id: string, version?: string): PledgeText | undefined {
  return lastOf(texts, (text) => text.id === id && (version === undefined || text.version === version));
}

const signable = ["km", "en", "zh", "vi", "th"] as const satisfies readonly Pledge["language"][];

export type Wording = PledgeWording & { readonly language: Pledge["language"] };

/** The wording in the reader's language, else in Khmer. */
export function wordingOf(text: PledgeText, language: string): Wording | undefined {
  const shown = signable.find((one) => one === language && text.languages[one]) ?? "km";
  const wording = text.languages[shown];
  return wording ? { ...wording, language: shown } : undefined;
}

/** The exact text that is hashed: its parts with an empty line between them; twin of `hash_of` in api/pledges. */
export function exactText({ title, preamble, clauses, closing }: PledgeWording): string {
  const numbered = clauses.map(({ n, text }) => `${n}. ${text}`);
  return [title, preamble, ...numbered, closing].join("\n\n");
}

/** The wording to which a signed pledge is bound by its hash; undefined when this phone does not have those very words. */
export function findSigned(
  texts: readonly PledgeText[],
  { body }: Pick<Entry, "body">,
): { readonly text: PledgeText; readonly wording: Wording } | undefined {
  const text = findText(texts, textAt(body, "text_id"), textAt(body, "version"));
  const wording = text && wordingOf(text, textAt(body, "language"));
  return text && wording?.hash === textAt(body, "text_hash") ? { text, wording } : undefined;
}

/** The field of a tick: it stands for the words beside it, and hence for one language only. */
export function tickOf({ language }: { readonly language: string }, n: number): string {
  return `agree.${language}.${n}`;
}

/** The language in which clauses were ticked before the one on screen was chosen, if any. */
export function tickedElsewhere(
  text: PledgeText,
  answers: Answers,
  { language }: Wording,
): string | undefined {
  return Object.entries(text.languages).find(
    ([other, { clauses }]) =>
      other !== language && clauses.some(({ n }) => answers[tickOf({ language: other }, n)] === "yes"),
  )?.[0];
}

export function isApproved(text: PledgeText): boolean {
  return Boolean(text.approved_on);
}

export type Signed = Pick<Pledge, "clauses" | "capacity" | "read_aloud" | "signed_place"> & {
  readonly identity: Signer;
};

/** Every clause ticked and a name typed; nothing else may stand in the way of a signature. */
export function readSignature(answers: Answers, wording: Wording, signer: string): Read<Signed> {
  const errors: FormError[] = [];
  const missing = wording.clauses.filter(({ n }) => answers[tickOf(wording, n)] !== "yes").map(({ n }) => n);
  const [first] = missing;
  if (first !== undefined) {
    errors.push({
      field: tickOf(wording, first),
      key: "pledge.missing-clauses",
      values: { clauses: missing.join(", ") },
    });
  }
  const typed_name = textOf(answers, "typed_name");
  if (!typed_name) errors.push({ field: "typed_name", key: "problem.form.name" });
  const capacity = choiceOf(answers, "capacity", capacities);
  if (!capacity) errors.push({ field: "capacity", key: "problem.form.capacity" });
  if (!capacity) return { ok: false, errors };
  return finish(errors, {
    clauses: wording.clauses.map(({ n }) => n),
    capacity,
    read_aloud: answers["read_aloud"] === "yes",
    ...optional("signed_place", textOf(answers, "signed_place")),
    identity: {
      signer: signer || typed_name,
      typed_name,
      ...optional("witness", textOf(answers, "witness")),
    },
  });
}
