// Signing out takes lists and drafts from this phone and hides the rest; the key and everything unsent stay, because
// they are the only copy of what a person has declared.
import { openDatabase, readDevice } from "../sync/database.ts";

const signedOutKey = "sangkat.signed-out";

export function isSignedOut(): boolean {
  return localStorage.getItem(signedOutKey) !== null;
}

export async function signOut(): Promise<void> {
  const db = await openDatabase();
  const device = await readDevice(db);
  const tx = db.transaction(["entities", "drafts", "device"], "readwrite", { durability: "strict" });
  await Promise.all([
    tx.objectStore("entities").clear(),
    tx.objectStore("drafts").clear(),
    // Without a cursor the next pull brings everything again.
    tx.objectStore("device").put({ ...device, cursor: null }, "device"),
    tx.done,
  ]);
  localStorage.setItem(signedOutKey, "yes");
  location.assign("/app/");
}

export function signIn(): void {
  localStorage.removeItem(signedOutKey);
  location.assign("/app/");
}
