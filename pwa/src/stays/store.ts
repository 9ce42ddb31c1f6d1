// Stays on this phone: entered, corrected, ended and withdrawn, each as a document of its own.

import { undoMs } from "../ledger/undo.ts";
import { correction, logOf, rememberPremises } from "../premises/store.ts";
import type { NewDocument } from "../sync/document.ts";
import type { JsonObject } from "../sync/messages.ts";
import type { Recorded } from "../sync/outbox.ts";
import { type Entry, isSame, isStuck, patchOf } from "../ui/entries.ts";
import { save } from "../ui/phone.ts";
import type { StaySaid } from "./rules.ts";

const disclosedNames = ["identity", "document", "contact", "remarks"];

export function saveStay(premises: Entry, said: StaySaid, draft: string): Promise<Recorded> {
  rememberPremises(premises.id);
  return save([newStay(premises.id, premises.place, said)], { draft });
}

function newStay(premises_id: string, place: string, { body, disclosures }: StaySaid): NewDocument {
  return { kind: "stay", log: logOf(), place, body: { premises_id, ...body }, disclosures };
}

/** A merge patch on the revision that the person saw, or a new beginning when the register refused the first one. */
export function correctStay(
  entry: Entry,
  said: StaySaid,
  saving: { readonly keepsDocument: boolean },
): Promise<Recorded> {
  const refused = entry.own.find((document) => document.id === entry.id && isStuck(document));
  if (refused && !entry.view) {
    return save([newStay(entry.premises_id ?? "", entry.place, said)], { replaces: refused.id });
  }
  const before = Object.entries(entry.body).filter(
    ([name]) => !disclosedNames.includes(name) && name !== "premises_id",
  );
  const patch = patchOf(Object.fromEntries(before), said.body);
  const changed = Object.entries(said.disclosures).filter(([name, value]) => {
    return !(name === "document" && saving.keepsDocument) && !isSame(entry.body[name], value);
  });
  return save([correction(entry, patch, Object.fromEntries(changed))]);
}

/** Settles a conflict by saying again what one of the branches says. */
export function chooseBranch(entry: Entry, body: JsonObject): Promise<Recorded> {
  const plain = Object.entries(body).filter(([name]) => !disclosedNames.includes(name));
  const current = Object.entries(entry.body).filter(([name]) => !disclosedNames.includes(name));
  return save([correction(entry, patchOf(Object.fromEntries(current), Object.fromEntries(plain)), {})]);
}

export type DepartureSaid = {
  readonly left_on: string;
  readonly reason: string;
  readonly destination?: string;
};

export function saveDeparture(entry: Entry, body: DepartureSaid): Promise<Recorded> {
  return save([onEntry("departure", entry, { ...body })], { not_before_ms: Date.now() + undoMs });
}

export function saveWithdrawal(entry: Entry, reason: string): Promise<Recorded> {
  return save([onEntry("withdrawal", entry, { reason })]);
}

function onEntry(kind: string, entry: Entry, body: JsonObject): NewDocument {
  return { kind, entity: entry.id, base: entry.revision, log: logOf(), place: entry.place, body };
}
