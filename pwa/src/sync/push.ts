// Sending: a batch of documents, or the registration that goes before them all, and what the answer means for each.

import { announceChange } from "./changes.ts";
import type { Reply } from "./connection.ts";
import { type Database, type KeptDocument, newDevice, readDevice, write } from "./database.ts";
import { applyEvent, type Exchange, endedBy, fail, loadReplica, receiptKeys } from "./exchange.ts";
import type { Account, Anchor, Item, JsonObject, PushResult, ReceiptClaims, ReceiptKey } from "./messages.ts";
import { verifyReceipt } from "./receipts.ts";
import { type Answered, findRegistration, type ItemAnswer, type Row } from "./states.ts";

/** Sends a batch, or the registration, and keeps the answer. */
export async function send(exchange: Exchange, rows: readonly Row[]): Promise<void> {
  const { db, key } = exchange;
  const sent = rows.map((row) => row.id);
  await applyEvent(db, { type: "sending", ids: sent });
  const found = await Promise.all(sent.map((id) => db.get("documents", id)));
  const documents = found.filter((document) => document !== undefined);
  const [first] = rows;
  const isRegistration = first?.kind === "account" && first.by === key.kid;
  await (isRegistration ? register(exchange, first, documents) : push(exchange, sent, documents));
}

type Documents = readonly KeptDocument[];

async function push(exchange: Exchange, sent: readonly string[], documents: Documents): Promise<void> {
  const { db, connection, key } = exchange;
  const body = { items: listItems(documents) };
  const reply = await connection.signed(key, { method: "POST", path: "/v1/sync/push", body });
  if (reply.kind !== "answer" || !isPushAnswer(reply.value)) {
    await fail(exchange, reply, sent);
    return;
  }
  const { results } = reply.value;
  const receipts = results.map(({ receipt }) => receipt).filter((receipt) => receipt !== undefined);
  const keys = await receiptKeys(exchange, receipts);
  const checked = await Promise.all(results.map((result) => checkResult(result, documents, keys)));
  const answers = checked.map(({ answer }) => answer);
  const claims = checked.map((result) => result.claims).filter((receipt) => receipt !== null);
  const ends = answers.flatMap(({ code }) => (code ? [endedBy(code)] : [])).find(({ device }) => device);
  await applyEvent(db, answered(exchange, sent, answers), {
    device: { anchor: await newestReceipt(db, claims), ...ends?.device },
  });
}

function listItems(documents: Documents): readonly Item[] {
  return documents.map(({ item }) => item).filter((item) => item !== null);
}

/** The newest receipt becomes the anchor of the next document: it proves "not before". */
async function newestReceipt(db: Database, receipts: readonly ReceiptClaims[]): Promise<Anchor | null> {
  const { anchor } = await readDevice(db);
  return receipts.reduce<Anchor | null>((last, { pos, chain, received_at }) => {
    return last && last.pos >= pos ? last : { pos, chain, at: received_at };
  }, anchor);
}

type Checked = { readonly answer: ItemAnswer; readonly claims: ReceiptClaims | null };

/** A receipt counts only when a key of the register signed it for exactly these bytes in this log. */
async function checkResult(
  result: PushResult,
  documents: Documents,
  keys: readonly ReceiptKey[],
): Promise<Checked> {
  const { id, hash, receipt } = result;
  const found = receipt ? await verifyReceipt(receipt, keys) : null;
  const log = documents.find((document) => document.id === id)?.log;
  const isOurs = found?.id === id && found?.hash === hash && found?.log === log;
  const claims = isOurs ? found : null;
  return {
    claims,
    answer: { ...readResult(result), receipt: (claims && receipt) ?? null, pos: claims?.pos ?? null },
  };
}

function readResult({ id, hash, custody, missing = [], problem, retry_after }: PushResult): ItemAnswer {
  const { code = null, errors = [] } = problem ?? {};
  return {
    id: id ?? null,
    hash: hash ?? null,
    custody,
    missing,
    code,
    errors,
    retry_after_seconds: retry_after ?? null,
  };
}

function answered(
  { now, random }: Exchange,
  sent: readonly string[],
  results: readonly ItemAnswer[],
): Answered {
  return { type: "answered", sent, results, at_ms: now(), random: random() };
}

async function register(exchange: Exchange, row: Row, documents: Documents): Promise<void> {
  const { db, connection } = exchange;
  const [registration] = listItems(documents);
  if (!registration) return;
  const reply = await connection.open({ method: "POST", path: "/v1/devices", body: { registration } });
  const sent = [row.id];
  const result = registrationResult(row, reply);
  if (!result) {
    await fail(exchange, reply, sent);
    return;
  }
  const account = reply.kind === "answer" && isAccount(reply.value) ? reply.value : null;
  await applyEvent(db, answered(exchange, sent, [result]), account ? { device: { account } } : {});
}

/** Asks the register anew who this phone is to it: with the same bytes, which it answers the same way every time. */
export async function refreshAccount({ db, connection }: Exchange): Promise<void> {
  const registration = findRegistration(await loadReplica(db));
  const document = registration && (await db.get("documents", registration.id));
  if (!document?.item) return;
  const body = { registration: document.item };
  const reply = await connection.open({ method: "POST", path: "/v1/devices", body });
  if (reply.kind === "answer" && isAccount(reply.value)) await keepAccount(db, reply.value);
}

async function keepAccount(db: Database, account: Account): Promise<void> {
  await write(db, ["device"], async (tx) => {
    const device = (await tx.objectStore("device").get("device")) ?? newDevice;
    await tx.objectStore("device").put({ ...device, account }, "device");
  });
  announceChange();
}

/**
 * Refusals that are of the request and pass; every other one is of the registration itself, when it has a code: without
 * one it is not the register's, but of something on the way.
 */
const passing = new Set([401, 404, 405, 408, 413, 415, 421, 426, 429]);

function registrationResult(row: Row, reply: Reply): ItemAnswer | null {
  const { id, hash } = row;
  if (reply.kind === "answer") return isAccount(reply.value) ? { id, hash, custody: "stored" } : null;
  if (reply.kind === "no-answer" || reply.status >= 500 || passing.has(reply.status)) return null;
  if (reply.code === "no-answer") return null;
  return { id, hash, custody: "rejected", code: reply.code, errors: reply.errors };
}

function isPushAnswer(value: JsonObject): value is JsonObject & { readonly results: readonly PushResult[] } {
  return Array.isArray(value["results"]);
}

function isAccount(value: JsonObject): value is JsonObject & Account {
  return typeof value["account_id"] === "string" && typeof value["role"] === "string";
}
