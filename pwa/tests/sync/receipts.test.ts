import { expect, test } from "vitest";
import type { PublicJwk, ReceiptKey } from "../../src/sync/messages.ts";
import { verifyHead, verifyReceipt } from "../../src/sync/receipts.ts";
import { readVectors } from "../vectors.ts";

type Vectors = {
  readonly keys: readonly { readonly kid: string; readonly jwk: PublicJwk }[];
  readonly receipts: readonly { readonly receipt: string; readonly claims: object }[];
  readonly heads: readonly { readonly head: string; readonly claims: object }[];
  readonly negative: readonly { readonly name: string; readonly receipt: string }[];
};

const vectors = readVectors<Vectors>("receipts.json");
const keys: readonly ReceiptKey[] = vectors.keys.map(({ kid, jwk }) => ({ ...jwk, kid }));

test.each(vectors.negative)("refused: $name", async ({ receipt }) => {
  expect(await verifyReceipt(receipt, keys)).toBeNull();
});

test.each(vectors.receipts)("a receipt of the register holds without signal", async ({ receipt, claims }) => {
  expect(await verifyReceipt(receipt, keys)).toEqual(claims);
});

test.each(vectors.heads)("a signed head holds, and is no receipt", async ({ head, claims }) => {
  expect(await verifyHead(head, keys)).toEqual(claims);
  expect(await verifyReceipt(head, keys)).toBeNull();
});

test("a receipt of a register whose keys are not known is refused", async () => {
  const [first] = vectors.receipts;
  expect(await verifyReceipt(first?.receipt ?? "", [])).toBeNull();
});
