// What every exchange with the register shares: its surroundings, and keeping an event with all that comes with it in
// one transaction.
import { announceChange } from "./changes.ts";
import { type Connection, isInfo, type Reply } from "./connection.ts";
import {
  type Database,
  type Device,
  type KeptRow,
  newDevice,
  putEach,
  readDevice,
  type Writing,
  write,
} from "./database.ts";
import type { DeviceKey } from "./key.ts";
import type { ReceiptKey, View } from "./messages.ts";
import { replicaOf } from "./outbox.ts";
import { signerOf } from "./receipts.ts";
import { advance, changedRows } from "./replica.ts";
import { forgetPeople } from "./session.ts";
import type { Event, Failed, Replica, Row } from "./states.ts";

/** What an exchange needs; time and chance come from outside. */
export type Exchange = {
  readonly db: Database;
  readonly connection: Connection;
  readonly key: DeviceKey;
  /** Milliseconds since 1970 by the phone's clock. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
};

/** What else is kept with an event, in the same transaction. */
type Kept = {
  readonly device?: Partial<Device>;
  readonly views?: readonly View[];
  /** The views so far are of another history, or of another scope. */
  readonly forgetViews?: boolean;
};

/** Loads the state machine's picture. */
export async function loadReplica(db: Database): Promise<Replica> {
  const device = await readDevice(db);
  return replicaOf(device.kid ?? "", await db.getAllFromIndex("rows", "order"), device);
}

/** Applies an event to what is stored, in one transaction; false when the event came too late to matter. */
export async function applyEvent(db: Database, event: Event, kept: Kept = {}): Promise<boolean> {
  const applied = await write(db, eventStores, async (tx) => {
    const device = (await tx.objectStore("device").get("device")) ?? newDevice;
    const stored = await tx.objectStore("rows").index("order").getAll();
    const before = replicaOf(device.kid ?? "", stored, device);
    const after = advance(before, event);
    if (after === before && "sent_cursor" in event) return null;
    const { cursor, link } = after;
    const next = { ...device, ...kept.device, cursor, link };
    await keepRows(tx, stored, changedRows(before, after));
    // An answer may come after somebody signed out, in this tab or in another: what it brings is not kept.
    await (next.ended ? forgetPeople(tx) : keepViews(tx, kept));
    await tx.objectStore("device").put(next.ended ? { ...next, cursor: null } : next, "device");
    return { before, after };
  });
  if (applied && isNews(applied.before, applied.after, kept)) announceChange();
  return applied !== null;
}

const eventStores: EventStores = ["rows", "documents", "device", "entities", "drafts"];
type EventStores = ["rows", "documents", "device", "entities", "drafts"];

async function keepRows(
  tx: Writing<EventStores>,
  stored: readonly KeptRow[],
  rows: readonly Row[],
): Promise<void> {
  const orders = new Map(stored.map(({ id, order }) => [id, order]));
  const documents = tx.objectStore("documents");
  const shortened = rows.filter((row) => row.state === "summary").map(({ id }) => documents.get(id));
  const found = await Promise.all(shortened);
  await putEach(
    tx.objectStore("rows"),
    rows.map((row) => ({ ...row, order: orders.get(row.id) ?? 0 })),
  );
  await putEach(
    documents,
    found.flatMap((document) => (document ? [{ ...document, item: null }] : [])),
  );
}

async function keepViews(tx: Writing<EventStores>, { views = [], forgetViews = false }: Kept): Promise<void> {
  const entities = tx.objectStore("entities");
  if (forgetViews) await entities.clear();
  await putEach(entities, views);
}

function isNews(before: Replica, after: Replica, { views = [], forgetViews = false, device }: Kept): boolean {
  const hasViews = views.length > 0 || forgetViews;
  const hasRows = changedRows(before, after).length > 0 || before.link.failures !== after.link.failures;
  return hasViews || hasRows || device?.account !== undefined || device?.ended !== undefined;
}

/** The register's keys, asked for anew when one of these texts was signed by a key not seen before. */
export async function receiptKeys(
  exchange: Exchange,
  texts: readonly string[],
): Promise<readonly ReceiptKey[]> {
  const known = await listReceiptKeys(exchange.db);
  const isKnown = (text: string) => known.some(({ kid }) => kid === signerOf(text));
  if (texts.every(isKnown)) return known;
  await refreshInfo(exchange);
  return listReceiptKeys(exchange.db);
}

/** The register's keys that this phone has, from its last contact and from the shell: enough to check without signal. */
export async function listReceiptKeys(db: Database): Promise<readonly ReceiptKey[]> {
  const [device, register] = await Promise.all([readDevice(db), db.get("register", "register")]);
  return [...device.receipt_keys, ...(register?.receipt_keys ?? [])];
}

async function refreshInfo({ db, connection, now }: Exchange): Promise<void> {
  const reply = await connection.info();
  if (reply.kind !== "answer" || !isInfo(reply.value)) return;
  const { receipt_keys, server_time } = reply.value;
  const told = { receipt_keys, clock_behind_ms: Date.parse(server_time) - now() };
  await write(db, ["device"], async (tx) => {
    const device = (await tx.objectStore("device").get("device")) ?? newDevice;
    await tx.objectStore("device").put({ ...device, ...told }, "device");
  });
}

/** Keeps that a whole request was refused, or never answered; a key that was revoked ends all looking. */
export function fail(exchange: Exchange, reply: Reply, sent: readonly string[]): Promise<boolean> {
  const code = reply.kind === "refused" ? reply.code : null;
  return applyEvent(exchange.db, failure(exchange, reply, sent), endedBy(code));
}

/** What is kept when an answer says `device-revoked`. */
export function endedBy(code: string | null): Pick<Kept, "device"> {
  return code === revoked ? { device: { ended: "revoked" } } : {};
}

const revoked = "device-revoked";

function failure({ now, random }: Exchange, reply: Reply, sent: readonly string[]): Failed {
  const common = { type: "failed", sent, at_ms: now(), random: random() } as const;
  if (reply.kind !== "refused") return common;
  const { status, code, retry_after_seconds, moved_to } = reply;
  return { ...common, status, code, retry_after_seconds, moved_to };
}
