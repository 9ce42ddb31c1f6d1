// Puts aside what the register refused, with all that rests on it, and brings it back: nothing is deleted, because a
// person may press the wrong button, and signed bytes are nobody's to lose.
import { type Database, putEach, write } from "./database.ts";

/** `discarded_at` is an instant, or null to bring it back; what was not refused stays as it is. */
export function discard(db: Database, id: string, discarded_at: string | null): Promise<void> {
  return write(db, ["documents", "rows"], async (tx) => {
    const rows = await tx.objectStore("rows").getAll();
    const refused = rows.filter(({ state }) => state === "rejected" || state === "blocked");
    const aside = refused.filter((row) => row.id === id || row.blocked_by === id);
    const documents = tx.objectStore("documents");
    const found = await Promise.all(aside.map((row) => documents.get(row.id)));
    await putEach(
      documents,
      found.flatMap((document) => (document ? [{ ...document, discarded_at }] : [])),
    );
  });
}
