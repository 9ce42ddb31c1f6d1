import { expect, test } from "vitest";
import { isLocked, withLock } from "../../src/sync/locks.ts";

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
  expect(await isLocked("test")).toBe(true);
  await expect(first).rejects.toThrow("first");
  await second;
  expect(steps).toEqual(["first begins", "first ends", "second begins", "second ends"]);
  expect(await isLocked("test")).toBe(false);
});
