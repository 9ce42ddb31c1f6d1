// Photos on this phone: made small and named by what they are before any form speaks of them.
import { openDatabase, write } from "../sync/database.ts";
import { shrink } from "./shrinking.ts";

/** Keeps what was taken for a form; returns its name, null when it cannot be read or kept. */
export async function keepPhoto(file: Blob): Promise<string | null> {
  const bytes = await shrink(file).catch(() => null);
  if (!bytes) return null;
  const name = hexOf(await crypto.subtle.digest("SHA-256", bytes));
  const fresh = { name, bytes, document: null, state: "waiting", failures: 0, not_before_ms: 0 } as const;
  try {
    await write(await openDatabase(), ["photos"], async (tx) => {
      const known = await tx.objectStore("photos").get(name);
      if (!known) await tx.objectStore("photos").put({ ...fresh, taken_at_ms: Date.now() });
    });
    return name;
  } catch {
    return null;
  }
}

function hexOf(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
