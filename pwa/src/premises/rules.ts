// What an owner says about premises: from answers to the body of a document, and back for a correction.

import { capacities } from "../accounts/rules.ts";
import { normalisePhone } from "../facts/phones.ts";
import type { JsonObject } from "../sync/messages.ts";
import {
  type Answers,
  choiceOf,
  codeOf,
  dateAnswers,
  type FormError,
  finish,
  optional,
  present,
  type Read,
  readCount,
  readDateAnswer,
  textOf,
} from "../ui/answers.ts";
import { type Entry, knownTextAt, textAt, valueAt } from "../ui/entries.ts";
import type { Licence, Party, Premises, PremisesContact, PremisesKind, PremisesNames } from "./records.ts";

export const premisesKinds = [
  "rental_house",
  "room_rental",
  "guesthouse",
  "hotel",
  "condominium",
  "apartment",
  "dormitory",
  "casino",
  "entertainment",
  "office",
  "factory",
  "construction_site",
  "shop",
  "restaurant",
  "farm",
  "economic_zone",
  "school",
  "clinic",
  "religious",
  "other",
] as const satisfies readonly PremisesKind[];

export const parties = ["owner", "operator", "manager"] as const satisfies readonly (keyof PremisesContact)[];
const partyParts = ["name", "native_name", "phone"] as const satisfies readonly (keyof Party)[];
const texts = [
  "village",
  "address",
  "landmark",
  "fpcs_reference",
] as const satisfies readonly (keyof Premises)[];

const licenceParts = ["kind", "number", "authority"] as const satisfies readonly (keyof Licence)[];
const dateParts = ["day", "month", "year", "unknown"] as const;

/** The most licences that the register takes. */
export const licencesMax = 20;

export type PremisesSaid = {
  readonly place: string;
  readonly body: Omit<Premises, "contact">;
  readonly contact: PremisesContact;
};

export function readPremises(answers: Answers): Read<PremisesSaid> {
  const errors: FormError[] = [];
  const kind = choiceOf(answers, "kind", premisesKinds);
  if (!kind) errors.push({ field: "kind", key: "problem.form.kind" });
  const place = textOf(answers, "place");
  if (!place) errors.push({ field: "place", key: "problem.form.commune" });
  const capacity = choiceOf(answers, "capacity", capacities);
  if (!capacity) errors.push({ field: "capacity", key: "problem.form.capacity" });
  const facts = {
    names: readNames(answers),
    ...readTexts(answers),
    ...readPin(answers),
    ...readCounts(answers, errors),
    ...readLicences(answers, errors),
    ...optional("photo", textOf(answers, "photo")),
  };
  const contact = readParties(answers, errors);
  if (!kind || !capacity) return { ok: false, errors };
  return finish(errors, { place, body: { ...facts, kind, capacity }, contact });
}

function readTexts(answers: Answers): Pick<Premises, (typeof texts)[number]> {
  const read = (name: string) => (name === "fpcs_reference" ? codeOf : textOf)(answers, name);
  return Object.fromEntries(texts.flatMap((name) => Object.entries(optional(name, read(name)))));
}

function readNames(answers: Answers): PremisesNames {
  return {
    ...optional("km", textOf(answers, "name_km")),
    ...optional("latin", textOf(answers, "name_latin")),
    ...optional("zh", textOf(answers, "name_zh")),
  };
}

function readPin(answers: Answers): Pick<Premises, "pin"> {
  const [lat, lon, accuracy_m] = textOf(answers, "pin").split(" ").map(Number);
  return lat === undefined || lon === undefined || accuracy_m === undefined
    ? {}
    : { pin: { lat, lon, accuracy_m } };
}

function readCounts(answers: Answers, errors: FormError[]): Pick<Premises, "rooms_count" | "beds_count"> {
  return {
    ...present("rooms_count", readCount(answers, "rooms_count", errors)),
    ...present("beds_count", readCount(answers, "beds_count", errors)),
  };
}

