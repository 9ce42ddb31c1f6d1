// Runs in a real browser for `tests/pwa/test_phone.py`, beside the app and on the app's own database: saves documents as
// a form does and says how they stand. Names are TEST DATA.
import { announceChange } from "../src/sync/changes.ts";
import { openDatabase, readDevice } from "../src/sync/database.ts";
import type { NewDocument } from "../src/sync/document.ts";
import { recordDocuments, recordRegistration } from "../src/sync/outbox.ts";

const log = "psh-p-preah-sihanouk";
const place = "psh-c-sangkat-4";

function aPremises(): NewDocument {
  const body = { names: { latin: "Test House" }, kind: "rental_house", capacity: "owner" };
  return { kind: "premises", log, place, body, disclosures: { contact: { owner: { name: "TEST DATA" } } } };
}

function aStay(premises_id: string): NewDocument {
  const facts = {
    nationality: "unknown",
    sex: "X",
    role: "lives",
    arrived_on: "2022-09-01",
    entry_method: "manual",
  };
  const body = {
    premises_id,
    ...facts,
    document_holder: "unknown",
    document_missing: "unknown",
    visa: { class: "unknown" },
  };
  const identity = { primary: "TESTDATA", secondary: "ONE", born_on: "1990" };
  return { kind: "stay", log, place, body, disclosures: { identity } };
}

/** Makes the key and queues the registration. */
export async function register() {
  const contact = { name: "TEST DATA", phone: "012000000" };
  const said = { log, place, capacity: "owner", language: "km", contact } as const;
  const recorded = await recordRegistration(await openDatabase(), said, { now: Date.now() });
  announceChange();
  return recorded;
}

/** Saves a premises and so many people who live there. */
export async function saveStays(count: number) {
  const premises = await save([aPremises()]);
  const [id = ""] = premises.kind === "saved" ? premises.ids : [];
  return save(Array.from({ length: count }, () => aStay(id)));
}

async function save(documents: readonly NewDocument[]) {
  const recorded = await recordDocuments(await openDatabase(), documents, { now: Date.now() });
  announceChange();
  return recorded;
}

/** How every document stands, in the order of composing. */
export async function states() {
  return (await (await openDatabase()).getAllFromIndex("rows", "order")).map((row) => row.state);
}

/** Who this phone is to the register, as far as it knows. */
export async function account() {
  return (await readDevice(await openDatabase())).account;
}
