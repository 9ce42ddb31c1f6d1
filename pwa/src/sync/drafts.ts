// Half-filled forms, kept as they are typed, so that a closed browser or a switched language loses nothing.
import { type Database, type Draft, write } from "./database.ts";
import type { JsonObject } from "./messages.ts";

/** A key names the form and what it is about, such as `stay:<premises id>`. */
export async function keepDraft(db: Database, key: string, value: JsonObject, nowMs: number): Promise<void> {
  await write(db, ["drafts", "device"], async (tx) => {
    // A form may still be open where somebody signed out in another tab.
    if ((await tx.objectStore("device").get("device"))?.ended) return;
    await tx.objectStore("drafts").put({ key, value, saved_at_ms: nowMs });
  });
}

/**
 * The same for a page that is being left, where nothing runs between one step of a transaction and the next: it is
 * written blindly and committed at once, so the caller has to know that nobody signed out.
 */
export function keepDraftAtOnce(db: Database, key: string, value: JsonObject, nowMs: number): void {
  const tx = db.transaction("drafts", "readwrite");
  const put = tx.store.put({ key, value, saved_at_ms: nowMs });
  // Older phones do not know it, and may then forget what was typed last.
  tx.commit?.();
  void Promise.all([put, tx.done]).catch(() => undefined);
}

export async function findDraft(db: Database, key: string): Promise<Draft | undefined> {
  return db.get("drafts", key);
}

export async function dropDraft(db: Database, key: string): Promise<void> {
  await db.delete("drafts", key);
}
