// Who may look at what is on this phone: signing out, a key that was revoked, and how long an officer's lists stay
// without contact. The key and everything unsent stay, because they are the only copy of what a person has declared.
import { areaOf } from "../accounts/rights.ts";
import { announceChange } from "./changes.ts";
import { type Database, type Device, newDevice, readDevice, type Writing, write } from "./database.ts";

const lookingStores: LookingStores = ["entities", "drafts", "device"];
type LookingStores = ["entities", "drafts", "device"];

const dayMs = 24 * 3600 * 1000;

/** Whether this phone may ask what changed: somebody is signed in, with a role that has lists. */
export function mayAsk({ ended, account }: Device): boolean {
  return !ended && areaOf(account?.role ?? "owner") !== "none";
}

/** Drops what was shown to a person, and what that person had half typed. */
export async function forgetPeople(tx: Pick<Writing<LookingStores>, "objectStore">): Promise<void> {
  await Promise.all([tx.objectStore("entities").clear(), tx.objectStore("drafts").clear()]);
}

/** Ends it for every tab and the worker at once: they all read it here. */
export function signOut(db: Database): Promise<void> {
  return forget(db, (device) => ({ ...device, ended: "signed-out" }));
}

export async function signIn(db: Database): Promise<void> {
  await write(db, ["device", "drafts"], async (tx) => {
    const device = (await tx.objectStore("device").get("device")) ?? newDevice;
    // A page that was closed in the moment of signing out may have left one.
    await tx.objectStore("drafts").clear();
    await tx.objectStore("device").put({ ...device, ended: null }, "device");
  });
  announceChange();
}

/** What an officer's phone holds of other people goes a day after the last contact, whatever the clock did since. */
export async function forgetStale(db: Database, now: number): Promise<void> {
  const { account, last_contact_ms: last } = await readDevice(db);
  if (!account || account.role === "owner" || last === null || Math.abs(now - last) <= dayMs) return;
  if ((await db.count("entities")) > 0) await forget(db, (device) => device);
}

/** Without a cursor the next pull brings everything again. */
async function forget(db: Database, end: (device: Device) => Device): Promise<void> {
  await write(db, lookingStores, async (tx) => {
    const device = (await tx.objectStore("device").get("device")) ?? newDevice;
    await forgetPeople(tx);
    await tx.objectStore("device").put({ ...end(device), cursor: null }, "device");
  });
  announceChange();
}
