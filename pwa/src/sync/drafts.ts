// Half-filled forms, kept as they are typed, so that a closed browser or a switched language loses nothing.
import type { Database, Draft } from "./database.ts";
import type { JsonObject } from "./messages.ts";

/** A key names the form and what it is about, such as `stay:<premises id>`. */
export async function keepDraft(db: Database, key: string, value: JsonObject, nowMs: number): Promise<void> {
  await db.put("drafts", { key, value, saved_at_ms: nowMs });
}

export async function findDraft(db: Database, key: string): Promise<Draft | undefined> {
  return db.get("drafts", key);
}

export async function dropDraft(db: Database, key: string): Promise<void> {
  await db.delete("drafts", key);
}
