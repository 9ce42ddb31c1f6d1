import { afterEach, expect, test, vi } from "vitest";
import { type Database, readDevice, write } from "../../src/sync/database.ts";
import { openBody, readPayload } from "../../src/sync/document.ts";
import { findDraft, keepDraft } from "../../src/sync/drafts.ts";
import { applyEvent } from "../../src/sync/exchange.ts";
import { recordDocuments, recordRegistration } from "../../src/sync/outbox.ts";
import { collectUnsent } from "../../src/sync/unsent.ts";
import { aPhone, aPremises, aRegisteredPhone, aRegistration, aStay, first, now, save } from "./world.ts";

afterEach(() => vi.restoreAllMocks());

async function payloads(db: Database) {
  const documents = (await db.getAll("documents")).sort((a, b) => a.order - b.order);
  return documents.map(({ item }) => readPayload(item?.payload ?? ""));
}

async function reject(db: Database, id: string): Promise<void> {
  const row = await db.get("rows", id);
  const results = [{ id, hash: row?.hash ?? "", custody: "rejected", code: "schema" }] as const;
  await applyEvent(db, { type: "answered", sent: [id], results, at_ms: now, random: 0 });
}

/** What Chromium says when its quota, and when the phone's disk is full. */
const fullness = [
  new DOMException("full", "QuotaExceededError"),
  new DOMException("Connection is closing because of: IO error: FILE_ERROR_NO_SPACE", "UnknownError"),
];

/** The browser finds no room for the third thing that it is given. */
function fillStorage(error: DOMException): void {
  const put = IDBObjectStore.prototype.put;
  let count = 0;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...given) {
    count += 1;
    if (count === 3) throw error;
    return put.apply(this, given);
  });
}

test("a phone without a key saves nothing and says so", async () => {
  const db = await aPhone();
  expect(await recordDocuments(db, [aPremises()], { now })).toEqual({
    kind: "refused",
    code: "unregistered",
  });
  expect(await db.count("documents")).toBe(0);
});

test("a program that the register calls too old composes nothing more, and keeps its queue", async () => {
  const db = await aRegisteredPhone();
  await applyEvent(db, { type: "failed", status: 426, at_ms: now, random: 0 });
  expect(await recordDocuments(db, [aPremises()], { now })).toEqual({
    kind: "refused",
    code: "client-too-old",
  });
  expect(await db.count("rows")).toBe(1);
});

test.each(fullness)(
  "when the phone is full nothing is saved, nothing half, and the person is told: $name",
  async (error) => {
    const db = await aRegisteredPhone();
    fillStorage(error);
    const recorded = await recordDocuments(db, [aPremises(), aPremises()], { now });
    vi.restoreAllMocks();
    expect(recorded).toEqual({ kind: "refused", code: "storage.full" });
    expect([await db.count("documents"), await db.count("rows")]).toEqual([1, 1]);
    expect(await readDevice(db)).toMatchObject({ next_seq: 2, next_order: 2 });
    await save(db, aPremises());
    expect((await payloads(db)).map((payload) => payload?.seq)).toEqual([1, 2]);
  },
);

test("a saved document waits, signed by this phone, in the order of composing", async () => {
  const db = await aRegisteredPhone();
  const premises = first(await save(db, aPremises()));
  await save(db, aStay(premises), aStay(premises));
  const rows = await db.getAllFromIndex("rows", "order");
  expect(rows.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    "account queued",
    "premises queued",
    "stay queued",
    "stay queued",
  ]);
  expect((await payloads(db)).map((payload) => payload?.seq)).toEqual([1, 2, 3, 4]);
  expect((await readDevice(db)).kid).toBe(rows[0]?.by);
});

test("the registration carries the public key, and the telephone number only beside the signature", async () => {
  const db = await aRegisteredPhone();
  const [document] = await db.getAll("documents");
  const [key] = await db.getAll("keys");
  expect(document?.item?.payload).not.toContain("012000000");
  expect(openBody(document?.item ?? { protected: "", payload: "", signature: "" })).toEqual({
    jwk: key?.jwk,
    capacity: "owner",
    language: "km",
    contact: { name: "TEST DATA", phone: "012000000" },
  });
});

test("a phone keeps its key when it registers again", async () => {
  const db = await aRegisteredPhone();
  await recordRegistration(db, aRegistration({ invitation: "TEST" }), { now });
  expect(await db.count("keys")).toBe(1);
  expect(new Set((await payloads(db)).map((payload) => payload?.by)).size).toBe(1);
});

