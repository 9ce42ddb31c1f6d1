// What happens when a form is sent off: read it, show everything that is to be mended at once, or store it.
import type { Recorded } from "../sync/outbox.ts";
import type { Read } from "./answers.ts";
import type { Form } from "./form.ts";
import type { TextKey } from "./text.ts";

const refusals = {
  "storage.full": "app.storage-full",
  "client-too-old": "sync.too-old",
  unregistered: "problem.unregistered",
} as const satisfies Readonly<Record<string, TextKey>>;

type Steps<T> = {
  readonly store: (value: T) => Promise<Recorded>;
  /** Runs only after the phone has really stored everything. */
  readonly saved: (ids: readonly string[]) => void;
};

/** Forms that are being stored: a second tap on the same button is not a second entry. */
const underWay = new WeakSet<Form>();

export async function submit<T>(form: Form, read: Read<T>, steps: Steps<T>): Promise<void> {
  if (!read.ok) {
    form.errors.value = read.errors;
    return;
  }
  if (underWay.has(form)) return;
  underWay.add(form);
  try {
    await store(form, read.value, steps);
  } finally {
    underWay.delete(form);
  }
}

async function store<T>(form: Form, value: T, steps: Steps<T>): Promise<void> {
  const recorded = await steps.store(value).catch(() => null);
  if (recorded?.kind === "saved") steps.saved(recorded.ids);
  else form.errors.value = [{ field: "save", key: recorded ? refusals[recorded.code] : "app.save-failed" }];
}
