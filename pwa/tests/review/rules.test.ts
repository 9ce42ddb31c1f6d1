import { expect, test } from "vitest";
import { findEntries } from "../../src/review/finding.ts";
import {
  countDeclared,
  isGreen,
  listOverdue,
  reasons,
  reasonsFor,
  sortWork,
  verdictAt,
} from "../../src/review/rules.ts";
import { makeEntry, makeView, orderId, premisesId } from "../makers.ts";

function pending(id: string, view = {}) {
  return makeEntry({ id, view: makeView({ id, ...view }) });
}

const nothingBesides = { overdue: [], verified: new Set<string>() };
const review = { id: "r", verdict: "return", reasons: ["wrong_unit"] };

test("a correction that was answered is apart from what is new", () => {
  const work = sortWork([pending("new"), pending("answered", { review })], nothingBesides);
  expect(work.corrected.map(({ id }) => id)).toEqual(["answered"]);
  expect(work.fresh.map(({ id }) => id)).toEqual(["new"]);
});

test("entries of owners whom nobody has checked stand apart", () => {
  const work = sortWork([pending("a", { author_state: "unverified" }), pending("b")], nothingBesides);
  expect([work.unverified.length, work.fresh.length]).toEqual([1, 1]);
});

test("what an unchecked owner corrects stays apart", () => {
  const work = sortWork([pending("a", { author_state: "unverified", review })], nothingBesides);
  expect([work.unverified.length, work.corrected.length]).toEqual([1, 0]);
});

test("an owner whom this officer has just verified counts as verified", () => {
  const entry = pending("a", { author_state: "unverified", author: "owner" });
  const work = sortWork([entry], { overdue: [], verified: new Set(["owner"]) });
  expect(work.fresh.map(({ id }) => id)).toEqual(["a"]);
});

test("what has been judged, here or elsewhere, is no work any more", () => {
  const judged = [
    makeEntry({ state: "queued", view: makeView() }),
    makeEntry({ state: "accepted", view: makeView() }),
  ];
  expect(Object.values(sortWork(judged, nothingBesides)).flat()).toEqual([]);
});

test("the oldest comes first", () => {
  const young = pending("young", { received_at: "2026-03-02T00:00:00.000Z" });
  const old = pending("old", { received_at: "2026-03-01T00:00:00.000Z" });
  expect(sortWork([young, old], nothingBesides).fresh.map(({ id }) => id)).toEqual(["old", "young"]);
});

test("one mark is enough to look at an entry", () => {
  expect(isGreen(pending("a"))).toBe(true);
  expect(isGreen(pending("a", { marks: [{ code: "late" }] }))).toBe(false);
});

test("a place is overdue when its deadline passed without a declaration", () => {
  const order = {
    id: orderId,
    places: ["psh-c-sangkat-4"],
    ends_on: "open",
    deadline_at: "2026-03-01T16:59:59.000Z",
  };
  const register = { orders: [order], places: [] };
  const premises = makeEntry({ id: premisesId, kind: "premises" });
  const declaration = makeEntry({ id: "d", kind: "declaration", body: { order_id: orderId } });
  const overdue = (...entries: (typeof premises)[]) =>
    listOverdue(entries, register, "2026-03-02", "2026-03-02T00:00:00.000Z");
  expect(overdue(premises).map(({ id }) => id)).toEqual([premisesId]);
  expect(overdue(premises, declaration)).toEqual([]);
});

test("a person is found by parts of the name in any order, a place by what is written of it", () => {
  const dao = makeEntry({ id: "dao", body: { identity: { primary: "NGUYEN", secondary: "THI DAO" } } });
  const house = makeEntry({
    id: "house",
    kind: "premises",
    body: { names: { latin: "TEST DATA House" }, village: "Phum 1" },
  });
  const all = new Map([dao, house].map((entry) => [entry.id, entry]));
  expect(findEntries(all, "dao nguyễn").entries).toEqual([dao]);
  expect(findEntries(all, "phum 1").entries).toEqual([house]);
  expect(findEntries(all, "nobody").entries).toEqual([]);
});

