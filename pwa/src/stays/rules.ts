// What an owner says about one person: from answers to the body of a document, and back for a correction. Every fact
// may be "unknown"; nothing here refuses a person because of papers.
import { earliestDay, latestDay } from "../facts/dates.ts";
import { normalisePhone } from "../facts/phones.ts";
import {
  type Answers,
  choiceOf,
  codeOf,
  type DateWanted,
  digitsOf,
  type FormError,
  finish,
  longTextOf,
  optional,
  present,
  type Read,
  readDateAnswer,
  textOf,
} from "../ui/answers.ts";
import type {
  Contract,
  DepartureReason,
  DocumentHolder,
  EntryMethod,
  Identity,
  Remarks,
  Stay,
  StayContact,
  StayRole,
  TravelDocument,
  VisaClass,
  WorkPermit,
} from "./records.ts";

export const sexes = ["F", "M", "X", "unknown"] as const satisfies readonly Stay["sex"][];
export const stayRoles = [
  "lives",
  "works",
  "both",
  "visitor",
  "dependant",
  "unknown",
] as const satisfies readonly StayRole[];
export const holders = [
  "person",
  "owner",
  "manager",
  "employer",
  "agent",
  "authority",
  "embassy",
  "unknown",
] as const satisfies readonly DocumentHolder[];
export const visaClasses = [
  "T",
  "E",
  "EB",
  "EG",
  "ER",
  "ES",
  "K",
  "A",
  "B",
  "C",
  "exempt",
  "none",
  "unknown",
] as const satisfies readonly VisaClass[];
export const missingReasons = [
  "lost",
  "at_authority",
  "held_by_other",
  "refused",
  "absent",
  "none",
  "unknown",
] as const;
export const documentKinds = ["passport", "id_card", "travel_document", "refugee_document", "other"] as const;
export const knownAnswers = ["yes", "no", "unknown"] as const satisfies readonly Contract["written"][];
export const permitStates = [
  "none",
  "applied",
  "valid",
  "expired",
  "unknown",
] as const satisfies readonly WorkPermit["state"][];
export const departureReasons = [
  "left_country",
  "moved_in_province",
  "moved_elsewhere",
  "taken_by_authority",
  "hospital",
  "died",
  "never_arrived",
  "unknown",
] as const satisfies readonly DepartureReason[];
/** Whether a day of leaving has not come yet; `unknown` never lies ahead. */
export function liesAhead(left_on: string, today: string): boolean {
  return left_on !== "unknown" && left_on > today;
}

export const withdrawalReasons = [
  "entered_twice",
  "wrong_person",
  "wrong_premises",
  "entered_by_mistake",
  "other",
] as const;

/** The languages in which a person can read what was declared about him. */
export const slipLanguages = ["km", "en", "zh", "vi", "th"] as const;
const entryMethods = [
  "mrz_scan",
  "mrz_typed",
  "manual",
  "import",
  "officer",
] as const satisfies readonly EntryMethod[];

const adultYears = 18;

/** Personal values, which travel beside the signature; `document` only when a paper was shown. */
type Disclosures = {
  readonly identity: Identity;
  readonly document?: TravelDocument;
  readonly contact?: StayContact;
  readonly remarks?: Remarks;
};

export type StaySaid = {
  readonly body: Omit<Stay, "premises_id" | keyof Disclosures>;
  readonly disclosures: Disclosures;
};

/** A day that is not known contradicts nothing. */
export function departsBeforeArrival(left_on: string, arrived_on: string): boolean {
  return /^\d/.test(left_on) && /^\d/.test(arrived_on) && left_on < arrived_on;
}

/** `left_on` is the departure that this phone knows of. */
export function readStay(answers: Answers, today: string, left_on = ""): Read<StaySaid> {
  const errors: FormError[] = [];
  const date = (field: string, wanted: DateWanted = {}) => readDateAnswer(answers, field, wanted, errors);
  checkNamed(answers, errors);
  const nationality = textOf(answers, "nationality");
  if (!nationality) errors.push({ field: "nationality", key: "problem.form.nationality" });
  const identity = readIdentity(answers, date("born_on", { partial: true, latest: today }));
  const document = readDocument(answers, nationality, date("document_expires_on"));
  const missing = choiceOf(answers, "document_missing", missingReasons) ?? "unknown";
  const arrived_on = date("arrived_on", { latest: today }) ?? "unknown";
  if (departsBeforeArrival(left_on, arrived_on))
    errors.push({ field: "arrived_on", key: "problem.stay.departed-before-arrival" });
  // What is left open is "unknown": nothing forces a made-up value.
  const body = {
    nationality,
    sex: choiceOf(answers, "sex", sexes) ?? "unknown",
    role: choiceOf(answers, "role", stayRoles) ?? "unknown",
    ...optional("unit", digitsOf(answers, "unit")),
    arrived_on,
    ...present("expected_departure_on", date("expected_departure_on")),
    document_holder: choiceOf(answers, "document_holder", holders) ?? "unknown",
    ...(document ? {} : { document_missing: missing }),
    visa: readVisa(answers, date("visa_expires_on"), date("visa_entered_on", { latest: today })),
    ...readWork(answers, date("contract_ends_on"), errors),
    ...optional("previous_premises_id", textOf(answers, "previous_premises_id")),
    ...optional("slip_language", textOf(answers, "slip_language")),
    entry_method: choiceOf(answers, "entry_method", entryMethods) ?? "manual",
  };
  const contact = readContact(answers);
  const remarks = longTextOf(answers, "remarks");
  return finish(errors, {
    body,
    disclosures: {
      identity,
      ...present("document", document),
      ...present("contact", contact),
      ...(remarks ? { remarks: { text: remarks } } : {}),
    },
  });
}

