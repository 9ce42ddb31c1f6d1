// Sending as the screens see it: whether it runs, what is in its way, and the button. What is sent is in sync/.
import { signal } from "@preact/signals";
import { onChange } from "../sync/changes.ts";
import { type Database, openDatabase } from "../sync/database.ts";
import { findVanished, type Note, noteWaiting } from "../sync/marker.ts";
import { refreshRegister } from "../sync/register.ts";
import { askForRoom, type Room } from "../sync/room.ts";
import { openExchange } from "../sync/surroundings.ts";
import { startWaking, type Waking } from "../sync/waking.ts";
import { storage } from "./remembered.ts";

/** True while something is being sent or asked. */
export const isSending = signal(false);
/** What was waiting in a database that the browser threw away; null when nothing is missing. */
export const vanished = signal<Note | null>(null);
/** What the browser promised about room; null until something has been saved. */
export const room = signal<Room | null>(null);

let waking: Waking | null = null;

/** Starts all triggers; to be called once, after the first screen stands. */
export function startSending(): void {
  addEventListener("online", () => void openDatabase().then((current) => refreshRegister(current, fetch)));
  waking = startWaking((isRunning) => {
    isSending.value = isRunning;
  });
}

/** Looks for what the browser threw away, and keeps the note of what waits; before anything asks the register. */
export async function noticeVanishing(db: Database): Promise<void> {
  if (!storage) return;
  const notes = storage;
  vanished.value = await findVanished(db, notes);
  // A page that was closed right after a save may have left the note one behind.
  void noteWaiting(db, notes);
  onChange(() => void openDatabase().then((current) => noteWaiting(current, notes)));
}

/** The button: sends now, whatever was to be waited for. */
export async function sendNow(): Promise<void> {
  await waking?.sendNow();
}

/** A photo as the register shows it; null without an answer. */
export async function fetchBlob(name: string): Promise<Response | null> {
  const exchange = await openExchange();
  return (await exchange?.connection.bare(exchange.key, `/v1/blobs/${name}`, { cache: "no-store" })) ?? null;
}

/** To be called after a save. */
export async function checkRoom(): Promise<void> {
  room.value = await askForRoom(navigator.storage);
}