test("two tabs that save at the same moment take different numbers", async () => {
  const db = await aRegisteredPhone();
  await Promise.all([save(db, aPremises()), save(db, aPremises()), save(db, aPremises(), aPremises())]);
  const seqs = (await payloads(db)).map((payload) => payload?.seq);
  expect(seqs).toEqual([1, 2, 3, 4, 5]);
  const orders = (await db.getAllFromIndex("rows", "order")).map((row) => row.order);
  expect(orders).toEqual([1, 2, 3, 4, 5]);
});

test("the draft goes in the moment its documents are saved, not before", async () => {
  const db = await aPhone();
  await keepDraft(db, "premises", { name: "Test House" }, now);
  await recordDocuments(db, [aPremises()], { now, draft: "premises" });
  expect(await findDraft(db, "premises")).toMatchObject({ value: { name: "Test House" } });
  await recordRegistration(db, aRegistration(), { now });
  await recordDocuments(db, [aPremises()], { now, draft: "premises" });
  expect(await findDraft(db, "premises")).toBeUndefined();
});

test("a write that fails in the middle leaves nothing of itself", async () => {
  const db = await aPhone();
  const work = write(db, ["drafts"], async (tx) => {
    await tx.objectStore("drafts").put({ key: "a", value: {}, saved_at_ms: 0 });
    throw new Error("cut off");
  });
  await expect(work).rejects.toThrow("cut off");
  expect(await db.count("drafts")).toBe(0);
});

test("putting a refused document right writes anew what rested on it, and nothing else", async () => {
  const db = await aRegisteredPhone();
  const premises = first(await save(db, aPremises()));
  const stay = first(await save(db, aStay(premises)));
  const departure = {
    kind: "departure",
    entity: stay,
    base: stay,
    body: { left_on: "2022-09-19", reason: "unknown" },
  };
  const left = first(await save(db, aPremises({ ...departure })));
  const other = first(await save(db, aPremises()));
  await reject(db, premises);
  const corrected = aPremises({ body: { names: { latin: "Test House 2" }, kind: "rental_house" } });
  const recorded = await recordDocuments(db, [corrected], { now, replaces: premises });
  const [newPremises, newStay, newLeft] = recorded.kind === "saved" ? recorded.ids : [];
  expect((await payloads(db)).slice(5).map((payload) => payload)).toMatchObject([
    { id: newPremises, entity: newPremises, body: { names: { latin: "Test House 2" } } },
    {
      id: newStay,
      entity: newStay,
      after: [newPremises],
      body: { premises_id: newPremises, nationality: "unknown" },
    },
    { id: newLeft, entity: newStay, base: newStay, body: { left_on: "2022-09-19" } },
  ]);
  const replacedBy = async (id: string) => (await db.get("documents", id))?.replaced_by;
  expect(await Promise.all([premises, stay, left, other].map(replacedBy))).toEqual([
    newPremises,
    newStay,
    newLeft,
    null,
  ]);
  const newItem = (await db.get("documents", newStay ?? ""))?.item;
  expect(newItem && openBody(newItem)).toMatchObject({ identity: { primary: "TESTDATA", secondary: "ONE" } });
});

test("a pledge on a refused document is not signed anew unasked", async () => {
  const db = await aRegisteredPhone();
  const premises = first(await save(db, aPremises()));
  const pledge = first(
    await save(db, aPremises({ kind: "pledge", body: { premises_id: premises, clauses: [1] } })),
  );
  await reject(db, premises);
  const recorded = await recordDocuments(db, [aPremises()], { now, replaces: premises });
  expect(recorded).toMatchObject({ kind: "saved", ids: { length: 1 } });
  expect(await db.get("rows", pledge)).toMatchObject({ state: "blocked", blocked_by: premises });
  expect(await db.get("documents", pledge)).toMatchObject({ replaced_by: null });
});

test("the unsent queue as a file holds the very bytes, the registration first", async () => {
  const db = await aRegisteredPhone();
  await save(db, aPremises());
  const file = await collectUnsent(db, "2022-09-20T03:11:05.123Z");
  const documents = (await db.getAll("documents")).sort((a, b) => a.order - b.order);
  expect(file.items).toEqual(documents.map(({ item }) => item));
  expect(readPayload(file.items[0]?.payload ?? "")?.kind).toBe("account");
});
