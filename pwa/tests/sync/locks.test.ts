import { expect, test } from "vitest";
import { withLock, withLockSoon } from "../../src/sync/locks.ts";

test("one after the other under one name, also when the first fails", async () => {
  const steps: string[] = [];
  const step = async (name: string, fails = false) => {
    steps.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    steps.push(`${name} ends`);
    if (fails) throw new Error(name);
  };
  const first = withLock("test", () => step("first", true));
  const second = withLock("test", () => step("second"));
  await expect(first).rejects.toThrow("first");
  await second;
  expect(steps).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});

test("what comes too late for its patience does not run, not even afterwards", async () => {
  let release: (value?: unknown) => void = () => undefined;
  const held = withLock(
    "late",
    () =>
      new Promise((resolve) => {
        release = resolve;
      }),
  );
  let hasRun = false;
  const work = async () => {
    hasRun = true;
  };
  expect(await withLockSoon("late", 5, work)).toBe(false);
  release();
  await held;
  await withLock("late", () => Promise.resolve());
  expect(hasRun).toBe(false);
  expect(await withLockSoon("late", 5, work)).toBe(true);
  expect(hasRun).toBe(true);
});
