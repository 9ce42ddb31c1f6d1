// Where a correction that the police asked for begins: the field that it is about, with the reason beside it. Apart
// from the notice because only forms need it.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answers } from "../ui/answers.ts";
import type { Entry } from "../ui/entries.ts";
import { goToField } from "../ui/error-summary.tsx";
import { type Form, setAnswers } from "../ui/form.ts";
import { isTextKey } from "../ui/text.ts";

/** A field of a form, and the coded reason that concerns it. */
export type AskedAbout = {
  readonly field: string;
  readonly reason: string;
  /** The reason may mean another field as well. */
  readonly isGuess?: boolean;
};

/** Where a correction begins: at the first field that is certainly meant, else at the first. */
export function firstAsked(asked: readonly AskedAbout[]): string | undefined {
  return (asked.find(({ isGuess }) => !isGuess) ?? asked[0])?.field;
}

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
  find: (reasons: readonly string[], answers: Answers) => readonly AskedAbout[],
): void {
  const review = entry?.state === "returned" ? entry.view?.review : undefined;
  const mark = () => {
    if (!review) return;
    const asked = find(review.reasons, form.answers.value);
    markAsked(form, asked, review.remarks ?? "");
    return firstAsked(asked);
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

/** Puts each reason beside its field; a date that is asked for is typed into its boxes, which "not known" hides. */
function markAsked(form: Form, asked: readonly AskedAbout[], remarks: string): void {
  for (const { field } of asked) {
    if (form.answers.value[`${field}.unknown`]) setAnswers(form, { [`${field}.unknown`]: "" });
  }
  form.asked.value = asked.flatMap(({ field, reason }) => {
    const key = `reason.${reason}`;
    return isTextKey(key) ? [{ field, key, remarks }] : [];
  });
}
