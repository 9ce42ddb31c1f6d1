// The orders that came with the shell, as the screens ask for them.
import { computed } from "@preact/signals";
import { localDay } from "../facts/deadlines.ts";
import { now, phone } from "../ui/phone.ts";
import { type Order, ordersFor } from "./rules.ts";

/** Today in Cambodia by the register's clock. */
export const today = computed(() => localDay(now.value));

export function listOrders(place: string): readonly Order[] {
  const { register } = phone.value;
  return register ? ordersFor(register, place, today.value) : [];
}

/** The order that the address names, among those open at a place; else the one that is due next. */
export function findOrder(place: string, suits: (order: Order) => boolean = () => true): Order | undefined {
  const orders = listOrders(place).filter(suits);
  const named = new URLSearchParams(location.search).get("order");
  return orders.find(({ id }) => id === named) ?? orders[0];
}
