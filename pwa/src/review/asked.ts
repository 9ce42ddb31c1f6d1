// Where a correction that the police asked for begins: the field that it is about, with the reason beside it. Apart
// from the notice because only forms need it.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answers } from "../ui/answers.ts";
import type { Entry } from "../ui/entries.ts";
import { goToField } from "../ui/error-summary.tsx";
import { type Form, setAnswers } from "../ui/form.ts";
import { isTextKey } from "../ui/text.ts";

/** A field of a form, and the coded reason that concerns it. */
export type AskedAbout = { readonly field: string; readonly reason: string };

/** Whether the form shows nothing for a field: its boxes are empty, or "not known" is ticked instead. */
export function isEmptyAt(answers: Answers, field: string): boolean {
  return !Object.entries(answers).some(
    ([name, value]) =>
      value && name !== `${field}.unknown` && (name === field || name.startsWith(`${field}.`)),
  );
}

/**
 * Opens the form of a returned entry at what the police ask about, after the heading took the focus. What they ask
 * while it stands open is marked and takes the focus from nobody.
 */
export function useFieldAskedFor(
  entry: Entry | undefined,
  form: Form,
  find: (reasons: readonly string[], answers: Answers) => AskedAbout | null,
): void {
  const review = entry?.state === "returned" ? entry.view?.review : undefined;
  const mark = () => {
    const asked = review ? find(review.reasons, form.answers.value) : null;
    if (asked) markAsked(form, asked, review?.remarks ?? "");
    return asked?.field;
  };
  const [field] = useState(mark);
  const marked = useRef(review?.id);
  useEffect(() => {
    if (!field) return;
    const timer = setTimeout(() => goToField(field));
    return () => clearTimeout(timer);
  }, [field]);
  useEffect(() => {
    if (review?.id !== marked.current) mark();
    marked.current = review?.id;
  });
}

/** Puts the reason beside the field; a date that is asked for is typed into its boxes, which "not known" hides. */
function markAsked(form: Form, { field, reason }: AskedAbout, remarks: string): void {
  const key = `reason.${reason}`;
  if (form.answers.value[`${field}.unknown`]) setAnswers(form, { [`${field}.unknown`]: "" });
  if (isTextKey(key)) form.asked.value = { field, key, remarks };
}
