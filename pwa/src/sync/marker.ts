// A note outside the database of how much waited in it: the only way to see that a browser threw the database away.

import { isSettled } from "./batch.ts";
import type { Database } from "./database.ts";

const noteKey = "sangkat.waiting";

/** What the note says: this phone's key and how many documents the register did not hold yet. */
export type Note = { readonly kid: string; readonly waiting: number };

/** Writes the note anew; to be called after every change. */
export async function noteWaiting(db: Database, storage: Storage): Promise<void> {
  const [device, rows] = await Promise.all([db.get("device", "device"), db.getAll("rows")]);
  if (!device?.kid) return;
  const waiting = rows.filter((row) => !isSettled(row)).length;
  storage.setItem(noteKey, JSON.stringify({ kid: device.kid, waiting } satisfies Note));
}

/** The note of a database that is gone, or null when nothing is missing. */
export async function findVanished(db: Database, storage: Storage): Promise<Note | null> {
  const text = storage.getItem(noteKey);
  const device = await db.get("device", "device");
  if (!text || device?.kid) return null;
  return JSON.parse(text);
}

/** Once the person was told and goes on without. */
export function forgetVanished(storage: Storage): void {
  storage.removeItem(noteKey);
}
