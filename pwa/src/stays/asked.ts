// Which control of the form for one person each reason of the police is about: always one that the form shows.
import { type AskedAbout, isEmptyAt } from "../review/asked.ts";
import type { ReasonCode } from "../review/records.ts";
import type { Answers } from "../ui/answers.ts";
import { hasVisaDates, hasVisaExpiry } from "./rules.ts";

/** Fields that each reason is about; of several the first that is still empty. */
const concerned = {
  photo_unclear: ["document_number"],
  date_missing: ["arrived_on", "born_on", "document_expires_on", "visa_expires_on", "visa_entered_on"],
  wrong_unit: ["unit"],
  name_unreadable: ["primary"],
} as const satisfies Partial<Record<ReasonCode, readonly string[]>>;

type Reason = keyof typeof concerned;

/** Dates that every entry has to have: where one is empty, it is certainly the one that is missing. */
const required: readonly string[] = ["arrived_on", "born_on"];

/** For each of these reasons that is about a field that field, in the order of the reasons. */
export function askedOfStay(
  reasons: readonly string[],
  answers: Answers,
  isMasked: boolean,
): readonly AskedAbout[] {
  const known = reasons.filter((code): code is Reason => Object.keys(concerned).includes(code));
  return known.flatMap((reason) => askedFor(reason, answers, isMasked));
}

function askedFor(reason: Reason, answers: Answers, isMasked: boolean): readonly AskedAbout[] {
  const fields: readonly string[] = concerned[reason];
  const shown = fields.flatMap((field) => {
    const control = controlOf(field, answers, isMasked);
    return control ? [{ field, control }] : [];
  });
  const empty = shown.find(({ field }) => isEmptyAt(answers, field));
  const first = empty ?? shown[0];
  if (!first) return [];
  const isCertain = fields.length === 1 || (empty !== undefined && required.includes(empty.field));
  return [{ field: first.control, reason, ...(isCertain ? {} : { isGuess: true }) }];
}

/** The control that stands for a field now; null when nothing does, because the answers leave no room for it. */
function controlOf(field: string, answers: Answers, isMasked: boolean): string | null {
  if (field === "visa_expires_on") return hasVisaExpiry(answers) ? field : null;
  if (field === "visa_entered_on") return hasVisaDates(answers) ? field : null;
  return field.startsWith("document_") ? paperControl(field, answers, isMasked) : field;
}

/** A masked paper is typed anew as a whole; of one that was not shown only the reason can be asked. */
function paperControl(field: string, answers: Answers, isMasked: boolean): string | null {
  if (answers["papers"] === "missing") return field === "document_number" ? "document_missing" : null;
  return isMasked && answers["document_again"] !== "yes" ? "document_again" : field;
}
