// The durable outbox: a document and its place in the queue enter it in one strict transaction, or not at all.
// "Saved" may be said only after the promises here resolve to it.

import type { Account, AccountContact } from "../accounts/records.ts";
import {
  type Database,
  type Device,
  type KeptDocument,
  type KeptRow,
  newDevice,
  putEach,
  readDevice,
  type Writing,
  write,
} from "./database.ts";
import { composeDocument, type NewDocument, type SignedDocument } from "./document.ts";
import { utf8, uuid7 } from "./encoding.ts";
import { createDeviceKey, type DeviceKey } from "./key.ts";
import { type Rewritten, rewriteDependants } from "./replacing.ts";
import { advance } from "./replica.ts";
import { freshRow, openLink, type Replica, type Row } from "./states.ts";

/** What became of an attempt to save; the codes have texts `problem.<code>`. */
export type Recorded =
  | { readonly kind: "saved"; readonly ids: readonly string[] }
  | { readonly kind: "refused"; readonly code: "storage.full" | "client-too-old" | "unregistered" };

export type Recording = {
  /** Milliseconds since 1970 by the phone's clock. */
  readonly now: number;
  /** The key of the form that these documents came from; it goes in the same transaction. */
  readonly draft?: string;
  /** The refused document that the first of these puts right; what rested on it is written anew with it. */
  readonly replaces?: string;
  /** The photo that the first of these names, which is on this phone already; and one that is named no more. */
  readonly photo?: string | undefined;
  readonly photo_before?: string | undefined;
  /** Not to be sent before this instant, so that the person can take it back; the button sends it all the same. */
  readonly not_before_ms?: number;
};

/** What a person says to register this phone's key. */
export type Registration = Omit<Account, "jwk" | "contact"> & {
  readonly log: string;
  /** A commune if it is known already, else the log's province. */
  readonly place: string;
  readonly contact: Required<AccountContact>;
};

/** Signs documents with this phone's key and queues them, all or none, in the order given. */
export function recordDocuments(
  db: Database,
  documents: readonly NewDocument[],
  recording: Recording,
): Promise<Recorded> {
  return untilStored(async () => {
    const device = await readDevice(db);
    const key = device.kid ? await db.get("keys", device.kid) : undefined;
    if (!key) return { kind: "refused", code: "unregistered" };
    if (!device.link.may_compose) return { kind: "refused", code: "client-too-old" };
    return signAndStore(db, await rewrite(db, documents, recording), { key, device, recording });
  });
}

/** Makes this phone's key if it has none, and queues the document with which the key registers itself. */
export function recordRegistration(
  db: Database,
  said: Registration,
  recording: Recording,
): Promise<Recorded> {
  return untilStored(async () => {
    const device = await readDevice(db);
    const known = device.kid ? await db.get("keys", device.kid) : undefined;
    const key = known ?? (await createDeviceKey());
    const { log, place, contact, ...body } = said;
    const document = {
      kind: "account",
      log,
      place,
      body: { jwk: key.jwk, ...body },
      disclosures: { contact },
    };
    return signAndStore(db, await rewrite(db, [document], recording), { key, device, recording });
  });
}

/** Tries again when another tab took the numbers in the meantime; says so when there is no room. */
async function untilStored(attempt: () => Promise<Recorded | null>): Promise<Recorded> {
  try {
    return (await attempt()) ?? untilStored(attempt);
  } catch (error) {
    if (isStorageFull(error)) return { kind: "refused", code: "storage.full" };
    throw error;
  }
}

/** The browser's quota; or the phone's own disk, on which Chromium ends the transaction and closes the database. */
function isStorageFull(error: unknown): boolean {
  return (
    error instanceof DOMException && ["QuotaExceededError", "UnknownError", "AbortError"].includes(error.name)
  );
}

