// Which control of the form for one person a reason of the police is about: always one that the form shows.
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

/** The first of these reasons that is about a field, and that field; null when none is. */
export function askedOfStay(
  reasons: readonly string[],
  answers: Answers,
  isMasked: boolean,
): AskedAbout | null {
  const reason = reasons.find((code): code is Reason => Object.keys(concerned).includes(code));
  if (!reason) return null;
  const shown = concerned[reason].flatMap((field) => {
    const control = controlOf(field, answers, isMasked);
    return control ? [{ field, control }] : [];
  });
  const first = shown.find(({ field }) => isEmptyAt(answers, field)) ?? shown[0];
  return first ? { field: first.control, reason } : null;
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
