// The durable outbox: a document and its place in the queue enter it in one strict transaction, or not at all.
// "Saved" may be said only after the promises here resolve to it.

import {
  type Database,
  type Device,
  type KeptDocument,
  type KeptRow,
  newDevice,
  readDevice,
} from "./database.ts";
import { composeDocument, type NewDocument, type SignedDocument } from "./document.ts";
import { utf8 } from "./encoding.ts";
import { createDeviceKey, type DeviceKey } from "./key.ts";
import { advance } from "./replica.ts";
import { freshRow, type Replica, type Row } from "./states.ts";

/** What became of an attempt to save; the codes have texts `problem.<code>`. */
export type Recorded =
  | { readonly kind: "saved"; readonly ids: readonly string[] }
  | { readonly kind: "refused"; readonly code: "storage.full" | "client-too-old" | "unregistered" };

/** `draft` is the key of the form that these documents came from; it goes in the same transaction. */
export type Recording = { readonly now: number; readonly draft?: string };

/** What a person says to register this phone's key. */
export type Registration = {
  readonly log: string;
  /** A commune if it is known already, else the log's province. */
  readonly place: string;
  readonly capacity: string;
  readonly language: string;
  readonly invitation?: string;
  readonly contact: { readonly name: string; readonly phone: string };
};

/** Signs documents with this phone's key and queues them, all or none, in the order given. */
export async function recordDocuments(
  db: Database,
  documents: readonly NewDocument[],
  { now, draft }: Recording,
): Promise<Recorded> {
  const device = await readDevice(db);
  const key = device.kid ? await db.get("keys", device.kid) : undefined;
  if (!key) return { kind: "refused", code: "unregistered" };
  if (!device.link.may_compose) return { kind: "refused", code: "client-too-old" };
  const signed = await signAll(documents, key, device, now);
  const result = await store(db, { signed, key, device, draft, now });
  // Another tab took these numbers in the meantime: sign again with the next ones.
  return result ?? recordDocuments(db, documents, { now, ...(draft ? { draft } : {}) });
}

/** Makes this phone's key if it has none, and queues the document with which the key registers itself. */
export async function recordRegistration(
  db: Database,
  said: Registration,
  { now, draft }: Recording,
): Promise<Recorded> {
  const device = await readDevice(db);
  const known = device.kid ? await db.get("keys", device.kid) : undefined;
  const key = known ?? (await createDeviceKey());
  const { log, place, contact, ...body } = said;
  const document = { kind: "account", log, place, body: { jwk: key.jwk, ...body }, disclosures: { contact } };
  const signed = await signAll([document], key, device, now);
  const result = await store(db, { signed, key, device, draft, now });
  return result ?? recordRegistration(db, said, { now, ...(draft ? { draft } : {}) });
}

async function signAll(
  documents: readonly NewDocument[],
  key: DeviceKey,
  { next_seq, anchor }: Device,
  now: number,
): Promise<readonly SignedDocument[]> {
  return Promise.all(
    documents.map((document, at) => composeDocument(document, { key, seq: next_seq + at, anchor, now })),
  );
}

type Batch = {
  readonly signed: readonly SignedDocument[];
  readonly key: DeviceKey;
  /** As it was when the documents were signed. */
  readonly device: Device;
  readonly draft: string | undefined;
  readonly now: number;
};

/** Stores everything in one transaction; null when the phone's count has moved on since signing. */
async function store(db: Database, { signed, key, device, draft }: Batch): Promise<Recorded | null> {
  const tx = db.transaction(["keys", "documents", "rows", "device", "drafts"], "readwrite", {
    durability: "strict",
  });
  try {
    const current = (await tx.objectStore("device").get("device")) ?? newDevice;
    if (current.next_seq !== device.next_seq || current.kid !== device.kid) return null;
    const rows = compose(await tx.objectStore("rows").index("order").getAll(), key.kid, signed);
    const order = current.next_order;
    await Promise.all([
      tx.objectStore("keys").put(key),
      ...signed.map((document, at) => tx.objectStore("documents").put(keep(document, order + at))),
      ...rows.map((row, at) => tx.objectStore("rows").put({ ...row, order: order + at })),
      tx.objectStore("device").put(counted(current, key.kid, signed.length), "device"),
      ...(draft === undefined ? [] : [tx.objectStore("drafts").delete(draft)]),
      tx.done,
    ]);
    return { kind: "saved", ids: signed.map(({ payload }) => payload.id) };
  } catch (error) {
    if (isStorageFull(error) || isStorageFull(tx.error)) return { kind: "refused", code: "storage.full" };
    throw error;
  }
}

function counted(device: Device, kid: string, count: number): Device {
  return { ...device, kid, next_seq: device.next_seq + count, next_order: device.next_order + count };
}

function keep({ item, payload }: SignedDocument, order: number): KeptDocument {
  const { id, kind, entity, log, place, made_at } = payload;
  return { id, order, kind, entity, log, place, made_at, item, replaced_by: null };
}

/** The new rows, blocked at once when they rest on what was refused. */
function compose(stored: readonly KeptRow[], kid: string, signed: readonly SignedDocument[]): readonly Row[] {
  const before = replicaOf(kid, stored, newDevice);
  const composed = signed.reduce(
    (replica, document) => advance(replica, { type: "composed", row: newRow(document) }),
    before,
  );
  return signed.flatMap(({ payload }) => composed.rows[payload.id] ?? []);
}

function newRow({ item, payload, hash }: SignedDocument): Row {
  const { id, by, kind, after } = payload;
  return { ...freshRow, id, hash, by, kind, after, size: utf8(JSON.stringify(item)).length };
}

/** The state machine's picture of what is stored. */
export function replicaOf(kid: string, rows: readonly KeptRow[], { cursor, link }: Device): Replica {
  return { kid, cursor, link, rows: Object.fromEntries(rows.map((row) => [row.id, row])) };
}

function isStorageFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}
