// The phone's one database: its stores and how it grows. Upgrades only ever add, so that no version loses a queue.
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";
import type { PledgeWording } from "../pledges/records.ts";
import type { DeviceKey } from "./key.ts";
import type { Account, Anchor, Item, JsonObject, ReceiptKey, View } from "./messages.ts";
import { type Link, openLink, type Row } from "./states.ts";

/** A signed document as it is kept: the very bytes that are sent, whatever later versions of this program would write. */
export type KeptDocument = {
  readonly id: string;
  /** Counts the documents of this phone in the order in which they were composed. */
  readonly order: number;
  readonly kind: string;
  readonly entity: string;
  readonly log: string;
  readonly place: string;
  readonly made_at: string;
  /** Null once only the summary is kept, 60 days after confirmation. */
  readonly item: Item | null;
  /** The document with which the person put a refused one right. */
  readonly replaced_by: string | null;
  /** When the person put a refused one aside; absent in what older versions kept. */
  readonly discarded_at?: string | null;
};

export type KeptRow = Row & { readonly order: number };

/** What the phone knows about itself and its register; one record. */
export type Device = {
  readonly kid: string | null;
  readonly account: Account | null;
  readonly next_seq: number;
  readonly next_order: number;
  readonly anchor: Anchor | null;
  readonly cursor: string | null;
  readonly link: Link;
  readonly receipt_keys: readonly ReceiptKey[];
  /** How far the phone's clock is behind the register's, at the last contact. */
  readonly clock_behind_ms: number | null;
  /** By the phone's clock. */
  readonly last_contact_ms: number | null;
  /** The same instant by the register's clock; absent in what older versions kept. */
  readonly contact_at_ms?: number | null;
  /** Why nobody may look at anything here; absent while somebody is signed in. */
  readonly ended?: "signed-out" | "revoked" | null;
};

/** A photo as it is sent, by the SHA-256 of its bytes; the text that names it goes first. */
export type KeptPhoto = {
  readonly name: string;
  readonly bytes: ArrayBuffer;
  /** The document that names it; null while the form is open. */
  readonly document: string | null;
  readonly state: "waiting" | "sent" | "refused";
  readonly taken_at_ms: number;
  readonly failures: number;
  readonly not_before_ms: number;
};

/** A half-filled form; any JSON. */
export type Draft = { readonly key: string; readonly value: JsonObject; readonly saved_at_ms: number };

/** `GET /app/register.json`: what the app needs without signal. */
export type RegisterData = {
  readonly register: string;
  readonly name: Readonly<Record<string, string | null>>;
  readonly log: string;
  readonly demo: boolean;
  readonly server_time: string;
  readonly places: readonly Place[];
  readonly orders: readonly (JsonObject & { readonly id: string })[];
  readonly pledge_texts: readonly PledgeText[];
  readonly receipt_keys: readonly ReceiptKey[];
  readonly hotline: string;
  readonly base_url: string;
};

export type Place = {
  readonly place_id: string;
  readonly level: string;
  readonly parent: string | null;
  readonly type_km?: string;
  readonly type_latin?: string;
  readonly name_km: string;
  readonly name_latin: string;
};

export type PledgeText = {
  readonly id: string;
  readonly version: string;
  readonly status: string;
  readonly approved_on: string | null;
  readonly languages: Readonly<Record<string, PledgeWording>>;
};

export type Stores = DBSchema & {
  keys: { key: string; value: DeviceKey };
  documents: { key: string; value: KeptDocument; indexes: { entity: string } };
  rows: { key: string; value: KeptRow; indexes: { order: number } };
  entities: { key: string; value: View; indexes: { kind: string; premises_id: string } };
  device: { key: "device"; value: Device };
  drafts: { key: string; value: Draft };
  register: { key: "register"; value: RegisterData };
  photos: { key: string; value: KeptPhoto };
};

export type Database = IDBPDatabase<Stores>;

export const newDevice: Device = {
  kid: null,
  account: null,
  next_seq: 1,
  next_order: 1,
  anchor: null,
  cursor: null,
  link: openLink,
  receipt_keys: [],
  clock_behind_ms: null,
  last_contact_ms: null,
};

/** Each step adds to what the step before left; a released step is never edited. */
const upgrades: readonly ((db: Database) => unknown)[] = [
  (db) => {
    db.createObjectStore("keys", { keyPath: "kid" });
    db.createObjectStore("documents", { keyPath: "id" }).createIndex("entity", "entity");
    db.createObjectStore("rows", { keyPath: "id" }).createIndex("order", "order");
    const entities = db.createObjectStore("entities", { keyPath: "id" });
    entities.createIndex("kind", "kind");
    entities.createIndex("premises_id", "premises_id");
    db.createObjectStore("device");
    db.createObjectStore("drafts", { keyPath: "key" });
    db.createObjectStore("register");
  },
  (db) => db.createObjectStore("photos", { keyPath: "name" }),
];

const opened = new Map<string, Promise<Database>>();

/** The database, opened once per page or worker, and again when the browser closed it. */
export function openDatabase(name = "sangkat"): Promise<Database> {
  const known = opened.get(name);
  if (known) return known;
  const opening = open(name);
  opened.set(name, opening);
  opening.catch(() => opened.delete(name));
  return opening;
}

function open(name: string): Promise<Database> {
  return openDB<Stores>(name, upgrades.length, {
    upgrade(db, from) {
      for (const upgrade of upgrades.slice(from)) upgrade(db);
    },
    // A newer version in another tab must not wait for this one.
    blocking: (_from, _to, event) => {
      opened.delete(name);
      if (event.target instanceof IDBDatabase) event.target.close();
    },
    // Closed by the browser, short of memory or of disk: the next who asks opens it again.
    terminated: () => void opened.delete(name),
  });
}

/** Closes the database, so that it can be opened anew. */
export async function closeDatabase(name = "sangkat"): Promise<void> {
  const known = opened.get(name);
  opened.delete(name);
  (await known)?.close();
}

/** What the phone knows about itself. */
export async function readDevice(db: Database): Promise<Device> {
  return (await db.get("device", "device")) ?? newDevice;
}

/** The store that several parts write in one go. */
export type Writing<Names extends readonly StoreNames<Stores>[]> = IDBPTransaction<
  Stores,
  [...Names],
  "readwrite"
>;

/**
 * Runs `work` in one strict transaction: all of it is on the disk when this resolves, or none of it. Nothing but the
 * transaction may be awaited in `work`.
 */
export async function write<const Names extends StoreNames<Stores>[], Result>(
  db: Database,
  names: Names,
  work: (tx: Writing<Names>) => Promise<Result>,
): Promise<Result> {
  const tx = db.transaction(names, "readwrite", { durability: "strict" });
  const done = tx.done;
  try {
    const result = await work(tx);
    await done;
    return result;
  } catch (error) {
    // A write that was refused on the spot does not end the transaction by itself.
    if (!tx.error) tx.abort();
    await done.catch(() => undefined);
    throw tx.error ?? error;
  }
}

/** Puts every value, so that a refusal of one is never lost while the others are on their way. */
export async function putEach<Value>(
  store: { readonly put: (value: Value) => Promise<unknown> },
  values: readonly Value[],
): Promise<void> {
  await Promise.all(values.map(async (value) => store.put(value)));
}
