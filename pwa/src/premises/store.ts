// Premises on this phone: saved as new documents or as corrections of what the register holds.
import type { NewDocument } from "../sync/document.ts";
import type { JsonObject } from "../sync/messages.ts";
import type { Recorded } from "../sync/outbox.ts";
import { type Entry, isSame, isStuck, patchOf, textAt, valueAt } from "../ui/entries.ts";
import { phone, save } from "../ui/phone.ts";
import { recall, remember } from "../ui/remembered.ts";
import type { PremisesSaid } from "./rules.ts";

const lastUsedKey = "sangkat.premises";

export function logOf(): string {
  return phone.value.register?.log ?? "";
}

export function listPremises(): readonly Entry[] {
  return [...phone.value.entries.values()].filter(
    ({ kind, is_withdrawn }) => kind === "premises" && !is_withdrawn,
  );
}

/** The premises that this phone worked on last, else the first. */
export function currentPremises(): Entry | undefined {
  const all = listPremises();
  return all.find(({ id }) => id === recall(lastUsedKey)) ?? all[0];
}

export function rememberPremises(id: string): void {
  remember(lastUsedKey, id);
}

export async function savePremises(said: PremisesSaid, draft: string): Promise<Recorded> {
  const recorded = await save([newPremises(said)], { draft, photo: said.body.photo });
  if (recorded.kind === "saved") rememberPremises(recorded.ids[0] ?? "");
  return recorded;
}

function newPremises({ place, body, contact }: PremisesSaid): NewDocument {
  const hasContact = Object.keys(contact).length > 0;
  return { kind: "premises", log: logOf(), place, body, ...(hasContact ? { disclosures: { contact } } : {}) };
}

/** A correction, or a new beginning when the register refused the first revision. */
export async function correctPremises(entry: Entry, said: PremisesSaid, draft: string): Promise<Recorded> {
  const refused = entry.own.find((document) => document.id === entry.id && isStuck(document));
  const photos = { photo: said.body.photo, photo_before: textAt(entry.body, "photo") };
  if (refused && !entry.view) return save([newPremises(said)], { replaces: refused.id, draft, ...photos });
  const { contact: before, ...old } = entry.body;
  const disclosures = isSame(before ?? {}, said.contact) ? {} : { contact: said.contact };
  return save([correction(entry, patchOf(old, said.body), disclosures)], { draft, ...photos });
}

/** The same kind again, on the revision that the person saw; it settles whatever branches stood open. */
export function correction(
  entry: Entry,
  body: JsonObject,
  disclosures: Readonly<Record<string, JsonObject>>,
): NewDocument {
  const branches = entry.view?.branches ?? [];
  return {
    kind: entry.kind,
    entity: entry.id,
    base: entry.revision,
    ...(branches.length > 0
      ? { resolves: branches.map(({ id }) => id).filter((id) => id !== entry.revision) }
      : {}),
    log: logOf(),
    place: entry.place,
    body,
    disclosures,
  };
}

export function countRooms(entry: Entry): number | undefined {
  const rooms = valueAt(entry.body, "rooms_count");
  return typeof rooms === "number" ? rooms : undefined;
}
