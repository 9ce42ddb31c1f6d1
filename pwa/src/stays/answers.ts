// The answers with which the form of a stay opens: empty for a new person, what is known for a correction, and what the
// last person's answers make likely.

import { listPresent } from "../declarations/rules.ts";
import { type Answers, dateAnswers } from "../ui/answers.ts";
import { type Entry, lastOf, textAt, valueAt } from "../ui/entries.ts";

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
  const number = text("document", "number");
  return {
    papers: text("document_missing") ? "missing" : "shown",
    document_missing: text("document_missing"),
    document_kind: text("document", "kind"),
    document_number: masked.test(number) || number === "unknown" ? "" : number,
    document_issuer: text("document", "issuer"),
    ...dateAnswers("document_expires_on", text("document", "expires_on")),
    visa_number: unmasked(text("document", "visa_number")),
    permit_number: unmasked(text("document", "permit_number")),
    document_holder: text("document_holder"),
    primary: text("identity", "primary"),
    secondary: text("identity", "secondary"),
    native: text("identity", "native"),
    guardian: text("identity", "guardian"),
    name_unknown: nameOf(entry) ? "" : "yes",
    ...dateAnswers("born_on", text("identity", "born_on")),
    ...Object.fromEntries(
      ["nationality", "sex", "role", "unit", "previous_premises_id", "slip_language", "entry_method"].map(
        (name) => [name, text(name)],
      ),
    ),
    ...dateAnswers("arrived_on", text("arrived_on")),
    ...dateAnswers("expected_departure_on", text("expected_departure_on")),
    visa_class: text("visa", "class"),
    ...dateAnswers("visa_expires_on", text("visa", "expires_on")),
    ...dateAnswers("visa_entered_on", text("visa", "entered_on")),
    ...workAnswers(entry),
    ...Object.fromEntries(["phone", "other", "arranged_by"].map((name) => [name, text("contact", name)])),
    remarks: text("remarks", "text"),
  };
}

function workAnswers({ body }: Entry): Answers {
  const text = (...names: readonly string[]) => textAt(body, "work", ...names);
  return {
    employer: text("employer") === "unknown" ? "" : text("employer"),
    employer_licence: text("employer_licence"),
    position: text("position"),
    contract_written: text("contract", "written"),
    contract_copy: text("contract", "copy_held_by_worker"),
    ...dateAnswers("contract_ends_on", text("contract", "ends_on")),
    permit_state: text("permit", "state"),
    permit_year: text("permit", "year"),
  };
}

function unmasked(text: string): string {
  return masked.test(text) ? "" : text;
}
