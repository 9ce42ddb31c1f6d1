import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { Recorded } from "../../src/sync/outbox.ts";
import { submit } from "../../src/ui/submit.ts";

function makeForm() {
  return { answers: signal({}), errors: signal([]), asked: signal([]) };
}

const good = { ok: true, value: "said" } as const;

test("what is to be mended is shown, and nothing is stored", async () => {
  const form = makeForm();
  const errors = [{ field: "name", key: "problem.form.name" }] as const;
  const store = () => Promise.reject(new Error("stored"));
  await submit(form, { ok: false, errors }, { store, saved: () => {} });
  expect(form.errors.value).toEqual(errors);
});

test("a second tap while the first is being stored is not a second entry", async () => {
  const form = makeForm();
  const stored: string[] = [];
  const store = async (value: string): Promise<Recorded> => {
    stored.push(value);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { kind: "saved", ids: ["a"] };
  };
  const tap = () => submit(form, good, { store, saved: () => {} });
  await Promise.all([tap(), tap()]);
  expect(stored).toEqual(["said"]);
  await tap();
  expect(stored.length).toBe(2);
});

test.each([
  ["a full phone", { kind: "refused", code: "storage.full" } as const, "app.storage-full"],
  ["a program that is too old", { kind: "refused", code: "client-too-old" } as const, "sync.too-old"],
])("%s is said at the form, and nothing is called saved", async (_name, refused, key) => {
  const form = makeForm();
  const told: string[] = [];
  await submit(form, good, { store: async () => refused, saved: () => told.push("saved") });
  expect(form.errors.value).toEqual([{ field: "save", key }]);
  expect(told).toEqual([]);
});

test("a database that breaks is said at the form", async () => {
  const form = makeForm();
  await submit(form, good, { store: () => Promise.reject(new Error("broken")), saved: () => {} });
  expect(form.errors.value).toEqual([{ field: "save", key: "app.save-failed" }]);
});