/** Adds what rested on the refused document, if one is replaced. */
async function rewrite(
  db: Database,
  documents: readonly NewDocument[],
  { now, replaces }: Recording,
): Promise<Rewritten> {
  const [first, ...others] = documents;
  if (replaces === undefined || !first) return { documents, replaced: new Map() };
  const rows = await db.getAllFromIndex("rows", "order");
  const blocked = rows.filter((row) => row.state === "blocked" && row.blocked_by === replaces);
  const dependants = await Promise.all(blocked.map(({ id }) => db.get("documents", id)));
  const id = first.id ?? uuid7(now);
  const ids = new Map([[replaces, id]]);
  const kept = dependants.filter((document) => document !== undefined);
  const rewritten = rewriteDependants(ids, kept, () => uuid7(now));
  return { ...rewritten, documents: [{ ...first, id }, ...others, ...rewritten.documents] };
}

type Context = {
  readonly key: DeviceKey;
  /** As it was when the documents were signed. */
  readonly device: Device;
  readonly recording: Recording;
};

async function signAndStore(
  db: Database,
  { documents, replaced }: Rewritten,
  context: Context,
): Promise<Recorded | null> {
  const { key, device, recording } = context;
  const { next_seq, anchor } = device;
  const signings = documents.map((document, at) => {
    return composeDocument(document, { key, seq: next_seq + at, anchor, now: recording.now });
  });
  return store(db, { signed: await Promise.all(signings), replaced, ...context });
}

type Batch = Context & Pick<Rewritten, "replaced"> & { readonly signed: readonly SignedDocument[] };

/** Stores everything in one transaction; null when the phone's count has moved on since signing. */
function store(db: Database, batch: Batch): Promise<Recorded | null> {
  const { signed, device } = batch;
  return write(db, recordStores, async (tx) => {
    const current = (await tx.objectStore("device").get("device")) ?? newDevice;
    if (current.next_seq !== device.next_seq || current.kid !== device.kid) return null;
    await putAll(tx, batch, current);
    return { kind: "saved", ids: signed.map(({ payload }) => payload.id) };
  });
}

const recordStores: RecordStores = ["keys", "documents", "rows", "device", "drafts", "photos"];
type RecordStores = ["keys", "documents", "rows", "device", "drafts", "photos"];

async function putAll(tx: Writing<RecordStores>, batch: Batch, current: Device): Promise<void> {
  const { signed, replaced, key, recording } = batch;
  const [documents, rows] = [tx.objectStore("documents"), tx.objectStore("rows")];
  const composed = compose(await rows.index("order").getAll(), key.kid, signed);
  const refused = await Promise.all([...replaced.keys()].map((id) => documents.get(id)));
  const order = current.next_order;
  const replacing = refused.flatMap((old) =>
    old ? [{ ...old, replaced_by: replaced.get(old.id) ?? null }] : [],
  );
  await putEach(tx.objectStore("keys"), [key]);
  await putEach(documents, [...replacing, ...signed.map((document, at) => keep(document, order + at))]);
  await putEach(
    rows,
    composed.map((row, at) => ({
      ...row,
      not_before_ms: recording.not_before_ms ?? row.not_before_ms,
      order: order + at,
    })),
  );
  await tx.objectStore("device").put(counted(current, key.kid, signed.length), "device");
  if (recording.draft !== undefined) await tx.objectStore("drafts").delete(recording.draft);
  await keepPhoto(tx, recording, signed[0]?.payload.id ?? null);
}

/** A photo belongs to the newest document that names it, and goes with the last that did. */
async function keepPhoto(tx: Writing<RecordStores>, recording: Recording, document: string | null) {
  const photos = tx.objectStore("photos");
  const { photo = "", photo_before: before = photo } = recording;
  const kept = await photos.get(photo);
  if (kept) await photos.put({ ...kept, document });
  if (before !== photo) await photos.delete(before);
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
  return {
    kid,
    cursor,
    link: { ...openLink, ...link },
    rows: Object.fromEntries(rows.map((row) => [row.id, row])),
  };
}
