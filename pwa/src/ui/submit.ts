// What happens when a form is sent off: read it, show everything that is to be mended at once, or store it.
import { batch } from "@preact/signals";
import type { Recorded } from "../sync/outbox.ts";
import type { Read } from "./answers.ts";
import { type Form, setAnswers } from "./form.ts";
import type { TextKey } from "./text.ts";

const refusals = {
  "storage.full": "app.storage-full",
  "client-too-old": "sync.too-old",
  unregistered: "problem.unregistered",
} as const satisfies Readonly<Record<string, TextKey>>;

/** Reads and stores; `saved` runs only after the phone has really stored everything. */
export async function submit<T>(
  form: Form,
  read: Read<T>,
  {
    store,
    saved,
  }: { readonly store: (value: T) => Promise<Recorded>; readonly saved: (ids: readonly string[]) => void },
): Promise<void> {
  if (!read.ok) {
    form.errors.value = read.errors;
    return;
  }
  const recorded = await store(read.value).catch(() => null);
  if (recorded?.kind === "saved") {
    saved(recorded.ids);
    return;
  }
  form.errors.value = [{ field: "save", key: recorded ? refusals[recorded.code] : "app.save-failed" }];
}

/** Replaces several answers at once, with one redraw. */
export function fillIn(form: Form, answers: Readonly<Record<string, string>>): void {
  batch(() => setAnswers(form, answers));
}
