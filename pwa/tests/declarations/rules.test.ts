import { expect, test } from "vitest";
import {
  findPledge,
  findReturnedDeclaration,
  isToCorrect,
  latestDeclaration,
  listDeclarable,
  listDuties,
  listPresent,
} from "../../src/declarations/rules.ts";
import type { Entry } from "../../src/ui/entries.ts";
import { makeDocument, makeEntry, makeView, orderId, premisesId } from "../makers.ts";

const now = Date.parse("2026-03-02T03:00:00.000Z");
const order = { id: orderId, pledge_text_id: "short", reattest_every_days: 7 };

function stay(id: string, changes = {}) {
  return makeEntry({ id, body: { premises_id: premisesId }, ...changes });
}

function declaration(stays: readonly string[], as_of = "2026-03-01T03:00:00.000Z", id = "d1") {
  const body = { premises_id: premisesId, order_id: orderId, as_of, count: stays.length, stays };
  return makeEntry({ id, kind: "declaration", body });
}

const pledge = makeEntry({ id: "p1", kind: "pledge", body: { premises_id: premisesId, order_id: orderId } });

function duties(...entries: readonly ReturnType<typeof makeEntry>[]) {
  return listDuties({ entries, premisesId, order, now });
}

test("at first everything is owed", () => {
  expect(duties()).toEqual(["declare", "sign"]);
});

test("nothing is owed once the list is declared and the pledge signed", () => {
  expect(duties(stay("a"), declaration(["a"]), pledge)).toEqual([]);
});

test("a new person makes the declared list old", () => {
  expect(duties(stay("a"), stay("b"), declaration(["a"]), pledge)).toEqual(["declare-again"]);
});

test("somebody who left makes the declared list old", () => {
  expect(duties(stay("a", { left_on: "2026-03-01" }), declaration(["a"]), pledge)).toEqual(["declare-again"]);
});

test("a declaration is renewed when its days are over", () => {
  expect(duties(stay("a"), declaration(["a"], "2026-02-22T03:00:00.000Z"), pledge)).toEqual(["renew"]);
});

test("an order without a pledge asks for none", () => {
  expect(listDuties({ entries: [], premisesId, order: { id: orderId }, now })).toEqual(["declare"]);
});

test("the newest declaration counts, and one that was refused does not", () => {
  const old = declaration([], "2026-02-01T00:00:00.000Z", "old");
  const young = declaration([], "2026-02-02T00:00:00.000Z", "young");
  const refused = { ...declaration([], "2026-02-03T00:00:00.000Z", "refused"), state: "rejected" };
  expect(latestDeclaration([young, refused, old], premisesId, orderId)?.id).toBe("young");
});

test("the withdrawn, the departed and the doubles are not there", () => {
  const gone = [
    stay("w", { is_withdrawn: true }),
    stay("l", { left_on: "2026-01-01" }),
    stay("d", { state: "duplicate_of" }),
  ];
  expect(listPresent([...gone, stay("a")], premisesId).map(({ id }) => id)).toEqual(["a"]);
});

test("a person whom the register refused cannot be declared before that is put right", () => {
  const refused = stay("r", { state: "rejected" });
  const corrected = stay("c", { state: "rejected", view: makeView() });
  expect(listDeclarable([refused, corrected], premisesId).map(({ id }) => id)).toEqual(["c"]);
});

const made = { premises_id: premisesId, order_id: orderId };

/** An entry that the register holds at a position of its log. */
function heldAt(pos: number, state: string, changes: Partial<Entry> = {}): Entry {
  const { kind = "declaration", body = made } = changes;
  const view = makeView({ id: `at-${pos}`, kind, pos, effect: state, body });
  return makeEntry({ id: view.id, kind, body, state, view, ...changes });
}

/** One that is still on its way from this phone. */
function unsent(changes: Partial<Entry> = {}): Entry {
  const own = [makeDocument({ id: "unsent" })];
  return makeEntry({ id: "unsent", kind: "declaration", body: made, state: "queued", own, ...changes });
}

test.each(["declaration", "pledge"])("a returned %s is to be corrected until a later one is made", (kind) => {
  const returned = heldAt(5, "returned", { kind });
  const asks = (...others: readonly Entry[]) => isToCorrect(returned, [...others, returned]);
  expect(asks()).toBe(true);
  expect(asks(unsent({ kind }))).toBe(false);
  for (const state of ["received", "pending", "accepted", "returned", "superseded"]) {
    expect(asks(heldAt(9, state, { kind }))).toBe(false);
  }
  expect(asks(heldAt(2, "accepted", { kind }))).toBe(true);
  const known = [makeDocument({ pos: 9, state: "received" })];
  expect(asks(unsent({ kind, state: "received", own: known }))).toBe(false);
});

test("what was refused, taken back, or said by another or of something else answers nothing", () => {
  const returned = heldAt(5, "returned");
  const asks = (other: Entry) => isToCorrect(returned, [returned, other]);
  expect(asks(unsent({ state: "rejected" }))).toBe(true);
  expect(asks(unsent({ state: "blocked" }))).toBe(true);
  expect(asks(unsent({ is_withdrawn: true }))).toBe(true);
  expect(asks(unsent({ kind: "pledge" }))).toBe(true);
  expect(asks(unsent({ premises_id: "elsewhere" }))).toBe(true);
  expect(asks(unsent({ body: { ...made, order_id: "another" } }))).toBe(true);
  expect(asks(heldAt(9, "accepted", { view: makeView({ pos: 9, author: "another" }) }))).toBe(true);
});

test("a stay and a place are corrected themselves, and what was not sent back asks for nothing", () => {
  const stays = [heldAt(5, "returned", { kind: "stay" }), heldAt(9, "pending", { kind: "stay" })];
  expect(stays.map((one) => isToCorrect(one, stays))).toEqual([true, false]);
  expect(isToCorrect(heldAt(5, "conflict", { kind: "premises" }), [])).toBe(true);
  expect(isToCorrect(heldAt(5, "accepted"), [])).toBe(false);
  expect(isToCorrect(makeEntry({ state: "returned" }), [])).toBe(false);
});

test("of two that came back only the later is to be made again", () => {
  const both = [heldAt(9, "returned"), heldAt(5, "returned")];
  expect(findReturnedDeclaration(both, premisesId, orderId)?.id).toBe("at-9");
  expect(findReturnedDeclaration([...both, unsent()], premisesId, orderId)).toBeUndefined();
});

test("the pledge that counts is the last that was signed, and a refused one where there is no other", () => {
  const pledges = [heldAt(9, "pending", { kind: "pledge" }), heldAt(5, "superseded", { kind: "pledge" })];
  const refused = unsent({ kind: "pledge", state: "rejected" });
  expect(findPledge(pledges, premisesId, orderId)?.id).toBe("at-9");
  expect(findPledge([...pledges, unsent({ kind: "pledge" })], premisesId, orderId)?.id).toBe("unsent");
  expect(findPledge([refused, ...pledges], premisesId, orderId)?.id).toBe("at-9");
  expect(findPledge([refused], premisesId, orderId)?.id).toBe("unsent");
});
