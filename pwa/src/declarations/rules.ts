// What is still to be done at a place: who counts as living or working there, whether the owner has declared that list,
// and whether it still stands. Pure, from entries and the order.
import { type Entry, lastOf, textAt, valueAt } from "../ui/entries.ts";

const dayMs = 24 * 3600 * 1000;

/** What an owner still owes at one place under one order. */
export type Duty = "declare" | "declare-again" | "renew" | "sign";

export function listOf(entries: Iterable<Entry>, kind: string, premisesId: string): readonly Entry[] {
  return [...entries].filter(
    (entry) => entry.kind === kind && entry.premises_id === premisesId && !entry.is_withdrawn,
  );
}

/** The people who are there now, as far as this phone knows. */
export function listPresent(entries: Iterable<Entry>, premisesId: string): readonly Entry[] {
  return listOf(entries, "stay", premisesId).filter(
    ({ left_on, state }) =>
      left_on === undefined && !["duplicate_of", "superseded", "departed"].includes(state),
  );
}

/** Those that a declaration can name: a refused entry has to be put right first. */
export function listDeclarable(entries: Iterable<Entry>, premisesId: string): readonly Entry[] {
  return listPresent(entries, premisesId).filter(
    ({ state, view }) => view !== undefined || !["rejected", "blocked"].includes(state),
  );
}

export function latestDeclaration(
  entries: Iterable<Entry>,
  premisesId: string,
  orderId: string,
): Entry | undefined {
  const made = listUnder(entries, "declaration", premisesId, orderId)
    .filter(isTaken)
    .sort((a, b) => (textAt(a.body, "as_of") < textAt(b.body, "as_of") ? -1 : 1));
  return lastOf(made);
}

/** The last that was signed; one that was refused only where there is no other. */
export function findPledge(entries: Iterable<Entry>, premisesId: string, orderId: string): Entry | undefined {
  const signed = [...listUnder(entries, "pledge", premisesId, orderId)].sort(
    (a, b) => Number(isLater(a, b)) - Number(isLater(b, a)),
  );
  return lastOf(signed, isTaken) ?? lastOf(signed);
}

function listUnder(
  entries: Iterable<Entry>,
  kind: string,
  premisesId: string,
  orderId: string,
): readonly Entry[] {
  return listOf(entries, kind, premisesId).filter(({ body }) => body["order_id"] === orderId);
}

function isTaken({ state }: Entry): boolean {
  return state !== "rejected" && state !== "blocked";
}

/** By the register's order, which no clock can turn around; what it has not numbered yet comes last. */
function isLater(one: Entry, other: Entry): boolean {
  return positionOf(one) > positionOf(other);
}

function positionOf({ view, own }: Entry): number {
  return view?.pos ?? own[0]?.pos ?? Number.POSITIVE_INFINITY;
}

/** Whether its author still has to do something about an entry: what came back is corrected, or made again. */
export function isToCorrect(entry: Entry, entries: Iterable<Entry>): boolean {
  const { state, view } = entry;
  if (view === undefined || (state !== "returned" && state !== "conflict")) return false;
  return !isMadeAgain(entry, entries);
}

/** Declarations and pledges are never amended: a later one of the same author answers what the police asked. */
function isMadeAgain(entry: Entry, entries: Iterable<Entry>): boolean {
  if (entry.kind !== "declaration" && entry.kind !== "pledge") return false;
  // What has no view is of this phone, as is what it is asked to correct.
  const isOfAuthor = ({ view }: Entry) => view === undefined || view.author === entry.view?.author;
  return listUnder(entries, entry.kind, entry.premises_id ?? "", textAt(entry.body, "order_id")).some(
    (other) => isTaken(other) && isOfAuthor(other) && isLater(other, entry),
  );
}

/** The declaration that came back and has not been made again. */
export function findReturnedDeclaration(
  entries: readonly Entry[],
  premisesId: string,
  orderId: string,
): Entry | undefined {
  return listUnder(entries, "declaration", premisesId, orderId).find((entry) => isToCorrect(entry, entries));
}

export function declaredCount(declaration: Entry): number {
  return Number(valueAt(declaration.body, "count") ?? 0);
}

/** Whether the list of today is still the one that was declared. */
export function isUnchanged(declaration: Entry, present: readonly Entry[]): boolean {
  const stays = valueAt(declaration.body, "stays");
  const declared = new Set<unknown>(Array.isArray(stays) ? stays : []);
  return declared.size === present.length && present.every(({ id }) => declared.has(id));
}

type Under = {
  readonly entries: Iterable<Entry>;
  readonly premisesId: string;
  readonly order: { readonly id: string };
  /** Milliseconds since 1970 by the register's clock. */
  readonly now: number;
};

export function listDuties({ entries, premisesId, order, now }: Under): readonly Duty[] {
  const all = [...entries];
  const declaration = latestDeclaration(all, premisesId, order.id);
  const wantsPledge = textAt(order, "pledge_text_id") !== "";
  const isSigned = findPledge(all, premisesId, order.id) !== undefined;
  const sign: readonly Duty[] = wantsPledge && !isSigned ? ["sign"] : [];
  if (!declaration) return ["declare", ...sign];
  if (!isUnchanged(declaration, listDeclarable(all, premisesId))) return ["declare-again", ...sign];
  return isDue(declaration, Number(valueAt(order, "reattest_every_days") ?? 0), now)
    ? ["renew", ...sign]
    : sign;
}

function isDue(declaration: Entry, everyDays: number, now: number): boolean {
  const asOf = Date.parse(textAt(declaration.body, "as_of"));
  return everyDays > 0 && now - asOf > everyDays * dayMs;
}
