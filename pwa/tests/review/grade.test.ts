import { expect, test } from "vitest";
import { gradeOf, mayCorrect } from "../../src/review/grade.ts";
import { newDevice } from "../../src/sync/database.ts";
import type { Account, View } from "../../src/sync/messages.ts";
import { phone } from "../../src/ui/phone.ts";
import { makeEntry, makeView, stayId } from "../makers.ts";

function actAs(role: string): void {
  const account: Account = { kid: "k", account_id: "a", role, state: "active" };
  phone.value = { ...phone.value, device: { ...newDevice, account } };
}

function entered(grade: string, changes: Partial<View> = {}) {
  return makeEntry({ view: makeView({ grade, ...changes }) });
}

function version(kind: string, grade: string) {
  return { id: stayId, kind, received_at: "2026-03-02T03:00:00.000Z", grade };
}

test("an officer may not change what an owner or a program said", () => {
  actAs("officer");
  expect(["author", "register"].map((grade) => mayCorrect(entered(grade)))).toEqual([false, false]);
  expect(mayCorrect(makeEntry({ view: makeView() }))).toBe(false);
});

test("an officer may change what is from paper, also before it was sent", () => {
  actAs("officer");
  expect(mayCorrect(entered("paper"))).toBe(true);
  expect([mayCorrect(makeEntry()), gradeOf(makeEntry())]).toEqual([true, "paper"]);
});

test("an officer may no longer change what its owner has signed since", () => {
  actAs("officer");
  const judged = [version("stay", "paper"), version("review", "author")];
  expect(mayCorrect(entered("paper", { history: judged }))).toBe(true);
  expect(mayCorrect(entered("paper", { history: [...judged, version("stay", "author")] }))).toBe(false);
});

test("an owner may change the own entries, whoever took them down; those who only read may not", () => {
  actAs("owner");
  expect(["author", "paper"].map((grade) => mayCorrect(entered(grade)))).toEqual([true, true]);
  actAs("district");
  expect(["author", "paper"].map((grade) => mayCorrect(entered(grade)))).toEqual([false, false]);
});
