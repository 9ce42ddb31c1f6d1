// Keeps a half-filled form while it is typed, so that a closed browser loses nothing; dropped when it is saved, and
// after three days, because it may hold a passport number.
import { useEffect, useState } from "preact/hooks";
import { openDatabase } from "../sync/database.ts";
import { dropDraft, findDraft, keepDraft } from "../sync/drafts.ts";
import type { Answers } from "./answers.ts";
import type { Form } from "./form.ts";

const restMs = 400;
const keptMs = 72 * 3600 * 1000;

/** Whether an earlier draft was brought back, and how to begin afresh. */
export type Drafting = { readonly isRestored: boolean; readonly discard: () => void };

export function useDraft(form: Form, key: string): Drafting {
  const [isRestored, setRestored] = useState(false);
  const [first] = useState(() => form.answers.value);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop = () => {};
    void restore(form, key).then((restored) => {
      setRestored(restored);
      stop = follow(form, key, (pending) => {
        clearTimeout(timer);
        timer = pending;
      });
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [form, key]);
  const discard = () => {
    form.answers.value = first;
    setRestored(false);
    void openDatabase().then((db) => dropDraft(db, key));
  };
  return { isRestored, discard };
}

async function restore(form: Form, key: string): Promise<boolean> {
  const db = await openDatabase();
  const draft = await findDraft(db, key);
  if (!draft) return false;
  if (Date.now() - draft.saved_at_ms > keptMs) {
    await dropDraft(db, key);
    return false;
  }
  form.answers.value = { ...form.answers.value, ...(draft.value as Answers) };
  return true;
}

type SetTimer = (timer: ReturnType<typeof setTimeout>) => void;

/** Stores the answers whenever they have rested for a moment; returns how to stop. */
function follow(form: Form, key: string, setTimer: SetTimer): () => void {
  let isFirst = true;
  return form.answers.subscribe((answers) => {
    // The first call tells what is there already.
    if (!isFirst) setTimer(setTimeout(() => void keep(key, answers), restMs));
    isFirst = false;
  });
}

/** A passport's lines hold more than the register may keep, so they are read and forgotten. */
const neverKept = "mrz";

async function keep(key: string, answers: Answers): Promise<void> {
  const kept = Object.fromEntries(Object.entries(answers).filter(([name]) => name !== neverKept));
  await keepDraft(await openDatabase(), key, kept, Date.now());
}
