// Room on the phone: asks the browser not to clear what waits, and says how much is left before a save would fail.

/** `granted` null where the browser has no such promise; bytes null where it does not tell. */
export type Room = { readonly granted: boolean | null; readonly free_bytes: number | null };

/** Below this a person should be told to send or export before entering more. */
export const freeBytesLeast = 20 * 1024 * 1024;

/** To be called when the first document waits: browsers say yes more readily to an app in use. */
export async function askForRoom(storage: StorageManager | undefined): Promise<Room> {
  if (!storage) return { granted: null, free_bytes: null };
  const granted = (await storage.persisted?.()) || ((await storage.persist?.()) ?? null);
  const { quota, usage } = (await storage.estimate?.()) ?? {};
  return { granted, free_bytes: quota === undefined ? null : quota - (usage ?? 0) };
}
