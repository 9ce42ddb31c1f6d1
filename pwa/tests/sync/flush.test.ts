import { beforeEach, expect, test } from "vitest";
import { connect } from "../../src/sync/connection.ts";
import { type Database, readDevice } from "../../src/sync/database.ts";
import { applyEvent, type Exchange } from "../../src/sync/exchange.ts";
import { flush } from "../../src/sync/flush.ts";
import { type Fault, fetchFrom, listIds, openRegister, restore, type TestRegister } from "./register.ts";
import { aPremises, aRegisteredPhone, aStay, first, now, save } from "./world.ts";

const minute = 60_000;
let clock = now;
let register: TestRegister;

beforeEach(async () => {
  clock = now;
  register = await openRegister(() => clock);
});

async function anExchange(db: Database, given: Partial<Exchange> = {}): Promise<Exchange> {
  const { kid } = await readDevice(db);
  const key = await db.get("keys", kid ?? "");
  if (!key) throw new Error("A phone without a key cannot send");
  const connection = connect({
    fetch: fetchFrom(register),
    origin: "http://register.test",
    base_url: "http://register.test",
    monotonic: () => clock,
  });
  return { db, connection, key, now: () => clock, random: () => 0.5, ...given };
}

/** A phone that is registered and has sent one premises, which is confirmed. */
async function anOwner() {
  const db = await aRegisteredPhone();
  const premises = first(await save(db, aPremises()));
  const exchange = await anExchange(db);
  await flush(exchange, true);
  return { db, exchange, premises };
}

async function states(db: Database): Promise<readonly string[]> {
  return (await db.getAllFromIndex("rows", "order")).map((row) => row.state);
}

function pushed(): readonly number[] {
  const pushes = register.calls.filter((call) => call.path === "/v1/sync/push");
  return pushes.map((call) => (call.body["items"] as readonly unknown[]).length);
}

test("a registration that is refused stops the queue and keeps it", async () => {
  const db = await aRegisteredPhone();
  const [registration] = await db.getAll("rows");
  register.poison.add(registration?.id ?? "");
  await save(db, aPremises());
  const { next_due_ms } = await flush(await anExchange(db), true);
  expect(await states(db)).toEqual(["rejected", "queued"]);
  expect(pushed()).toEqual([]);
  expect(next_due_ms).toBeNull();
});

test.each<Fault>([
  { path: "/v1/devices", kind: "page", status: 403 },
  { path: "/v1/devices", kind: "page", status: 400 },
  { path: "/v1/devices", kind: "status", status: 404, code: "not-found" },
])(
  "what something on the way answers to a registration is not the register's: $kind $status",
  async (fault) => {
    const db = await aRegisteredPhone();
    await save(db, aPremises());
    register.faults.push(fault);
    await flush(await anExchange(db), true);
    expect(await states(db)).toEqual(["queued", "queued"]);
    await flush(await anExchange(db), true);
    expect(await states(db)).toEqual(["confirmed", "confirmed"]);
  },
);

test("without signal everything waits, and the next try is told", async () => {
  const db = await aRegisteredPhone();
  await save(db, aPremises());
  register.faults.push({ path: "/v1/devices", kind: "lost-request" });
  const { next_due_ms } = await flush(await anExchange(db), true);
  expect(await states(db)).toEqual(["queued", "queued"]);
  expect(next_due_ms).toBe(now + 1000);
});

test("a busy register is not asked again before the time it gave, but for the button", async () => {
  const { db, exchange } = await anOwner();
  await save(db, aPremises());
  register.faults.push({
    path: "/v1/sync/push",
    kind: "status",
    status: 503,
    code: "overload",
    retry_after: "120",
  });
  const { next_due_ms } = await flush(exchange, false);
  expect(next_due_ms).toBe(now + 121_000);
  const calls = register.calls.length;
  clock += minute;
  await flush(exchange, false);
  // Nor when the app is opened anew, or signal comes back.
  await flush(exchange, true);
  expect(register.calls.length).toBe(calls);
  await flush(exchange, "asked");
  expect(await states(db)).toEqual(["confirmed", "confirmed", "confirmed"]);
});

