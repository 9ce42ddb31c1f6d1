// Which order a place is under and how much time it leaves: pure, from the orders that came with the shell.
import type { JsonObject } from "../sync/messages.ts";
import { textAt, valueAt } from "../ui/entries.ts";

export type Order = JsonObject & { readonly id: string };
type Located = { readonly place_id: string; readonly parent: string | null };

/** The place and everything above it, up to the province. */
export function listAncestors(places: readonly Located[], place: string): readonly string[] {
  const found = places.find(({ place_id }) => place_id === place);
  return found?.parent ? [place, ...listAncestors(places, found.parent)] : [place];
}

export function isOpen(order: Order, today: string): boolean {
  const ends = textAt(order, "ends_on") || "open";
  return ends === "open" || ends >= today;
}

function covers(order: Order, ancestors: readonly string[]): boolean {
  const places = valueAt(order, "places");
  return Array.isArray(places) && places.some((place) => ancestors.includes(place));
}

/** The orders in force at a place; the one whose deadline is next comes first, a duty without deadline last. */
export function ordersFor(
  { orders, places }: { readonly orders: readonly Order[]; readonly places: readonly Located[] },
  place: string,
  today: string,
): readonly Order[] {
  const ancestors = listAncestors(places, place);
  return orders
    .filter((order) => isOpen(order, today) && covers(order, ancestors))
    .sort((a, b) => (rank(a, today) < rank(b, today) ? -1 : 1));
}

/** Deadlines still ahead in their order, then those that have passed, then none. */
function rank(order: Order, today: string): string {
  const deadline = textAt(order, "deadline_at");
  if (!deadline) return "3";
  return deadline.slice(0, 10) >= today ? `1${deadline}` : "2";
}

/** The order's text in the reader's language, else in Khmer. */
export function orderText(order: Order, name: "title" | "legal_basis", language: string): string {
  return textAt(order, name, language) || textAt(order, name, "km");
}