function readLicences(answers: Answers, errors: FormError[]): Pick<Premises, "licences"> {
  const licences = Array.from({ length: Number(answers["licences"] ?? 0) }, (_, at) => {
    const field = `licence.${at}`;
    const [kind, number, authority] = licenceParts.map((part) =>
      (part === "number" ? codeOf : textOf)(answers, `${field}.${part}`),
    );
    const expires_on = readDateAnswer(answers, `${field}.expires_on`, {}, errors);
    if (!kind && !number && !authority && !expires_on) return null;
    return {
      kind: kind || "unknown",
      number: number || "unknown",
      authority: authority || "unknown",
      ...(expires_on ? { expires_on } : {}),
    };
  }).filter((licence) => licence !== null);
  return licences.length > 0 ? { licences } : {};
}

function readParties(answers: Answers, errors: FormError[]): PremisesContact {
  const said = parties.flatMap((party) => {
    const person = readParty(answers, party, errors);
    return person ? [[party, person] as const] : [];
  });
  return Object.fromEntries(said);
}

function readParty(answers: Answers, party: string, errors: FormError[]): Party | null {
  const name = textOf(answers, `${party}.name`);
  const native = textOf(answers, `${party}.native_name`);
  const typed = textOf(answers, `${party}.phone`);
  const phone = typed ? normalisePhone(typed) : "";
  if (phone === null) errors.push({ field: `${party}.phone`, key: "problem.form.phone" });
  if (!name && !native && !typed) return null;
  return {
    name: name || native || "unknown",
    ...optional("native_name", native),
    ...optional("phone", phone ?? ""),
  };
}

/** The answers that would say again what the entry says: where a correction begins. */
export function premisesAnswers({ body, place }: Pick<Entry, "body" | "place">): Answers {
  const plain = ["kind", "capacity", "rooms_count", "beds_count", "photo", ...texts].map((name) => [
    name,
    knownTextAt(body, name),
  ]);
  const names = ["km", "latin", "zh"].map((script) => [`name_${script}`, knownTextAt(body, "names", script)]);
  const people = parties.flatMap((party) =>
    partyParts.map((part) => [`${party}.${part}`, knownTextAt(body, "contact", party, part)]),
  );
  return {
    place,
    ...Object.fromEntries([...plain, ...names, ...people]),
    ...pinAnswer(body),
    ...licenceAnswers(body),
  };
}

function pinAnswer(body: JsonObject): Answers {
  const pin = ["lat", "lon", "accuracy_m"].map((part) => textAt(body, "pin", part));
  return pin.every(Boolean) ? { pin: pin.join(" ") } : {};
}

function licenceAnswers(body: JsonObject): Answers {
  const licences = valueAt(body, "licences");
  const list: readonly unknown[] = Array.isArray(licences) ? licences : [];
  const answers = list.map((licence, at): Answers => {
    const said = { licence };
    const plain = licenceParts.map((part) => [`licence.${at}.${part}`, knownTextAt(said, "licence", part)]);
    const expires_on = textAt(said, "licence", "expires_on");
    return { ...Object.fromEntries(plain), ...dateAnswers(`licence.${at}.expires_on`, expires_on) };
  });
  return Object.assign({ licences: String(list.length) }, ...answers);
}

/** The answers that change when a licence goes: those after it move up, so that no row in between is empty. */
export function withoutLicence(answers: Answers, at: number): Answers {
  const count = Number(answers["licences"] ?? 0);
  const fields = [...licenceParts, ...dateParts.map((part) => `expires_on.${part}`)];
  const moved = Array.from({ length: count - at }, (_, step) => at + step).flatMap((row) =>
    fields.map((field) => [`licence.${row}.${field}`, answers[`licence.${row + 1}.${field}`] ?? ""]),
  );
  return { ...Object.fromEntries(moved), licences: String(count - 1) };
}