function namesIn(answers: Answers): readonly string[] {
  return ["primary", "secondary", "native"].map((part) => textOf(answers, part));
}

function checkNamed(answers: Answers, errors: FormError[]): void {
  if (namesIn(answers).some(Boolean) || answers["name_unknown"] === "yes") return;
  errors.push({ field: "primary", key: "problem.form.stay-name" });
}

function readIdentity(answers: Answers, bornOn: string | undefined): Identity {
  const [primary = "", secondary = "", native = ""] = namesIn(answers);
  return {
    primary: capitals(primary),
    secondary: capitals(secondary),
    ...optional("native", native),
    ...optional("guardian", textOf(answers, "guardian")),
    born_on: bornOn ?? "unknown",
  };
}

/** As passports print names; capitals of some Greek letters stand in another form than the one that is stored. */
function capitals(text: string): string {
  return text.toUpperCase().normalize("NFC");
}

function readDocument(
  answers: Answers,
  nationality: string,
  expiresOn: string | undefined,
): TravelDocument | undefined {
  if (answers["papers"] === "missing") return undefined;
  return {
    kind: textOf(answers, "document_kind") || "passport",
    number: capitals(codeOf(answers, "document_number")) || "unknown",
    issuer: textOf(answers, "document_issuer") || nationality,
    ...present("expires_on", expiresOn),
    ...optional("visa_number", codeOf(answers, "visa_number")),
    ...optional("permit_number", codeOf(answers, "permit_number")),
  };
}

export function worksHere(answers: Answers): boolean {
  return answers["role"] === "works" || answers["role"] === "both";
}

function readWork(
  answers: Answers,
  contractEndsOn: string | undefined,
  errors: FormError[],
): Pick<Stay, "work"> {
  if (!worksHere(answers)) return {};
  const year = codeOf(answers, "permit_year");
  if (year && !/^20\d\d$/.test(year)) errors.push({ field: "permit_year", key: "problem.form.number" });
  const work = {
    employer: textOf(answers, "employer") || "unknown",
    ...optional("employer_licence", codeOf(answers, "employer_licence")),
    ...optional("position", textOf(answers, "position")),
    contract: {
      written: choiceOf(answers, "contract_written", knownAnswers) ?? "unknown",
      ...present("copy_held_by_worker", choiceOf(answers, "contract_copy", knownAnswers)),
      ...present("ends_on", contractEndsOn),
    },
    permit: {
      state: choiceOf(answers, "permit_state", permitStates) ?? "unknown",
      ...(year ? { year: Number(year) } : {}),
    },
  };
  return { work };
}

function readVisa(
  answers: Answers,
  expiresOn: string | undefined,
  enteredOn: string | undefined,
): Stay["visa"] {
  return {
    class: choiceOf(answers, "visa_class", visaClasses) ?? "unknown",
    ...present("expires_on", expiresOn),
    ...present("entered_on", enteredOn),
  };
}

/** Whether there is a visa, or an exemption from one, of which dates can be asked. */
export function hasVisaDates(answers: Answers): boolean {
  return !["", "none", "unknown"].includes(answers["visa_class"] ?? "");
}

export function hasVisaExpiry(answers: Answers): boolean {
  return hasVisaDates(answers) && answers["visa_class"] !== "exempt";
}

function readContact(answers: Answers): StayContact | undefined {
  const typed = codeOf(answers, "phone");
  const contact = {
    // What is no number of any country is kept as it was said: it may still lead to the person.
    ...optional("phone", normalisePhone(typed) ?? typed),
    ...optional("other", textOf(answers, "other")),
    ...optional("arranged_by", textOf(answers, "arranged_by")),
  };
  return Object.keys(contact).length > 0 ? contact : undefined;
}

/** Whether the person is certainly or possibly under age; an unknown birth date asks for no guardian. */
export function mayBeMinor(bornOn: string | undefined, today: string): boolean {
  if (!bornOn || bornOn === "unknown") return false;
  const eighteenth = `${Number(latestDay(bornOn).slice(0, 4)) + adultYears}${latestDay(bornOn).slice(4)}`;
  return eighteenth > today && earliestDay(bornOn) <= today;
}
