// What a form holds while a person fills it in: texts by field name and what is wrong with them, as signals, so that
// switching the language redraws the words and leaves every answer alone.
import { type Signal, signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Answers, FormError } from "./answers.ts";

export type Form = {
  readonly answers: Signal<Answers>;
  readonly errors: Signal<readonly FormError[]>;
  /** What somebody asked to be corrected; it stands beside its fields until the form is sent. */
  readonly asked: Signal<readonly Asked[]>;
};

type Asked = Pick<FormError, "field" | "key"> & { readonly remarks: string };

/** A form that lives as long as its screen. */
export function useForm(first: Answers | (() => Answers)): Form {
  const [form] = useState<Form>(() => ({
    answers: signal(typeof first === "function" ? first() : first),
    errors: signal([]),
    asked: signal([]),
  }));
  return form;
}

export function answer(form: Form, field: string): string {
  return form.answers.value[field] ?? "";
}

/** Takes over answers and forgets what was said to be wrong with those fields. */
export function setAnswers(form: Form, answers: Answers): void {
  form.answers.value = { ...form.answers.value, ...answers };
  const mended = (field: string) =>
    Object.keys(answers).some((name) => name === field || name.startsWith(`${field}.`));
  if (form.errors.value.some(({ field }) => mended(field))) {
    form.errors.value = form.errors.value.filter(({ field }) => !mended(field));
  }
}

export function errorOf(form: Form, field: string): FormError | undefined {
  return form.errors.value.find((error) => error.field === field);
}

export function askedOf(form: Form, name: string): readonly Asked[] {
  return form.asked.value.filter(({ field }) => field === name);
}
