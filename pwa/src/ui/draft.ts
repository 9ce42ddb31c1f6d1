// Keeps a half-filled form while it is typed, so that a closed browser loses nothing; dropped when it is saved, and
// after three days, because it may hold a passport number.
import { useEffect, useState } from "preact/hooks";
import { openDatabase } from "../sync/database.ts";
import { dropDraft, findDraft, keepDraft, keepDraftAtOnce } from "../sync/drafts.ts";
import type { Answers } from "./answers.ts";
import type { Form } from "./form.ts";
import { phone } from "./phone.ts";

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
    void restore(form, key, first).then(({ isRestored, known }) => {
      setRestored(isRestored);
      keeper.start(known);
    });
    return keeper.end;
  }, [form, key, keeper, first]);
  useEffect(() => onLeaving(keeper.leave), [keeper]);
  const discard = () => {
    keeper.stop();
    form.answers.value = first;
    keeper.start(first);
    setRestored(false);
    void openDatabase().then((db) => dropDraft(db, key));
  };
  const pauseWhile = (work: Promise<void>) => {
    keeper.stop();
    void work.finally(() => keeper.start(form.answers.value));
  };
  return { isRestored, discard, pauseWhile };
}

type Keeper = {
  readonly start: (known: Answers) => void;
  readonly stop: () => void;
  readonly leave: () => void;
  readonly end: () => void;
};

/**
 * Stores the answers whenever they have rested for a moment between `start` and `stop`, and the last of them at once
 * at the `end`, when the person goes back; never afterwards. `leave` does so when the page itself may be about to end.
 */
function makeKeeper(form: Form, key: string): Keeper {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unsubscribe = () => {};
  let resting: Answers | undefined;
  let isOver = false;

  function keepResting(store = keep): void {
    if (resting) void store(key, resting);
    resting = undefined;
  }

  function stop(): void {
    clearTimeout(timer);
    unsubscribe();
    resting = undefined;
  }

  /** Answers that are `known` need not be kept: nobody typed them since. */
  function start(known: Answers): void {
    stop();
    if (isOver) return;
    unsubscribe = form.answers.subscribe((answers) => {
      if (answers === known) return;
      clearTimeout(timer);
      resting = answers;
      timer = setTimeout(() => keepResting(), restMs);
    });
  }

  function end(): void {
    keepResting();
    stop();
    isOver = true;
  }

  return { start, stop, leave: () => keepResting(keepLeaving), end };
}

type Restored = {
  readonly isRestored: boolean;
  /** What the form holds apart from what was typed while the draft was looked for. */
  readonly known: Answers;
};

async function restore(form: Form, key: string, first: Answers): Promise<Restored> {
  const db = await openDatabase();
  const draft = await findDraft(db, key);
  if (!draft) return { isRestored: false, known: first };
  // What was typed over a revision that has changed since would undo that change.
  const isOutdated = draft.value["revision"] !== first["revision"];
  if (isOutdated || Date.now() - draft.saved_at_ms > keptMs) {
    await dropDraft(db, key);
    return { isRestored: false, known: first };
  }
  const known = { ...first, ...(draft.value as Answers) };
  const typed = Object.entries(form.answers.value).filter(([name, value]) => value !== first[name]);
  form.answers.value = typed.length > 0 ? { ...known, ...Object.fromEntries(typed) } : known;
  return { isRestored: true, known };
}

/** A passport's lines hold more than the register may keep, so they are read and forgotten. */
const neverKept = "mrz";

async function keep(key: string, answers: Answers): Promise<void> {
  await keepDraft(await openDatabase(), key, keptOf(answers), Date.now());
}

/** Nothing can be looked up any more; that somebody signed out, this page has been told. */
async function keepLeaving(key: string, answers: Answers): Promise<void> {
  if (!phone.value.device.ended) keepDraftAtOnce(await openDatabase(), key, keptOf(answers), Date.now());
}

function keptOf(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([name]) => name !== neverKept));
}

/** Calls when the page is hidden, closed or loaded anew, which may be the last thing that it does. */
function onLeaving(work: () => void): () => void {
  const hide = () => {
    if (document.visibilityState === "hidden") work();
  };
  addEventListener("pagehide", work);
  document.addEventListener("visibilitychange", hide);
  return () => {
    removeEventListener("pagehide", work);
    document.removeEventListener("visibilitychange", hide);
  };
}
