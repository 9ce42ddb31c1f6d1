import { expect, test } from "vitest";
import { openDatabase } from "../../src/sync/database.ts";
import { findVanished, forgetVanished, noteWaiting } from "../../src/sync/marker.ts";
import { refreshRegister } from "../../src/sync/register.ts";
import { askForRoom } from "../../src/sync/room.ts";
import { aPhone, aPremises, aRegisteredPhone, save } from "./world.ts";

const register = {
  ...{
    register: "TEST DATA",
    name: { en: "TEST DATA" },
    log: "psh-p-preah-sihanouk",
    demo: true,
    hotline: "117",
  },
  ...{ server_time: "2022-09-20T03:11:05.123Z", base_url: "https://register.test" },
  ...{ places: [], orders: [], pledge_texts: [], receipt_keys: [] },
};

function answering(body: string, status = 200): typeof fetch {
  return async () => new Response(body, { status });
}

/** The part of `Storage` that a browser keeps for an origin. */
function aStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
    key: () => null,
    length: 0,
  };
}

test("no signal, an error page or another page's JSON leave the register's data as they were", async () => {
  const db = await aPhone();
  const offline: typeof fetch = async () => Promise.reject(new TypeError("Failed to fetch"));
  const tries = [
    offline,
    answering("<html>", 200),
    answering("{}", 200),
    answering(JSON.stringify(register), 500),
  ];
  for (const fetching of tries) expect(await refreshRegister(db, fetching)).toBe(false);
  expect(await db.get("register", "register")).toBeUndefined();
});

test("the newest data of the register are kept, whatever order they arrive in", async () => {
  const db = await aPhone();
  const newer = { ...register, server_time: "2022-09-21T00:00:00.000Z" };
  expect(await refreshRegister(db, answering(JSON.stringify(newer)))).toBe(true);
  expect(await refreshRegister(db, answering(JSON.stringify(register)))).toBe(true);
  expect(await db.get("register", "register")).toEqual(newer);
});

test("a database that was thrown away is noticed, with what waited in it", async () => {
  const storage = aStorage();
  const db = await aRegisteredPhone();
  await save(db, aPremises());
  await noteWaiting(db, storage);
  expect(await findVanished(db, storage)).toBeNull();
  const { kid } = (await db.get("device", "device")) ?? {};
  const emptied = await aPhone();
  expect(await findVanished(emptied, storage)).toEqual({ kid, waiting: 2 });
  forgetVanished(storage);
  expect(await findVanished(emptied, storage)).toBeNull();
});

test("what was thrown away is told until it is acknowledged, whatever the phone's next key notes", async () => {
  const storage = aStorage();
  const lost = await aRegisteredPhone();
  await noteWaiting(lost, storage);
  const { kid } = (await lost.get("device", "device")) ?? {};
  const anew = await aRegisteredPhone();
  await noteWaiting(anew, storage);
  expect(await findVanished(anew, storage)).toEqual({ kid, waiting: 1 });
  await save(anew, aPremises());
  await noteWaiting(anew, storage);
  expect(await findVanished(anew, storage)).toEqual({ kid, waiting: 1 });
  forgetVanished(storage);
  expect(await findVanished(anew, storage)).toBeNull();
});

test("what was thrown away a second time is counted with the first", async () => {
  const storage = aStorage();
  await noteWaiting(await aRegisteredPhone(), storage);
  const second = await aRegisteredPhone();
  await save(second, aPremises());
  await noteWaiting(second, storage);
  const emptied = await aPhone();
  expect((await findVanished(emptied, storage))?.waiting).toBe(3);
  expect((await findVanished(emptied, storage))?.waiting).toBe(3);
});

test("a phone that never had anything misses nothing", async () => {
  const storage = aStorage();
  const db = await aPhone();
  await noteWaiting(db, storage);
  expect(await findVanished(db, storage)).toBeNull();
});

test("the browser is asked to keep the data, and says how much room is left", async () => {
  const browser = {
    persisted: async () => false,
    persist: async () => true,
    estimate: async () => ({ quota: 100, usage: 30 }),
  };
  expect(await askForRoom(browser as StorageManager)).toEqual({ granted: true, free_bytes: 70 });
  expect(await askForRoom(undefined)).toEqual({ granted: null, free_bytes: null });
  expect(await askForRoom({} as StorageManager)).toEqual({ granted: null, free_bytes: null });
});

test("an old program does not stand in the way of a newer one's database, and does not open it", async () => {
  const before = await openDatabase("upgraded");
  await before.put("drafts", { key: "a", value: { kept: true }, saved_at_ms: 0 });
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open("upgraded", before.version + 1);
    opening.onsuccess = () => {
      opening.result.close();
      resolve();
    };
    opening.onerror = () => reject(opening.error);
  });
  await expect(openDatabase("upgraded")).rejects.toThrow("version");
});
