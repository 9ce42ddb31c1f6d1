// This phone's registration: composed offline like any other document, and read from what the register answered.
import type { Recorded } from "../sync/outbox.ts";
import { lastOf, type OwnDocument, textAt } from "../ui/entries.ts";
import { phone, saveRegistration } from "../ui/phone.ts";
import { currentLanguage } from "../ui/text.ts";
import type { Registering } from "./rules.ts";

/** Queues the registration; a refused one is put right, and what rested on it goes along. */
export async function register(said: Registering): Promise<Recorded> {
  const { log } = phone.value.register ?? {};
  if (!log) return { kind: "refused", code: "unregistered" };
  const refused = findRegistration();
  const replaces = refused?.state === "rejected" ? { replaces: refused.id } : {};
  return saveRegistration({ log, place: log, language: currentLanguage(), ...said }, replaces);
}

export function findRegistration(): OwnDocument | undefined {
  return lastOf(phone.value.documents, ({ kind, replaced_by }) => kind === "account" && replaced_by === null);
}

/** What this phone's person said at registration, to be offered again and never asked twice. */
export function ownName(): string {
  return textAt(findRegistration()?.body ?? {}, "contact", "name");
}

export function ownPhone(): string {
  return textAt(findRegistration()?.body ?? {}, "contact", "phone");
}

export function ownCapacity(): string {
  return textAt(findRegistration()?.body ?? {}, "capacity");
}