test("a misspelt name finds those who are written almost like it, and says that they are not the same", () => {
  const people = ["ERIKSSON ANNA", "WANG WENBIN", "SUHARTINI"].map((name) =>
    makeEntry({ id: name, body: { identity: { primary: name, secondary: "" } } }),
  );
  const inn = makeEntry({ id: "inn", kind: "premises", body: { names: { latin: "TEST DATA Inn" } } });
  const all = new Map([...people, inn].map((entry) => [entry.id, entry]));
  const idsOf = (query: string) => findEntries(all, query).entries.map(({ id }) => id);
  for (const query of ["erikson", "Ericsson", "eriksson ana", "ERIKSOSN", "aeriksson"]) {
    expect(idsOf(query), query).toEqual(["ERIKSSON ANNA"]);
    expect(findEntries(all, query).areSimilar).toBe(true);
  }
  expect(idsOf("wang wenbing")).toEqual(["WANG WENBIN"]);
  expect(idsOf("tset data inn")).toEqual(["inn"]);
  expect(findEntries(all, "eriksson").areSimilar).toBe(false);
  for (const query of ["er ab", "erikson bruno", "xx", "hartono"]) expect(idsOf(query), query).toEqual([]);
});

test("a verdict is due on what waits, may be changed later, and changes nothing once it is over", () => {
  const at = (state: string) => verdictAt(makeEntry({ state }));
  expect(["pending", "rejected"].map(at)).toEqual(["due", "due"]);
  expect(["accepted", "returned", "queued"].map(at)).toEqual(["again", "again", "again"]);
  expect(["conflict", "departed", "withdrawn"].map(at)).toEqual(["none", "none", "none"]);
});

test("only reasons that fit are offered: a pledge has no room and a declaration no name", () => {
  expect(reasonsFor("pledge")).toEqual(["name_unreadable", "other"]);
  expect(reasonsFor("declaration")).toEqual(["count_differs", "other"]);
  expect(reasonsFor("stay")).not.toContain("count_differs");
  const offered = ["premises", "stay", "declaration", "pledge"].flatMap(reasonsFor);
  expect(new Set(offered)).toEqual(new Set(reasons));
});

const covering = { id: orderId, places: ["psh-c-sangkat-4"], ends_on: "open", reattest_every_days: 30 };

function count(entries: Parameters<typeof countDeclared>[0], day = "2026-03-02") {
  const other = { ...covering, id: "another" };
  const ended = { ...covering, id: "ended", ends_on: "2026-01-01" };
  const register = { orders: [covering, other, ended], places: [] };
  const counted = countDeclared(entries, register, day, Date.parse(`${day}T00:00:00.000Z`));
  return counted.map(({ order, declared, known }) => [order.id, declared, known]);
}

function aPlace(id: string, view = {}) {
  return makeEntry({ id, kind: "premises", view: makeView({ id, kind: "premises", ...view }) });
}

function aDeclaration(premises_id: string, view = {}) {
  const body = { order_id: orderId };
  const said = { kind: "declaration", body, received_at: "2026-03-01T00:00:00.000Z", ...view };
  return makeEntry({ id: `d-${premises_id}`, kind: "declaration", premises_id, view: makeView(said) });
}

test("what has declared is counted by open order, of verified owners alone", () => {
  const unverified = aPlace("c", { author_state: "unverified" });
  const entries = [aPlace("a"), aPlace("b"), unverified, aDeclaration("a"), aDeclaration("c")];
  expect(count(entries)).toEqual([
    [orderId, 1, 2],
    ["another", 0, 2],
  ]);
});

test("a declaration that was withdrawn, or is to be renewed, does not count", () => {
  expect(count([aPlace("a"), aDeclaration("a", { effect: "withdrawn" })])[0]).toEqual([orderId, 0, 1]);
  expect(count([aPlace("a"), aDeclaration("a")], "2026-03-30")[0]).toEqual([orderId, 1, 1]);
  expect(count([aPlace("a"), aDeclaration("a")], "2026-03-31")[0]).toEqual([orderId, 0, 1]);
});