test("a batch that is too large is halved until it passes", async () => {
  const { db, exchange } = await anOwner();
  await save(db, ...Array.from({ length: 8 }, () => aPremises()));
  const tooLarge = { path: "/v1/sync/push", kind: "status", status: 413, code: "request.too-large" } as const;
  register.faults.push(tooLarge, tooLarge);
  await flush(exchange, false);
  expect(pushed().slice(1)).toEqual([8, 4, 2, 2, 2, 2]);
  expect(new Set(await states(db))).toEqual(new Set(["confirmed"]));
});

test("a token that ran out is renewed on the way and nothing is lost", async () => {
  const { db, exchange } = await anOwner();
  register.tokens.clear();
  await save(db, aPremises());
  await flush(exchange, false);
  expect(await states(db)).toEqual(["confirmed", "confirmed", "confirmed"]);
});

test("a program that is too old still sends what waits", async () => {
  const { db, exchange } = await anOwner();
  await save(db, aPremises());
  register.faults.push({ path: "/v1/sync/push", kind: "status", status: 426, code: "client-too-old" });
  await flush(exchange, false);
  expect((await readDevice(db)).link.may_compose).toBe(false);
  clock += minute;
  await flush(exchange, false);
  expect(new Set(await states(db))).toEqual(new Set(["confirmed"]));
});

test("one poison document holds up no other, and what rests on it is blocked", async () => {
  const { db, exchange } = await anOwner();
  const poison = first(await save(db, aPremises()));
  const ids = await save(db, aStay(poison), ...Array.from({ length: 48 }, () => aPremises()));
  register.poison.add(poison);
  await flush(exchange, false);
  expect(await db.get("rows", poison)).toMatchObject({
    state: "rejected",
    code: "schema",
    errors: [{ pointer: "/body/sex", code: "field.value" }],
  });
  expect(await db.get("rows", first(ids))).toMatchObject({ state: "blocked", blocked_by: poison });
  expect((await states(db)).filter((state) => state === "confirmed")).toHaveLength(2 + 48);
});

test("a receipt that the register has not signed is not believed", async () => {
  const db = await aRegisteredPhone();
  const exchange = await anExchange(db);
  await flush(exchange, true);
  const strange = await openRegister(() => clock);
  const fetching: typeof fetch = (input, init) => {
    return String(input).endsWith("/v1/sync/info")
      ? fetchFrom(strange)(input, init)
      : fetchFrom(register)(input, init);
  };
  await db.put("device", { ...(await readDevice(db)), receipt_keys: [] }, "device");
  const around = {
    fetch: fetching,
    origin: "http://register.test",
    base_url: "http://register.test",
    monotonic: () => clock,
  };
  const premises = first(await save(db, aPremises()));
  await flush({ ...exchange, connection: connect(around) }, false);
  expect(await db.get("rows", premises)).toMatchObject({ state: "queued", receipt: null });
});

test("a document whose reply was lost is sent again and stands once in the log, with one receipt", async () => {
  const { db, exchange } = await anOwner();
  const premises = first(await save(db, aPremises()));
  register.faults.push({ path: "/v1/sync/push", kind: "lost-reply" });
  await flush(exchange, false);
  expect((await states(db)).at(-1)).toBe("queued");
  clock += minute;
  await flush(exchange, false);
  expect(listIds(register).filter((id) => id === premises)).toHaveLength(1);
  expect(await db.get("rows", premises)).toMatchObject({ state: "confirmed", pos: 3 });
});

test("two tabs and the worker together send each document once", async () => {
  const { db, exchange } = await anOwner();
  await save(db, ...Array.from({ length: 5 }, () => aPremises()));
  await Promise.all([flush(exchange, false), flush(exchange, true), flush(exchange, false)]);
  expect(pushed().slice(1)).toEqual([5]);
});

test("a program killed while sending sends again by itself", async () => {
  const { db, exchange } = await anOwner();
  const premises = first(await save(db, aPremises()));
  await applyEvent(db, { type: "sending", ids: [premises] });
  await flush(exchange, false);
  expect(await db.get("rows", premises)).toMatchObject({ state: "confirmed" });
});

test("a phone whose clock is two years wrong signs in and sends", async () => {
  const db = await aRegisteredPhone();
  await save(db, aPremises());
  await flush(await anExchange(db, { now: () => clock - 2 * 365 * 24 * 60 * minute }), true);
  expect(await states(db)).toEqual(["confirmed", "confirmed"]);
  const { clock_behind_ms, contact_at_ms } = await readDevice(db);
  expect([clock_behind_ms, contact_at_ms]).toEqual([2 * 365 * 24 * 60 * minute, clock]);
});

