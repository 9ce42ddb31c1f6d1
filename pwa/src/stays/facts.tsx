// What is declared about one person, in words; the same list for owner and officer, numbers masked.
import { maskNumber } from "../facts/masking.ts";
import { nameInWords } from "../premises/name.ts";
import type { JsonObject } from "../sync/messages.ts";
import { dateInWords } from "../ui/dates.ts";
import { textAt } from "../ui/entries.ts";
import { type Fact, Facts } from "../ui/facts.tsx";
import { phone } from "../ui/phone.ts";
import { isTextKey, t } from "../ui/text.ts";
import { nationalityInWords, useCountries } from "./nationality.tsx";

export function StayFacts({ body }: { readonly body: JsonObject }) {
  useCountries();
  return (
    <Facts
      facts={[
        ...personFacts(body),
        ...paperFacts(body),
        ...stayFacts(body),
        ...workFacts(body),
        ...moreFacts(body),
      ]}
    />
  );
}

/** A coded answer in words; a code of a newer register as it is. */
function coded(prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return isTextKey(key) ? t(key) : code;
}

function dated(body: JsonObject, ...names: readonly string[]): string {
  const date = textAt(body, ...names);
  return date && dateInWords(date);
}

function personFacts(body: JsonObject): readonly Fact[] {
  return [
    [t("stay.primary"), textAt(body, "identity", "primary")],
    [t("stay.secondary"), textAt(body, "identity", "secondary")],
    [t("stay.native"), textAt(body, "identity", "native")],
    [t("stay.nationality"), nationalityInWords(textAt(body, "nationality"))],
    [t("stay.sex"), coded("sex", textAt(body, "sex"))],
    [t("stay.born_on"), dated(body, "identity", "born_on")],
    [t("stay.guardian"), textAt(body, "identity", "guardian")],
  ];
}

function paperFacts(body: JsonObject): readonly Fact[] {
  const kind = textAt(body, "document", "kind");
  const missing = textAt(body, "document_missing");
  return [
    [t("stay.document-kind"), kind && coded("document", kind)],
    [t("stay.document-number"), maskNumber(textAt(body, "document", "number"))],
    [t("stay.document-expires"), dated(body, "document", "expires_on")],
    [t("stay.document-missing"), missing && coded("missing", missing)],
    [t("stay.holder"), coded("holder", textAt(body, "document_holder"))],
    [t("stay.visa"), coded("visa", textAt(body, "visa", "class"))],
    [t("stay.visa-expires"), dated(body, "visa", "expires_on")],
    [t("stay.visa-entered"), dated(body, "visa", "entered_on")],
  ];
}

function stayFacts(body: JsonObject): readonly Fact[] {
  const slip = textAt(body, "slip_language");
  return [
    [t("stay.role"), coded("stay-role", textAt(body, "role"))],
    [t("stay.unit"), textAt(body, "unit")],
    [t("stay.arrived_on"), dated(body, "arrived_on")],
    [t("stay.expected_departure_on"), dated(body, "expected_departure_on")],
    [t("stay.previous_premises"), previousPlace(textAt(body, "previous_premises_id"))],
    [t("stay.slip_language"), slip && coded("slip-language", slip)],
  ];
}

/** By name when this phone knows the place. */
function previousPlace(id: string): string {
  if (id === "" || id === "unknown") return id;
  const premises = phone.value.entries.get(id);
  return premises ? nameInWords(premises) : t("stay.previous-elsewhere");
}

function workFacts(body: JsonObject): readonly Fact[] {
  const text = (...names: readonly string[]) => textAt(body, "work", ...names);
  // Either may be "unknown" as a whole.
  const written = text("contract", "written") || text("contract");
  const permit = text("permit", "state") || text("permit");
  return [
    [t("stay.employer"), text("employer")],
    [t("stay.position"), text("position")],
    [t("stay.contract"), written && coded("contract", written)],
    [t("stay.contract-ends"), dated(body, "work", "contract", "ends_on")],
    [t("stay.permit"), permit && coded("permit", permit)],
    [t("stay.permit-year"), dated(body, "work", "permit", "year")],
  ];
}

function moreFacts(body: JsonObject): readonly Fact[] {
  return [
    [t("stay.contact-phone"), textAt(body, "contact", "phone")],
    [t("stay.contact-other"), textAt(body, "contact", "other")],
    [t("stay.arranged-by"), textAt(body, "contact", "arranged_by")],
    [t("stay.remarks"), textAt(body, "remarks", "text")],
  ];
}
