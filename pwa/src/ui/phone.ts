// What is on this phone, as one signal for all screens: read from the database after every change and never written
// here, so that no screen can show as saved what is not stored.
import { computed, signal } from "@preact/signals";
import { announceChange, onChange } from "../sync/changes.ts";
import {
  type Database,
  type Device,
  type KeptDocument,
  newDevice,
  openDatabase,
  type RegisterData,
  readDevice,
} from "../sync/database.ts";
import { type NewDocument, openBody } from "../sync/document.ts";
import type { JsonObject } from "../sync/messages.ts";
import {
  type Recorded,
  type Recording,
  type Registration,
  recordDocuments,
  recordRegistration,
} from "../sync/outbox.ts";
import { refreshRegister } from "../sync/register.ts";
import { forgetStale } from "../sync/session.ts";
import { type Entry, foldEntries, isStuck, isWaiting, type OwnDocument } from "./entries.ts";
import { registerTime } from "./register-time.ts";
import { checkRoom } from "./sending.ts";

export type Phone = {
  readonly device: Device;
  readonly register: RegisterData | null;
  readonly documents: readonly OwnDocument[];
  readonly entries: ReadonlyMap<string, Entry>;
};

export const phone = signal<Phone>({ device: newDevice, register: null, documents: [], entries: new Map() });

/** False until the database has been read once: before that nothing can be said. */
export const isLoaded = signal(false);

/** False until the register was asked who it is: before that nobody can say that there is no way to it. */
export const isRegisterAsked = signal(false);

/** True when this browser lets nothing be kept: then nothing may be entered. */
export const isBroken = signal(false);

/** The role at the register; an owner until the register has said otherwise. */
export const role = computed(() => phone.value.device.account?.role ?? "owner");

/** How many documents of this phone the register does not hold yet. */
export const waitingCount = computed(() => phone.value.documents.filter(isWaiting).length);

/** How many documents the register did not take, and which nobody has put right yet. */
export const stuckCount = computed(() => phone.value.documents.filter(isStuck).length);

/** The register's time as this phone reckons it: its own clock may be years wrong. */
export function registerNow(): number {
  return registerTime(phone.value.device, Date.now());
}

/** A clock for what is shown; it ticks every half minute. */
export const now = signal(Date.now());

/** Reads the database, and again after every change in this tab, another, or the worker. */
export async function startPhone(): Promise<void> {
  try {
    const db = await openDatabase();
    await forgetStale(db, Date.now());
    await readPhone(db);
  } catch (error) {
    isBroken.value = true;
    throw error;
  }
  onChange(() => void openDatabase().then(readPhone));
  setInterval(() => {
    now.value = registerNow();
    void openDatabase().then((db) => forgetStale(db, Date.now()));
  }, 30_000);
}

/** Asks the register who it is, and the worker's copy where there is no signal. */
export async function meetRegister(db: Database): Promise<void> {
  await refreshRegister(db, fetch);
  await readPhone(db);
  isRegisterAsked.value = true;
}

let running: Promise<void> | null = null;
let again = false;

/** One reading at a time; changes that come meanwhile ask for one more, not for one each. */
export function readPhone(db: Database): Promise<void> {
  again = true;
  running ??= readUntilQuiet(db).finally(() => {
    running = null;
  });
  return running;
}

async function readUntilQuiet(db: Database): Promise<void> {
  while (again) {
    again = false;
    const tx = db.transaction(["documents", "rows", "entities", "device", "register"]);
    const [kept, rows, views, device, register] = await Promise.all([
      tx.objectStore("documents").getAll(),
      tx.objectStore("rows").index("order").getAll(),
      tx.objectStore("entities").getAll(),
      readDevice(db),
      tx.objectStore("register").get("register"),
    ]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const documents = kept.flatMap((document) => {
      const row = byId.get(document.id);
      return row ? [{ ...row, ...openKept(document) }] : [];
    });
    phone.value = { device, register: register ?? null, documents, entries: foldEntries(views, documents) };
    now.value = registerNow();
    isLoaded.value = true;
  }
}

type Opened = Omit<KeptDocument, "item"> & { readonly body: JsonObject };

const bodies = new Map<string, JsonObject>();

/** Bytes that were signed do not change, so each is opened once. */
function openKept({ item, ...document }: KeptDocument): Opened {
  const known = bodies.get(document.id);
  const body = known ?? (item ? openBody(item) : {});
  bodies.set(document.id, body);
  return { ...document, body };
}

export type Saving = Omit<Recording, "now">;

/** Composes, signs and stores documents, all or none; "saved" may be said when this says so. */
export async function save(documents: readonly NewDocument[], saving: Saving = {}): Promise<Recorded> {
  return settle(
    await recordDocuments(await openDatabase(), documents, { now: Date.now(), ...saving }),
    saving,
  );
}

export async function saveRegistration(said: Registration, saving: Saving = {}): Promise<Recorded> {
  return settle(await recordRegistration(await openDatabase(), said, { now: Date.now(), ...saving }), saving);
}

async function settle(recorded: Recorded, saving: Saving): Promise<Recorded> {
  if (recorded.kind === "saved") {
    await readPhone(await openDatabase());
    announceChange();
    void checkRoom();
    // What waits so that it can be taken back is due then; nothing else would notice.
    if (saving.not_before_ms) setTimeout(announceChange, saving.not_before_ms - Date.now() + 500);
  }
  return recorded;
}
