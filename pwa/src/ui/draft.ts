// Keeps a half-filled form while it is typed, so that a closed browser loses nothing; dropped when it is saved, and
// after three days, because it may hold a passport number.
import { useEffect, useState } from "preact/hooks";
import { openDatabase } from "../sync/database.ts";
import { dropDraft, findDraft, keepDraft } from "../sync/drafts.ts";
import type { Answers } from "./answers.ts";
import type { Form } from "./form.ts";

const restMs = 400;
const keptMs = 72 * 3600 * 1000;

export type Drafting = {
  /** Whether an earlier draft was brought back. */
  readonly isRestored: boolean;
  /** Begins afresh. */
  readonly discard: () => void;
  /** Keeps nothing more while `work` runs: a draft stored after the save would offer the same person again. */
  readonly pauseWhile: (work: Promise<void>) => void;
};

export function useDraft(form: Form, key: string): Drafting {
  const [isRestored, setRestored] = useState(false);
  const [first] = useState(() => form.answers.value);
  const [keeper] = useState(() => makeKeeper(form, key));
  useEffect(() => {
    void restore(form, key).then((restored) => {
      setRestored(restored);
      keeper.start();
    });
    return keeper.end;
  }, [form, key, keeper]);
  const discard = () => {
    keeper.stop();
    form.answers.value = first;
    keeper.start();
    setRestored(false);
    void openDatabase().then((db) => dropDraft(db, key));
  };
  const pauseWhile = (work: Promise<void>) => {
    keeper.stop();
    void work.finally(() => keeper.start());
  };
  return { isRestored, discard, pauseWhile };
}

type Keeper = { readonly start: () => void; readonly stop: () => void; readonly end: () => void };

/** Stores the answers whenever they have rested for a moment, between `start` and `stop`; never after `end`. */
function makeKeeper(form: Form, key: string): Keeper {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unsubscribe = () => {};
  let isOver = false;

  function stop(): void {
    clearTimeout(timer);
    unsubscribe();
  }

  function start(): void {
    stop();
    if (isOver) return;
    let isFirst = true;
    unsubscribe = form.answers.subscribe((answers) => {
      clearTimeout(timer);
      // The first call tells what is there already.
      if (!isFirst) timer = setTimeout(() => void keep(key, answers), restMs);
      isFirst = false;
    });
  }

  function end(): void {
    stop();
    isOver = true;
  }

  return { start, stop, end };
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

/** A passport's lines hold more than the register may keep, so they are read and forgotten. */
const neverKept = "mrz";

async function keep(key: string, answers: Answers): Promise<void> {
  const kept = Object.fromEntries(Object.entries(answers).filter(([name]) => name !== neverKept));
  await keepDraft(await openDatabase(), key, kept, Date.now());
}
