import { expect, test } from "vitest";
import { delayOf, foldEntries, isSame, listDifferences, mergePatch, patchOf } from "../../src/ui/entries.ts";
import { makeDocument, makeView, premisesId, stayId } from "../makers.ts";

const correctionId = "01000000-0000-7000-8000-000000000011";
const departureId = "01000000-0000-7000-8000-000000000012";

function fold(...given: Parameters<typeof foldEntries>) {
  return foldEntries(...given).get(stayId);
}

test("what was never sent is an entry that waits", () => {
  const entry = fold([], [makeDocument()]);
  expect(entry).toMatchObject({
    state: "queued",
    revision: stayId,
    premises_id: premisesId,
    body: { unit: "3" },
  });
});

test("received is said only of what has been received", () => {
  expect(fold([], [makeDocument({ state: "received", pos: 9 })])?.state).toBe("received");
  expect(fold([], [makeDocument({ state: "held" })])?.state).toBe("held");
});

test("a view that shows the document already speaks for it", () => {
  const entry = fold([makeView({ effect: "accepted" })], [makeDocument({ state: "confirmed", pos: 5 })]);
  expect(entry).toMatchObject({ state: "accepted", body: { unit: "3" } });
});

test("a correction that waits lies on top of what the register shows", () => {
  const correction = makeDocument({ id: correctionId, entity: stayId, body: { unit: "8" }, order: 2 });
  const entry = fold([makeView({ effect: "returned" })], [correction]);
  expect(entry).toMatchObject({ state: "queued", revision: correctionId, body: { unit: "8" } });
});

test("a refused correction changes nothing but says that something is wrong", () => {
  const refused = makeDocument({ id: correctionId, entity: stayId, body: { unit: "8" }, state: "rejected" });
  const entry = fold([makeView()], [refused]);
  expect(entry).toMatchObject({ state: "rejected", revision: stayId, body: { unit: "3" } });
});

test("a refused first revision is shown, to be put right", () => {
  expect(fold([], [makeDocument({ state: "rejected" })])).toMatchObject({
    state: "rejected",
    body: { unit: "3" },
  });
});

test("what was put right with a new document is gone", () => {
  expect(fold([], [makeDocument({ state: "rejected", replaced_by: correctionId })])).toBeUndefined();
});

test("what was put aside stands on no list, until it is brought back", () => {
  const refused = { state: "rejected", discarded_at: "2026-03-02T03:00:00.000Z" };
  expect(fold([], [makeDocument(refused)])).toBeUndefined();
  expect(fold([], [makeDocument({ ...refused, discarded_at: null })])).toMatchObject({ state: "rejected" });
  const correction = makeDocument({ id: correctionId, entity: stayId, ...refused });
  expect(fold([makeView()], [correction])).toMatchObject({ state: "pending" });
});

test("a departure that waits already says when the person left", () => {
  const departure = makeDocument({
    id: departureId,
    entity: stayId,
    kind: "departure",
    body: { left_on: "2026-03-01" },
  });
  expect(fold([makeView()], [departure])).toMatchObject({
    left_on: "2026-03-01",
    revision: stayId,
    state: "queued",
  });
});

test("a withdrawal that waits already takes the entry off the lists", () => {
  const withdrawal = makeDocument({
    id: departureId,
    entity: stayId,
    kind: "withdrawal",
    body: { reason: "other" },
  });
  expect(fold([makeView()], [withdrawal])?.is_withdrawn).toBe(true);
});

test("a verdict is no entry of its own", () => {
  const review = makeDocument({
    id: departureId,
    entity: "01000000-0000-7000-8000-0000000000ff",
    kind: "review",
  });
  expect(foldEntries([], [review]).size).toBe(0);
});

test("a patch from one body to another leads there", () => {
  const before = { unit: "3", visa: { class: "T", expires_on: "2026-01-01" }, work: { employer: "A" } };
  const after = { unit: "4", visa: { class: "E" }, aliases: ["x"] };
  const patch = patchOf(before, after);
  expect(patch).toEqual({ unit: "4", visa: { class: "E", expires_on: null }, aliases: ["x"], work: null });
  expect(mergePatch(before, patch)).toEqual(after);
});

test("nothing changed is an empty patch", () => {
  expect(patchOf({ a: { b: [1] } }, { a: { b: [1] } })).toEqual({});
});

test("disclosed values are replaced whole", () => {
  const body = { identity: { primary: "A", secondary: "B" } };
  expect(mergePatch(body, { identity: { primary: "C" } })).toEqual({ identity: { primary: "C" } });
});

test("the order of names does not make two values differ", () => {
  expect(isSame({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  expect(isSame({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(isSame([1, 2], [2, 1])).toBe(false);
});

test("of versions side by side only what differs is shown, also when one of them does not say it", () => {
  const one = { unit: "3", sex: "F", identity: { primary: "TEST DATA" } };
  const other = { unit: "13", sex: "F", identity: { primary: "TEST DATA" }, remarks: { text: "TEST DATA" } };
  expect(listDifferences([one, other])).toEqual([
    { unit: "3" },
    { unit: "13", remarks: { text: "TEST DATA" } },
  ]);
});

test("a stay whose bytes were damaged still stands at its place, to be entered again", () => {
  const damaged = makeDocument({ state: "rejected", body: {} });
  expect(fold([], [damaged])).toMatchObject({ state: "rejected", premises_id: premisesId });
});

test("the reason for waiting is said of what the register told to wait, not of what it refused", () => {
  expect(delayOf(makeDocument({ state: "queued", code: "quota" }))).toBe("quota");
  expect(delayOf(makeDocument({ state: "queued" }))).toBeNull();
  expect(delayOf(makeDocument({ state: "rejected", code: "schema" }))).toBeNull();
});
