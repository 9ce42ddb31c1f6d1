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
  return textAt(order, "issued_on") <= today && (ends === "open" || ends >= today);
}

export function covers(order: Order, ancestors: readonly string[]): boolean {
  const places = valueAt(order, "places");
  return Array.isArray(places) && places.some((place) => ancestors.includes(place));
}

type Register = { readonly orders: readonly Order[]; readonly places: readonly Located[] };

/** The orders in force; the one whose deadline is next comes first, one whose deadline has passed last. */
export function listOpen({ orders }: Register, today: string): readonly Order[] {
  return orders
    .filter((order) => isOpen(order, today))
    .sort((a, b) => (rank(a, today) < rank(b, today) ? -1 : 1));
}

/** The orders in force at a place. */
export function ordersFor(register: Register, place: string, today: string): readonly Order[] {
  const ancestors = listAncestors(register.places, place);
  return listOpen(register, today).filter((order) => covers(order, ancestors));
}

/** Deadlines still ahead in their order, then what is always owed, then what is late anyway. */
function rank(order: Order, today: string): string {
  const deadline = textAt(order, "deadline_at");
  if (!deadline) return "2";
  return deadline.slice(0, 10) >= today ? `1${deadline}` : `3${deadline}`;
}

/** The order's text in the reader's language, else in Khmer. */
export function orderText(order: Order, name: "title" | "legal_basis", language: string): string {
  return textAt(order, name, language) || textAt(order, name, "km");
}
