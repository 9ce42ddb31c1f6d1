import { expect, test } from "vitest";
import {
  composeDocument,
  listReferences,
  type NewDocument,
  openBody,
  readDocument,
  readItem,
  verifyDocument,
} from "../../src/sync/document.ts";
import { createDeviceKey, thumbprint } from "../../src/sync/key.ts";
import type { PublicJwk } from "../../src/sync/messages.ts";
import { readVectors } from "../vectors.ts";

type Vectors = {
  readonly jwk_public: PublicJwk;
  readonly items: readonly {
    readonly name: string;
    readonly item: unknown;
    readonly id: string;
    readonly hash: string;
  }[];
  readonly negative: readonly { readonly name: string; readonly item: unknown; readonly problem: string }[];
};

const python = readVectors<Vectors>("documents-python.json");
const chromium = readVectors<Vectors>("documents-chromium.json");
const stayId = "01835a10-0000-7000-8000-000000000002";
const premisesId = "01835a10-0000-7000-8000-000000000001";

function aStay(given: Partial<NewDocument> = {}): NewDocument {
  return {
    kind: "stay",
    id: stayId,
    log: "psh-p-preah-sihanouk",
    place: "psh-c-sangkat-4",
    body: { premises_id: premisesId, nationality: "unknown", sex: "X" },
    disclosures: { identity: { primary: "TESTDATA", secondary: "ONE", born_on: "1990-05" } },
    ...given,
  };
}

async function signing() {
  return { key: await createDeviceKey(), seq: 1, anchor: null, now: Date.UTC(2022, 8, 20, 3, 11, 5, 123) };
}

async function judge(value: unknown, jwk: PublicJwk) {
  const item = readItem(value);
  return item ? verifyDocument(item, jwk) : "malformed";
}

test.each(python.negative)("refused: $name", async ({ item, problem }) => {
  expect(await judge(item, python.jwk_public)).toBe(problem);
});

test.each([
  ...python.items.map((item) => ({ ...item, jwk: python.jwk_public })),
  ...chromium.items.map((item) => ({ ...item, jwk: chromium.jwk_public })),
])("accepted: $name", async ({ item, id, hash, jwk }) => {
  expect(await judge(item, jwk)).toMatchObject({ hash, payload: { id } });
});

test("a document larger than the register takes is not signed", async () => {
  const body = { text: "ក".repeat(22_000) };
  await expect(composeDocument(aStay({ body }), await signing())).rejects.toThrow("64 KiB");
});

test("a document that rests on more than 32 others is not signed", async () => {
  const after = Array.from(
    { length: 33 },
    (_, at) => `01835a10-0000-7000-9000-${String(at).padStart(12, "0")}`,
  );
  await expect(composeDocument(aStay({ body: {}, after }), await signing())).rejects.toThrow("at most 32");
});

test("a document says everything that wire.md asks for, in that order", async () => {
  const context = await signing();
  const { payload, item } = await composeDocument(aStay(), context);
  expect(JSON.parse(item.payload)).toEqual(payload);
  expect(payload).toMatchObject({
    v: 1,
    by: await thumbprint(context.key.jwk),
    entity: stayId,
    base: null,
    after: [premisesId],
    seq: 1,
    made_at: "2022-09-20T03:11:05.123Z",
    anchor: null,
  });
  expect(Object.keys(payload).join(" ")).toBe(
    "v by kind id entity base after log place seq made_at anchor body",
  );
});

test("a document that was signed here is accepted, with another key refused", async () => {
  const context = await signing();
  const { item, hash } = await composeDocument(aStay(), context);
  expect(await verifyDocument(item, context.key.jwk)).toMatchObject({ hash });
  expect(await verifyDocument(item, (await createDeviceKey()).jwk)).toBe("bad-signature");
});

test("personal values travel beside the signed payload and open in line", async () => {
  const { item } = await composeDocument(aStay(), await signing());
  expect(item.payload).not.toContain("TESTDATA");
  expect(openBody(item)).toEqual({
    premises_id: premisesId,
    nationality: "unknown",
    sex: "X",
    identity: { primary: "TESTDATA", secondary: "ONE", born_on: "1990-05" },
  });
});

test("the same values never have the same digest", async () => {
  const context = await signing();
  const signed = await Promise.all([composeDocument(aStay(), context), composeDocument(aStay(), context)]);
  const digests = signed.map(({ payload }) => payload.body["identity"]);
  expect(new Set(digests).size).toBe(2);
});

test("a withheld value is left out, and the document still holds", async () => {
  const context = await signing();
  const { item } = await composeDocument(aStay(), context);
  const { disclosures: _withheld, ...bare } = item;
  expect(await verifyDocument(bare, context.key.jwk)).toHaveProperty("hash");
  expect(openBody(bare)).not.toHaveProperty("identity");
});

test("a correction refers to its base and its entity, and to each only once", () => {
  const base = "01835a10-0000-7000-8000-000000000003";
  const correction = aStay({
    id: "01835a10-0000-7000-8000-000000000004",
    entity: stayId,
    base,
    after: [base],
  });
  expect(listReferences(correction)).toEqual([base, stayId, premisesId]);
});

test("a declaration does not wait for the stays that it counts", () => {
  const order_id = "01835a10-0000-7000-8000-000000000009";
  const body = { premises_id: premisesId, order_id, count: 1, stays: [stayId] };
  expect(listReferences({ kind: "declaration", log: "l", place: "p", body })).toEqual([premisesId, order_id]);
});

test("a private key cannot be read out", async () => {
  const { private_key } = await createDeviceKey();
  await expect(crypto.subtle.exportKey("jwk", private_key)).rejects.toThrow();
});

test("a document can be read without its author's key", async () => {
  const { item, hash } = await composeDocument(aStay(), await signing());
  expect(await readDocument(item)).toMatchObject({ hash });
});
