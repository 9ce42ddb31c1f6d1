// The small world of the tests of sending: a phone with its own database, and premises, stays and a registration.
import "fake-indexeddb/auto";
import { type Database, openDatabase } from "../../src/sync/database.ts";
import type { NewDocument } from "../../src/sync/document.ts";
import { type Registration, recordDocuments, recordRegistration } from "../../src/sync/outbox.ts";

export const log = "psh-p-preah-sihanouk";
export const place = "psh-c-sangkat-4";
export const now = Date.UTC(2022, 8, 20, 3, 11, 5, 123);

let phones = 0;

/** A phone that nobody has used yet. */
export function aPhone(): Promise<Database> {
  phones += 1;
  return openDatabase(`phone-${phones}`);
}

export function aRegistration(given: Partial<Registration> = {}): Registration {
  const contact = { name: "TEST DATA", phone: "012000000" };
  return { log, place, capacity: "owner", language: "km", contact, ...given };
}

export function aPremises(given: Partial<NewDocument> = {}): NewDocument {
  return {
    kind: "premises",
    log,
    place,
    body: { names: { latin: "Test House" }, kind: "rental_house" },
    ...given,
  };
}

export function aStay(premises_id: string, given: Partial<NewDocument> = {}): NewDocument {
  const disclosures = { identity: { primary: "TESTDATA", secondary: "ONE", born_on: "1990" } };
  return {
    kind: "stay",
    log,
    place,
    body: { premises_id, nationality: "unknown", sex: "X" },
    disclosures,
    ...given,
  };
}

/** Saves and gives the ids; fails when the phone refuses. */
export async function save(db: Database, ...documents: readonly NewDocument[]): Promise<readonly string[]> {
  const recorded = await recordDocuments(db, documents, { now });
  if (recorded.kind !== "saved") throw new Error(recorded.code);
  return recorded.ids;
}

/** The first id of a list that cannot be empty. */
export function first(ids: readonly string[]): string {
  const [id] = ids;
  if (id === undefined) throw new Error("Nothing was saved");
  return id;
}

export async function aRegisteredPhone(): Promise<Database> {
  const db = await aPhone();
  await recordRegistration(db, aRegistration(), { now });
  return db;
}
