// The officer's work list as a decision over what the phone holds: what waits, in which order, and what is all green.

import { latestDeclaration } from "../declarations/rules.ts";
import { type Order, ordersFor } from "../orders/rules.ts";
import { type Entry, textAt } from "../ui/entries.ts";
import type { ReasonCode } from "./records.ts";

export const reasons = [
  "photo_unclear",
  "date_missing",
  "wrong_unit",
  "name_unreadable",
  "registered_elsewhere",
  "count_differs",
  "other",
] as const satisfies readonly ReasonCode[];

/** What can be wrong with an entry of each kind; the rest would only stand in the way. */
const fitting: Readonly<Record<string, readonly ReasonCode[]>> = {
  premises: ["photo_unclear", "name_unreadable", "registered_elsewhere", "other"],
  stay: ["photo_unclear", "date_missing", "wrong_unit", "name_unreadable", "registered_elsewhere", "other"],
  declaration: ["count_differs", "other"],
  pledge: ["name_unreadable", "other"],
};

export function reasonsFor(kind: string): readonly ReasonCode[] {
  return fitting[kind] ?? reasons;
}

export type WorkList = {
  readonly corrected: readonly Entry[];
  readonly conflicts: readonly Entry[];
  readonly fresh: readonly Entry[];
  readonly unverified: readonly Entry[];
  readonly overdue: readonly Entry[];
};

export type Besides = {
  readonly overdue: readonly Entry[];
  /** Accounts that this officer has verified, whether the register has said so yet or not. */
  readonly verified: ReadonlySet<string>;
};

export function sortWork(entries: Iterable<Entry>, { overdue, verified }: Besides): WorkList {
  const all = [...entries].filter(({ view }) => view !== undefined).sort(byAge);
  const waiting = all.filter(({ state }) => state === "pending");
  const isAnswered = ({ view }: Entry) => view?.review?.verdict === "return";
  const isUnverified = ({ view }: Entry) => view?.author_state === "unverified" && !verified.has(view.author);
  return {
    corrected: waiting.filter(isAnswered),
    conflicts: all.filter(({ state }) => state === "conflict"),
    fresh: waiting.filter((entry) => !isAnswered(entry) && !isUnverified(entry)),
    unverified: waiting.filter((entry) => !isAnswered(entry) && isUnverified(entry)),
    overdue,
  };
}

function byAge(a: Entry, b: Entry): number {
  return (a.view?.received_at ?? "") < (b.view?.received_at ?? "") ? -1 : 1;
}

/** Whether the police still owe an answer, may give another one, or cannot change anything with one. */
export function verdictAt({ state }: Entry): "due" | "again" | "none" {
  if (state === "pending" || state === "rejected" || state === "blocked") return "due";
  const isOver = ["conflict", "departed", "withdrawn", "superseded", "duplicate_of"].includes(state);
  return isOver ? "none" : "again";
}

/** No mark of any kind: nothing that a person would have to look at. */
export function isGreen({ view }: Entry): boolean {
  return (view?.marks ?? []).length === 0;
}

type Register = Parameters<typeof ordersFor>[0];

/** Places under an order whose deadline has passed without a declaration. */
export function listOverdue(
  entries: readonly Entry[],
  register: Register,
  today: string,
  nowInstant: string,
): readonly Entry[] {
  const premises = entries.filter(({ kind, is_withdrawn }) => kind === "premises" && !is_withdrawn);
  return premises.filter((entry) => {
    const passed = ordersFor(register, entry.place, today).filter((order) => isPassed(order, nowInstant));
    return passed.some((order) => latestDeclaration(entries, entry.id, order.id) === undefined);
  });
}

function isPassed(order: Order, nowInstant: string): boolean {
  const deadline = textAt(order, "deadline_at");
  return deadline !== "" && deadline < nowInstant;
}

/** How many of the known places have declared anything: the measure of the post's own work. */
export function countDeclared(entries: readonly Entry[]): {
  readonly declared: number;
  readonly known: number;
} {
  const premises = entries.filter(({ kind, is_withdrawn }) => kind === "premises" && !is_withdrawn);
  const declared = new Set(
    entries
      .filter(({ kind, is_withdrawn }) => kind === "declaration" && !is_withdrawn)
      .map((entry) => entry.premises_id),
  );
  return { declared: premises.filter(({ id }) => declared.has(id)).length, known: premises.length };
}
