// The officer's work list as a decision over what the phone holds: what waits, in which order, and what is all green.

import { latestDeclaration } from "../declarations/rules.ts";
import { covers, listAncestors, listOpen, type Order, ordersFor } from "../orders/rules.ts";
import { type Entry, textAt, valueAt } from "../ui/entries.ts";
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
  const checked = waiting.filter((entry) => !isUnverified(entry, verified));
  const isAnswered = ({ view }: Entry) => view?.review?.verdict === "return";
  return {
    corrected: checked.filter(isAnswered),
    conflicts: all.filter(({ state }) => state === "conflict"),
    fresh: checked.filter((entry) => !isAnswered(entry)),
    // Also what they corrected: an answer to a question says nothing about who gives it.
    unverified: waiting.filter((entry) => isUnverified(entry, verified)),
    overdue,
  };
}

/** Of an owner with whom nobody has compared the code, here or at the register. */
export function isUnverified({ view }: Entry, verified: ReadonlySet<string>): boolean {
  return view?.author_state === "unverified" && !verified.has(view.author);
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

export type Coverage = { readonly order: Order; readonly declared: number; readonly known: number };

/** How many places of verified owners have declared under each open order, as `/v1/coverage` counts them. */
export function countDeclared(
  entries: readonly Entry[],
  register: Register,
  today: string,
  now: number,
): readonly Coverage[] {
  const counted = entries.filter(({ kind, view }) => kind === "premises" && isCounted(view));
  return listOpen(register, today).flatMap((order) => {
    const known = counted.filter(({ place }) => covers(order, listAncestors(register.places, place)));
    const declared = known.filter(({ id }) => isDeclared(entries, id, order, now));
    return known.length > 0 ? [{ order, declared: declared.length, known: known.length }] : [];
  });
}

function isCounted(view: Entry["view"]): boolean {
  return view?.author_state === "active" && view.effect !== "withdrawn";
}

/** A declaration that the register holds, and which need not be renewed yet. */
function isDeclared(entries: readonly Entry[], premisesId: string, order: Order, now: number): boolean {
  const views = entries.flatMap(({ kind, premises_id, view }) =>
    kind === "declaration" && premises_id === premisesId && view && view.effect !== "withdrawn" ? [view] : [],
  );
  const made = views.filter(({ body }) => body["order_id"] === order.id);
  const last = Math.max(...made.map(({ received_at = "" }) => Date.parse(received_at)));
  const days = textAt(order, "ends_on") === "open" ? Number(valueAt(order, "reattest_every_days") ?? 0) : 0;
  return made.length > 0 && (days === 0 || now < last + days * dayMs);
}

const dayMs = 24 * 3600 * 1000;
