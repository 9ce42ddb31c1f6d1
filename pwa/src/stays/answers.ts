// The answers with which the form of a stay opens: empty for a new person, what is known for a correction, and what the
// last person's answers make likely.

import { listPresent } from "../declarations/rules.ts";
import { type Answers, dateAnswers } from "../ui/answers.ts";
import { type Entry, knownTextAt, lastOf, textAt, valueAt } from "../ui/entries.ts";

import { nameOf } from "./name.ts";

const masked = /•/;

export function newStayAnswers(entries: Iterable<Entry>, premisesId: string, unit: string): Answers {
  const last = lastOf(listPresent(entries, premisesId), ({ body }) => valueAt(body, "work") !== undefined);
  return { papers: "shown", unit, ...(last ? workAnswers(last) : {}) };
}

/** Everything that the entry says, to be corrected; a masked number is left empty, because nobody can read it back. */
export function stayAnswers(entry: Entry): Answers {
  const { body } = entry;
  const text = (...names: readonly string[]) => textAt(body, ...names);
  const known = (...names: readonly string[]) => knownTextAt(body, ...names);
  return {
    papers: text("document_missing") ? "missing" : "shown",
    document_missing: text("document_missing"),
    document_kind: text("document", "kind"),
    document_number: unmasked(known("document", "number")),
    document_issuer: known("document", "issuer"),
    ...dateAnswers("document_expires_on", text("document", "expires_on")),
    visa_number: unmasked(known("document", "visa_number")),
    permit_number: unmasked(known("document", "permit_number")),
    document_holder: text("document_holder"),
    primary: known("identity", "primary"),
    secondary: known("identity", "secondary"),
    native: known("identity", "native"),
    guardian: known("identity", "guardian"),
    name_unknown: nameOf(entry) ? "" : "yes",
    ...dateAnswers("born_on", text("identity", "born_on")),
    ...Object.fromEntries(
      ["nationality", "sex", "role", "previous_premises_id", "slip_language", "entry_method"].map((name) => [
        name,
        text(name),
      ]),
    ),
    unit: known("unit"),
    ...dateAnswers("arrived_on", text("arrived_on")),
    ...dateAnswers("expected_departure_on", text("expected_departure_on")),
    visa_class: text("visa", "class"),
    ...dateAnswers("visa_expires_on", text("visa", "expires_on")),
    ...dateAnswers("visa_entered_on", text("visa", "entered_on")),
    ...workAnswers(entry),
    ...Object.fromEntries(["phone", "other", "arranged_by"].map((name) => [name, known("contact", name)])),
    remarks: known("remarks", "text"),
  };
}

function workAnswers({ body }: Entry): Answers {
  const text = (...names: readonly string[]) => textAt(body, "work", ...names);
  const known = (...names: readonly string[]) => knownTextAt(body, "work", ...names);
  return {
    employer: known("employer"),
    employer_licence: known("employer_licence"),
    position: known("position"),
    contract_written: text("contract", "written"),
    contract_copy: text("contract", "copy_held_by_worker"),
    ...dateAnswers("contract_ends_on", text("contract", "ends_on")),
    permit_state: text("permit", "state"),
    permit_year: known("permit", "year"),
  };
}

function unmasked(text: string): string {
  return masked.test(text) ? "" : text;
}
