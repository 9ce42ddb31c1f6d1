import { expect, test } from "vitest";
import type { Database } from "../../src/sync/database.ts";
import { discard } from "../../src/sync/discarding.ts";
import { collectUnsent } from "../../src/sync/unsent.ts";
import { aPremises, aRegisteredPhone, aStay, first, now, save } from "./world.ts";

const at = new Date(now).toISOString();

async function refuse(db: Database, id: string, ...resting: readonly string[]): Promise<void> {
  const rows = await db.getAllFromIndex("rows", "order");
  for (const row of rows) {
    if (row.id === id) await db.put("rows", { ...row, state: "rejected", code: "malformed" });
    if (resting.includes(row.id)) await db.put("rows", { ...row, state: "blocked", blocked_by: id });
  }
}

async function listDiscarded(db: Database): Promise<readonly string[]> {
  const documents = await db.getAll("documents");
  return documents.flatMap(({ id, discarded_at }) => (discarded_at ? [id] : []));
}

test("what was refused is put aside with all that rests on it, kept whole, and brought back", async () => {
  const db = await aRegisteredPhone();
  const premises = first(await save(db, aPremises()));
  const stay = first(await save(db, aStay(premises)));
  const other = first(await save(db, aPremises()));
  await refuse(db, premises, stay);
  const before = await db.getAll("documents");
  await discard(db, premises, at);
  expect(new Set(await listDiscarded(db))).toEqual(new Set([premises, stay]));
  const exported = (await collectUnsent(db, at)).items.map(({ payload }) => JSON.parse(payload).id);
  expect(exported).toContain(other);
  expect(exported).not.toContain(stay);
  await discard(db, premises, null);
  expect(await db.getAll("documents")).toMatchObject(before);
});

test("what still waits cannot be put aside", async () => {
  const db = await aRegisteredPhone();
  const premises = first(await save(db, aPremises()));
  await discard(db, premises, at);
  expect(await listDiscarded(db)).toEqual([]);
});
