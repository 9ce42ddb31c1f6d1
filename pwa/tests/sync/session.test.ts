import { beforeEach, expect, test } from "vitest";
import { connect } from "../../src/sync/connection.ts";
import { readDevice } from "../../src/sync/database.ts";
import { keepDraft, keepDraftAtOnce } from "../../src/sync/drafts.ts";
import { applyEvent } from "../../src/sync/exchange.ts";
import { flush } from "../../src/sync/flush.ts";
import { forgetStale, signIn, signOut } from "../../src/sync/session.ts";
import { fetchFrom, openRegister, type TestRegister } from "./register.ts";
import { aPremises, aRegisteredPhone, now, save } from "./world.ts";

const minute = 60_000;
const [origin, base_url] = ["http://register.test", "http://register.test"];
let register: TestRegister;

beforeEach(async () => {
  register = await openRegister(() => now);
});

/** A phone that is registered and holds what the register told it about one premises. */
async function anOwner() {
  const db = await aRegisteredPhone();
  await save(db, aPremises());
  const key = await db.get("keys", (await readDevice(db)).kid ?? "");
  if (!key) throw new Error("A phone without a key cannot send");
  const connection = connect({ fetch: fetchFrom(register), origin, base_url, monotonic: () => now });
  const exchange = { db, connection, key, now: () => now, random: () => 0.5 };
  await flush(exchange, true);
  return { db, exchange };
}

test("an answer that comes after somebody signed out leaves nobody's names on the phone", async () => {
  const { db, exchange } = await anOwner();
  const asked = pulls();
  await signOut(db);
  await save(db, aPremises());
  await flush(exchange, true);
  await applyEvent(db, lateAnswer(), { views: [aView("late")] });
  expect(await db.getAll("entities")).toEqual([]);
  expect((await readDevice(db)).cursor).toBeNull();
  expect(pulls()).toBe(asked);
});

test("what a page kept while it was closed does not outlive signing out and in again", async () => {
  const { db } = await anOwner();
  await signOut(db);
  await keepDraft(db, "stay:1", { primary: "TEST DATA" }, now);
  expect(await db.count("drafts")).toBe(0);
  keepDraftAtOnce(db, "stay:1", { primary: "TEST DATA" }, now);
  expect(await db.count("drafts")).toBe(1);
  await signIn(db);
  expect(await db.count("drafts")).toBe(0);
});

test("a key that was revoked takes lists and drafts along, and keeps what is not sent", async () => {
  const { db, exchange } = await anOwner();
  await keepDraft(db, "stay:1", { primary: "TEST DATA" }, now);
  register.tokens.clear();
  const fault = { path: "/oauth/token", kind: "status", status: 401, code: "device-revoked" } as const;
  register.faults.push(fault, fault, fault);
  await save(db, aPremises());
  await flush(exchange, true);
  expect((await readDevice(db)).ended).toBe("revoked");
  expect([await db.count("entities"), await db.count("drafts")]).toEqual([0, 0]);
  expect((await db.getAllFromIndex("rows", "order")).at(-1)?.state).toBe("queued");
});

test("a pull that finds the key revoked ends looking too", async () => {
  const { db, exchange } = await anOwner();
  const fault = { path: "/v1/sync/pull", kind: "status", status: 401, code: "device-revoked" } as const;
  // Asked once more after signing in anew: a key that has ended may still send.
  register.faults.push(fault, fault);
  await flush(exchange, true);
  expect((await readDevice(db)).ended).toBe("revoked");
  expect(await db.count("entities")).toBe(0);
});

test("an officer's lists go a day after the last contact, an owner's stay", async () => {
  register.role = "officer";
  const officer = await anOwner();
  await forgetStale(officer.db, now + 23 * 60 * minute);
  expect(await officer.db.count("entities")).toBeGreaterThan(0);
  await forgetStale(officer.db, now + 25 * 60 * minute);
  expect(await officer.db.count("entities")).toBe(0);
  register.role = "owner";
  const owner = await anOwner();
  await forgetStale(owner.db, now + 100 * 60 * minute);
  expect(await owner.db.count("entities")).toBeGreaterThan(0);
});

test("a role that has no lists on a phone never asks for them", async () => {
  register.role = "analyst";
  const { exchange } = await anOwner();
  await flush(exchange, true);
  expect(pulls()).toBe(0);
});

function pulls(): number {
  return register.calls.filter(({ path }) => path === "/v1/sync/pull").length;
}

function lateAnswer() {
  const positions = { cursor: "late", head_pos: 9, passed_pos: 9, server_time_ms: now };
  return { type: "pulled", sent_cursor: null, ...positions } as const;
}

function aView(id: string) {
  const view = { id, kind: "stay", revision: id, effect: "pending", place: "p", author: "a" };
  return { ...view, body: { identity: { primary: "TEST DATA" } } };
}
