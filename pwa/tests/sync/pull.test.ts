import { expect, test } from "vitest";
import { connect } from "../../src/sync/connection.ts";
import { readDevice } from "../../src/sync/database.ts";
import { flush } from "../../src/sync/flush.ts";
import { documentDepthMax } from "../../src/sync/json.ts";
import type { JsonObject } from "../../src/sync/messages.ts";
import { fetchFrom, openRegister } from "./register.ts";
import { aPremises, aRegisteredPhone, first, now, save } from "./world.ts";

/** A phone that has sent one premises, and was given these views besides its own. */
async function aPhoneThatIsGiven(views: readonly unknown[], body: JsonObject = aPremises().body) {
  const db = await aRegisteredPhone();
  const premises = first(await save(db, aPremises({ body })));
  const key = await db.get("keys", (await readDevice(db)).kid ?? "");
  if (!key) throw new Error("A phone without a key cannot send");
  const asking = fetchFrom(await openRegister(() => now));
  const fetching: typeof fetch = async (input, init) => {
    const response = await asking(input, init);
    if (!String(input).endsWith("/pull")) return response;
    const answer: JsonObject = await response.json();
    const { snapshot } = answer;
    return Response.json(Array.isArray(snapshot) ? { ...answer, snapshot: [...views, ...snapshot] } : answer);
  };
  const [origin, base_url] = ["http://register.test", "http://register.test"];
  const connection = connect({ fetch: fetching, origin, base_url, monotonic: () => now });
  await flush({ db, connection, key, now: () => now, random: () => 0.5 }, true);
  return { db, premises };
}

function nested(depth: number): unknown {
  return depth === 0 ? "TEST" : { a: nested(depth - 1) };
}

test("a document as deep as the register takes arrives with the others, also in a history", async () => {
  const deep = { q: nested(documentDepthMax - 2) };
  const history = [{ id: "one", kind: "premises", received_at: "", body: deep }];
  const view = { id: "deep", kind: "premises", revision: "one", effect: "pending", place: "here" };
  const { db, premises } = await aPhoneThatIsGiven([{ ...view, body: deep, history }], deep);
  expect((await db.get("entities", "deep"))?.history).toEqual(history);
  expect((await db.get("entities", premises))?.body).toEqual(deep);
  expect((await readDevice(db)).cursor).not.toBeNull();
});

test("a view that this phone cannot read is left out, and holds up neither the others nor the cursor", async () => {
  const { db, premises } = await aPhoneThatIsGiven([
    null,
    7,
    {},
    { id: "one", kind: "premises", body: null },
  ]);
  expect(await db.get("entities", premises)).toBeDefined();
  expect(await db.getAllKeys("entities")).not.toContain("one");
  expect((await readDevice(db)).cursor).not.toBeNull();
});
