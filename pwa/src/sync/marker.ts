// A note outside the database of how much waited in it: the only way to see that a browser threw the database away.

import { isSettled } from "./batch.ts";
import type { Database } from "./database.ts";

const noteKey = "sangkat.waiting";
/** Apart from the note, because the next key of this phone writes its own before anybody has read this one. */
const lostKey = "sangkat.lost";

/** What the note says: this phone's key and how many documents the register did not hold yet. */
export type Note = { readonly kid: string; readonly waiting: number };

/** Writes the note anew; to be called after every change. */
export async function noteWaiting(db: Database, storage: Storage): Promise<void> {
  const [device, rows] = await Promise.all([db.get("device", "device"), db.getAll("rows")]);
  if (!device?.kid) return;
  setAside(storage, device.kid);
  const waiting = rows.filter((row) => !isSettled(row)).length;
  write(storage, noteKey, { kid: device.kid, waiting });
}

/** The note of a database that is gone, until the person was told; null when nothing is missing. */
export async function findVanished(db: Database, storage: Storage): Promise<Note | null> {
  const device = await db.get("device", "device");
  setAside(storage, device?.kid ?? null);
  return read(storage, lostKey);
}

/** Once the person was told and goes on without. */
export function forgetVanished(storage: Storage): void {
  storage.removeItem(lostKey);
}

/** A key lives as long as its database: a note of any other key is what is left of a database that is gone. */
function setAside(storage: Storage, kid: string | null): void {
  const note = read(storage, noteKey);
  if (!note || note.kid === kid) return;
  const lost = read(storage, lostKey);
  // A page that was closed before the last line has counted it already.
  if (lost?.kid !== note.kid) {
    write(storage, lostKey, { kid: note.kid, waiting: note.waiting + (lost?.waiting ?? 0) });
  }
  storage.removeItem(noteKey);
}

function read(storage: Storage, key: string): Note | null {
  return JSON.parse(storage.getItem(key) ?? "null");
}

function write(storage: Storage, key: string, note: Note): void {
  storage.setItem(key, JSON.stringify(note));
}
