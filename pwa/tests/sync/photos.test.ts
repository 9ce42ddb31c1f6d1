import { expect, test } from "vitest";
import type { Database, KeptPhoto } from "../../src/sync/database.ts";
import type { Exchange } from "../../src/sync/exchange.ts";
import { createDeviceKey } from "../../src/sync/key.ts";
import { recordDocuments } from "../../src/sync/outbox.ts";
import { sendPhotos } from "../../src/sync/photos.ts";
import { aPremises, aRegisteredPhone, now } from "./world.ts";

const length = 150_000;
const name = "ab".repeat(32);
const minute = 60_000;

/** A register that keeps what it is sent, or answers as it is told. */
function aRegister(answers: (Response | null)[] = []) {
  const received: number[] = [];
  let there: number | null = null;
  const bare = async (_key: unknown, _path: string, init: RequestInit): Promise<Response | null> => {
    const told = answers.shift();
    if (told !== undefined) return told;
    if (init.method === "HEAD") return there === null ? new Response(null, { status: 404 }) : tell(200);
    const headers = new Headers(init.headers);
    const offset = Number(headers.get("upload-offset"));
    if (offset !== (there ?? 0)) return tell(409);
    received.push(offset);
    there = offset + (init.body as ArrayBuffer).byteLength;
    return tell(204);
  };
  const tell = (status: number) =>
    new Response(null, {
      status,
      headers: {
        "upload-offset": String(there ?? 0),
        ...(there === length ? { "upload-complete": "?1" } : {}),
      },
    });
  const forget = () => {
    there = null;
  };
  return { bare, received, forget };
}

async function aPhoneWithPhoto(state: string): Promise<Database> {
  const db = await aRegisteredPhone();
  const bytes = new ArrayBuffer(length);
  const fresh = {
    state: "waiting",
    failures: 0,
    not_before_ms: 0,
    taken_at_ms: now,
    document: null,
  } as const;
  await db.put("photos", { name, bytes, ...fresh });
  await recordDocuments(db, [aPremises({ body: { photo: name } })], { now, photo: name });
  await settleText(db, state);
  return db;
}

async function settleText(db: Database, state: string): Promise<void> {
  const { document } = await photoOf(db);
  const row = await db.get("rows", document ?? "");
  if (row) await db.put("rows", { ...row, state: state as typeof row.state });
}

async function photoOf(db: Database): Promise<KeptPhoto> {
  const photo = await db.get("photos", name);
  if (!photo) throw new Error("The photo is gone");
  return photo;
}

async function send(db: Database, bare: unknown, isInterrupted = false): Promise<number | null> {
  const connection = { bare } as Exchange["connection"];
  const exchange = { db, connection, key: await createDeviceKey(), now: () => now, random: () => 1 };
  return sendPhotos(exchange, () => Promise.resolve(isInterrupted));
}

test("a photo waits until the register has the text that names it", async () => {
  const db = await aPhoneWithPhoto("queued");
  const register = aRegister();
  expect(await send(db, register.bare)).toBeNull();
  expect(register.received).toEqual([]);
  await settleText(db, "held");
  expect(await send(db, register.bare)).toBeNull();
  expect((await photoOf(db)).state).toBe("sent");
});

test("a photo is sent in parts, and goes on from where the register says", async () => {
  const db = await aPhoneWithPhoto("confirmed");
  const register = aRegister();
  const broken = [register.bare, register.bare, async () => null];
  await send(db, (...call: Parameters<typeof register.bare>) => (broken.shift() ?? register.bare)(...call));
  expect(register.received).toEqual([0]);
  const { not_before_ms, failures, ...photo } = await photoOf(db);
  expect([photo.state, failures]).toEqual(["waiting", 1]);
  expect(not_before_ms).toBeGreaterThan(now);
  await db.put("photos", { ...(await photoOf(db)), not_before_ms: 0 });
  await send(db, register.bare);
  expect(register.received).toEqual([0, 65_536, 131_072]);
  expect((await photoOf(db)).state).toBe("sent");
});

test("a text that waits goes before the next part", async () => {
  const db = await aPhoneWithPhoto("confirmed");
  const register = aRegister();
  await send(db, register.bare, true);
  expect(register.received).toEqual([]);
  expect((await photoOf(db)).failures).toBe(0);
});

test("what the register will never take is not sent again", async () => {
  const db = await aPhoneWithPhoto("confirmed");
  const problem = new Response('{"code":"blob.not-an-image"}', { status: 422 });
  expect(await send(db, aRegister([problem]).bare)).toBeNull();
  expect((await photoOf(db)).state).toBe("refused");
});

test("what was damaged on its way, and a register that is full, are tried again later", async () => {
  const full = new Response(null, { status: 507, headers: { "retry-after": "60" } });
  const damaged = new Response('{"code":"blob.hash-differs"}', { status: 422 });
  for (const [answer, due] of [[full, now + minute + 2000] as const, [damaged, now + 2000] as const]) {
    const db = await aPhoneWithPhoto("confirmed");
    expect(await send(db, aRegister([answer]).bare)).toBe(due);
    expect((await photoOf(db)).state).toBe("waiting");
  }
});

test("a photo that a restored register lost is sent again with its text", async () => {
  const db = await aPhoneWithPhoto("confirmed");
  const register = aRegister();
  await send(db, register.bare);
  register.forget();
  await send(db, register.bare);
  expect(register.received).toHaveLength(3);
  await settleText(db, "received");
  await send(db, register.bare);
  expect(register.received).toHaveLength(6);
});

test("a photo that no document names goes after three days, and one that was left out at once", async () => {
  const db = await aPhoneWithPhoto("confirmed");
  await recordDocuments(db, [aPremises()], { now, photo_before: name });
  expect(await db.count("photos")).toBe(0);
  const fresh = { state: "waiting", failures: 0, not_before_ms: 0, document: null } as const;
  const taken_at_ms = now - 73 * 60 * minute;
  await db.put("photos", { name, bytes: new ArrayBuffer(1), ...fresh, taken_at_ms });
  await send(db, aRegister().bare);
  expect(await db.count("photos")).toBe(0);
});
