// Stays on this phone: entered, corrected, ended and withdrawn, each as a document of its own.

import { undoMs } from "../ledger/undo.ts";
import { correction, logOf, rememberPremises } from "../premises/store.ts";
import type { Withdrawal } from "../review/records.ts";
import type { NewDocument } from "../sync/document.ts";
import { isObject } from "../sync/json.ts";
import type { JsonObject } from "../sync/messages.ts";
import type { Recorded } from "../sync/outbox.ts";
import { type Entry, isSame, isStuck, patchOf } from "../ui/entries.ts";
import { save } from "../ui/phone.ts";
import type { Departure, Stay } from "./records.ts";
import type { StaySaid } from "./rules.ts";

const disclosedNames = ["identity", "document", "contact", "remarks"];

export function saveStay(premises: Entry, said: StaySaid, draft: string): Promise<Recorded> {
  rememberPremises(premises.id);
  return save([newStay(premises.id, premises.place, said)], { draft });
}

function newStay(premises_id: string, place: string, { body, disclosures }: StaySaid): NewDocument {
  const said: Omit<Stay, "identity"> = { premises_id, ...body };
  return { kind: "stay", log: logOf(), place, body: said, disclosures };
}

/** A merge patch on the revision that the person saw, or a new beginning when the register refused the first one. */
export function correctStay(
  entry: Entry,
  said: StaySaid,
  { keepsDocument, draft }: { readonly keepsDocument: boolean; readonly draft: string },
): Promise<Recorded> {
  const refused = entry.own.find((document) => document.id === entry.id && isStuck(document));
  if (refused && !entry.view) {
    return save([newStay(entry.premises_id ?? "", entry.place, said)], { replaces: refused.id, draft });
  }
  const before = Object.entries(entry.body).filter(
    ([name]) => !disclosedNames.includes(name) && name !== "premises_id",
  );
  const kept = keepsDocument ? ["document"] : [];
  const changed = Object.entries(said.disclosures).filter(
    ([name, value]) => !kept.includes(name) && !isSame(entry.body[name], value),
  );
  const gone = disclosedNames.filter(
    (name) => name in entry.body && !(name in said.disclosures) && !kept.includes(name),
  );
  const patch = {
    ...patchOf(Object.fromEntries(before), said.body),
    ...Object.fromEntries(gone.map((name) => [name, null])),
  };
  return save([correction(entry, patch, Object.fromEntries(changed))], { draft });
}

/** Values that a phone may read back and hence say again; a document's number it may not. */
const sayable = ["identity", "contact", "remarks"];

/** Settles a conflict by saying again what one of the branches says. */
export function chooseBranch(entry: Entry, body: JsonObject): Promise<Recorded> {
  const plainOf = (all: JsonObject) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !disclosedNames.includes(name)));
  const disclosures = sayable.flatMap((name) => {
    const value = body[name];
    return isObject(value) && !isSame(entry.body[name], value) ? [[name, value] as const] : [];
  });
  return save([
    correction(entry, patchOf(plainOf(entry.body), plainOf(body)), Object.fromEntries(disclosures)),
  ]);
}

export function saveDeparture(entry: Entry, body: Departure): Promise<Recorded> {
  return save([onEntry("departure", entry, body)], { not_before_ms: Date.now() + undoMs });
}

export function saveWithdrawal(entry: Entry, body: Withdrawal): Promise<Recorded> {
  return save([onEntry("withdrawal", entry, body)]);
}

function onEntry(kind: string, entry: Entry, body: JsonObject): NewDocument {
  return { kind, entity: entry.id, base: entry.revision, log: logOf(), place: entry.place, body };
}
