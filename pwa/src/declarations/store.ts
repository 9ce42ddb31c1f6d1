// A declaration of the list, as a document: who is there as of now, nobody included; and whether it is the same again.
import type { Order } from "../orders/rules.ts";
import { logOf, rememberPremises } from "../premises/store.ts";
import type { Recorded } from "../sync/outbox.ts";
import type { Entry } from "../ui/entries.ts";
import { registerNow, save } from "../ui/phone.ts";
import type { Declaration } from "./records.ts";

type Said = {
  readonly premises: Entry;
  readonly order: Order;
  readonly present: readonly Entry[];
  /** The declaration that is renewed, when nothing has changed since. */
  readonly unchangedSince: Entry | undefined;
};

export function saveDeclaration({ premises, order, present, unchangedSince }: Said): Promise<Recorded> {
  rememberPremises(premises.id);
  const body: Declaration = {
    premises_id: premises.id,
    order_id: order.id,
    as_of: new Date(registerNow()).toISOString(),
    count: present.length,
    stays: present.map(({ id }) => id),
    ...(unchangedSince ? { unchanged_since: unchangedSince.id } : {}),
  };
  return save([{ kind: "declaration", log: logOf(), place: premises.place, body }]);
}
