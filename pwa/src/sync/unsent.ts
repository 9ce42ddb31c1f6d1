// The unsent queue as a file that a post can take in: the way out when a phone has no signal for weeks, or is given away.
import type { Database } from "./database.ts";
import type { Item } from "./messages.ts";

/** The items stand in it as they would be sent, unopened; a registration first. */
export type UnsentFile = {
  readonly format: "sangkat-unsent";
  readonly v: 1;
  readonly made_at: string;
  readonly items: readonly Item[];
};

/** Everything of which the register has not said that it holds it, without what the person put aside. */
export async function collectUnsent(db: Database, madeAt: string): Promise<UnsentFile> {
  const rows = await db.getAllFromIndex("rows", "order");
  const unsent = rows.filter(({ state }) => !["received", "confirmed", "summary"].includes(state));
  const documents = await Promise.all(unsent.map(({ id }) => db.get("documents", id)));
  const kept = documents.filter((document) => !document?.discarded_at);
  const items = kept.flatMap((document) => (document?.item ? [document.item] : []));
  return { format: "sangkat-unsent", v: 1, made_at: madeAt, items };
}
