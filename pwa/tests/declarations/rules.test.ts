import { expect, test } from "vitest";
import { latestDeclaration, listDeclarable, listDuties, listPresent } from "../../src/declarations/rules.ts";
import { makeEntry, makeView, orderId, premisesId } from "../makers.ts";

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