test("what is sent is the registration alone, then a batch in order, compressed", async () => {
  const db = await aRegisteredPhone();
  const premises = first(await save(db, aPremises()));
  const stays = await save(db, aStay(premises), aStay(premises));
  await flush(await anExchange(db), true);
  expect(listIds(register).slice(1)).toEqual([premises, ...stays]);
  expect(pushed()).toEqual([3]);
  const push = register.calls.find((call) => call.path === "/v1/sync/push");
  expect(push?.headers.get("content-encoding")).toBe("gzip");
  expect((await readDevice(db)).account).toMatchObject({ role: "owner", state: "unverified" });
});

test("a received document is confirmed only by a pull whose cursor the register recognised", async () => {
  const { db } = await anOwner();
  const [registration, premises] = await db.getAllFromIndex("rows", "order");
  expect([registration?.state, premises?.state]).toEqual(["confirmed", "confirmed"]);
  const pulls = register.calls.filter((call) => call.path === "/v1/sync/pull");
  expect(pulls.map((call) => call.body["cursor"] === null)).toEqual([true, false]);
});

test("the next document is anchored at the last receipt", async () => {
  const { db, premises } = await anOwner();
  const stay = first(await save(db, aStay(premises)));
  const payload = JSON.parse((await db.get("documents", stay))?.item?.payload ?? "{}");
  expect(payload.anchor).toMatchObject({ pos: 2, at: "2022-09-20T03:11:05.123Z" });
});

test("views arrive with the cursor that covers them", async () => {
  const { db, exchange, premises } = await anOwner();
  expect(await db.get("entities", premises)).toMatchObject({ effect: "pending" });
  const stay = first(await save(db, aStay(premises)));
  await flush(exchange, false);
  expect(await db.get("entities", stay)).toMatchObject({ kind: "stay", revision: stay });
});

test("more views than fit one answer arrive page by page", async () => {
  const { db, exchange } = await anOwner();
  await save(db, ...Array.from({ length: 450 }, () => aPremises()));
  await flush(exchange, false);
  expect(await db.count("entities")).toBe(452);
  expect(new Set(await states(db))).toEqual(new Set(["confirmed"]));
});

test("a register restored from an old copy gets back what it lost, once", async () => {
  const { db, exchange, premises } = await anOwner();
  const stays = await save(db, aStay(premises), aStay(premises));
  await flush(exchange, false);
  restore(register, 2);
  await flush(exchange, false);
  expect(listIds(register).slice(1)).toEqual([premises, ...stays]);
  expect(new Set(await states(db))).toEqual(new Set(["confirmed"]));
  expect(await db.count("entities")).toBe(4);
});

test("a register that even forgot the phone is told of it again with the same bytes", async () => {
  const { db, exchange } = await anOwner();
  const before = listIds(register);
  restore(register, 0);
  for (let round = 0; round < 4; round += 1) {
    clock += 6 * minute;
    await flush(exchange, false);
  }
  expect(listIds(register)).toEqual(before);
  expect(new Set(await states(db))).toEqual(new Set(["confirmed"]));
});

test("an owner whom an officer has verified learns it with the next news", async () => {
  const { db, exchange } = await anOwner();
  expect((await readDevice(db)).account?.state).toBe("unverified");
  register.verified.add((await readDevice(db)).account?.account_id ?? "");
  await db.put("device", { ...(await readDevice(db)), cursor: null }, "device");
  await flush(exchange, false);
  expect((await readDevice(db)).account?.state).toBe("active");
});

test("an owner whom an officer has verified learns it when the app starts, without any news", async () => {
  const { db, exchange } = await anOwner();
  register.verified.add((await readDevice(db)).account?.account_id ?? "");
  await flush(exchange, true);
  expect((await readDevice(db)).account?.state).toBe("active");
});

test("a phone whose scope has changed asks who it is now", async () => {
  const { db, exchange } = await anOwner();
  register.role = "officer";
  register.faults.push({ path: "/v1/sync/pull", kind: "status", status: 410, code: "cursor-gone" });
  await flush(exchange, false);
  expect((await readDevice(db)).account?.role).toBe("officer");
  expect(new Set(await states(db))).toEqual(new Set(["confirmed"]));
});
