// Takes the very last document back while nobody but this phone has it: afterwards the count of its documents has no
// hole, as if it had never been signed. Anything older, or already on its way, is put right with a new document.
import { announceChange } from "../sync/changes.ts";
import { type Device, openDatabase } from "../sync/database.ts";
import { withLock } from "../sync/locks.ts";
import type { OwnDocument } from "../ui/entries.ts";
import { phone, readPhone } from "../ui/phone.ts";

/** How long a document that can be taken back waits before it is sent, in milliseconds. */
export const undoMs = 20_000;

export function canUndo(document: OwnDocument): boolean {
  return isUndoable(document, phone.value.device);
}

type Kept = Pick<OwnDocument, "state" | "attempts" | "not_before_ms" | "order">;

/** Once it was tried to send it, it waits for nothing any more: nobody here knows whether it arrived. */
function isUndoable({ state, attempts, not_before_ms, order }: Kept, { next_order }: Device): boolean {
  return state === "queued" && attempts === 0 && not_before_ms > 0 && order === next_order - 1;
}

/** False when it was too late. */
export async function undo(id: string): Promise<boolean> {
  const db = await openDatabase();
  // Under the lock nothing is being sent.
  const isUndone = await withLock("flush", async () => {
    const tx = db.transaction(["documents", "rows", "device"], "readwrite", { durability: "strict" });
    const [row, device] = await Promise.all([
      tx.objectStore("rows").get(id),
      tx.objectStore("device").get("device"),
    ]);
    if (!row || !device || !isUndoable(row, device)) return false;
    await Promise.all([
      tx.objectStore("rows").delete(id),
      tx.objectStore("documents").delete(id),
      tx
        .objectStore("device")
        .put({ ...device, next_seq: device.next_seq - 1, next_order: device.next_order - 1 }, "device"),
      tx.done,
    ]);
    return true;
  });
  await readPhone(db);
  announceChange();
  return isUndone;
}
