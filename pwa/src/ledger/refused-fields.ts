// What a form calls the detail that the register refused: it points into a document, and people know their forms. Apart
// because it knows the fields of all of them, and is loaded only when something was refused.
import type { TextKey, t } from "../ui/text.ts";

type Labels = Readonly<Record<string, TextKey>>;

const party: Labels = { name: "party.name", native_name: "party.native_name", phone: "party.phone" };

/** By kind and the names of the pointer, the outermost first; `#` is any place in a list. */
const labels: Labels = {
  "account/contact/name": "first.name",
  "account/contact/phone": "first.phone",
  "account/capacity": "first.capacity",
  "account/invitation": "first.invitation",
  "premises/kind": "premises.kind",
  "premises/place": "premises.commune",
  "premises/names/km": "premises.name-km",
  "premises/names/latin": "premises.name-latin",
  "premises/names/zh": "premises.name-zh",
  "premises/village": "premises.village",
  "premises/address": "premises.address",
  "premises/landmark": "premises.landmark",
  "premises/pin": "premises.pin",
  "premises/rooms_count": "premises.rooms",
  "premises/beds_count": "premises.beds",
  "premises/capacity": "premises.capacity",
  "premises/fpcs_reference": "premises.fpcs_reference",
  "premises/licences/#": "premises.licence-n",
  "premises/licences/#/kind": "licence.kind",
  "premises/licences/#/number": "licence.number",
  "premises/licences/#/authority": "licence.authority",
  "premises/licences/#/expires_on": "licence.expires_on",
  "premises/contact/owner": "premises.owner",
  "premises/contact/operator": "premises.operator",
  "premises/contact/manager": "premises.manager",
  ...below("premises/contact/owner", party),
  ...below("premises/contact/operator", party),
  ...below("premises/contact/manager", party),
  ...below("stay", {
    nationality: "stay.nationality",
    sex: "stay.sex",
    role: "stay.role",
    unit: "stay.unit",
    arrived_on: "stay.arrived_on",
    expected_departure_on: "stay.expected_departure_on",
    previous_premises_id: "stay.previous_premises",
    slip_language: "stay.slip_language",
    remarks: "stay.remarks",
  }),
  ...below("stay/identity", {
    primary: "stay.primary",
    secondary: "stay.secondary",
    native: "stay.native",
    born_on: "stay.born_on",
    guardian: "stay.guardian",
  }),
  "stay/document_holder": "stay.holder",
  "stay/document_missing": "stay.document-missing",
  ...below("stay/document", {
    kind: "stay.document-kind",
    number: "stay.document-number",
    issuer: "stay.document-issuer",
    expires_on: "stay.document-expires",
    visa_number: "stay.visa-number",
    permit_number: "stay.permit-number",
  }),
  ...below("stay/visa", {
    class: "stay.visa-class",
    expires_on: "stay.visa-expires",
    entered_on: "stay.visa-entered",
  }),
  ...below("stay/work", {
    employer: "stay.employer",
    employer_licence: "stay.employer-licence",
    position: "stay.position",
    "contract/written": "stay.contract",
    "contract/copy_held_by_worker": "stay.contract-copy",
    "contract/ends_on": "stay.contract-ends",
    "permit/state": "stay.permit",
    "permit/year": "stay.permit-year",
  }),
  ...below("stay/contact", {
    phone: "stay.contact-phone",
    other: "stay.contact-other",
    arranged_by: "stay.arranged-by",
  }),
  "departure/left_on": "departure.when",
  "departure/reason": "departure.reason",
  "departure/destination": "departure.destination",
  "withdrawal/reason": "withdrawal.why",
  "pledge/capacity": "premises.capacity",
  "pledge/read_aloud": "pledge.read-aloud",
  "pledge/signed_place": "pledge.signed-place",
  "pledge/identity/typed_name": "pledge.typed-name",
  "pledge/identity/witness": "pledge.witness",
  "review/reasons": "review.return-why",
  "review/remarks": "review.remarks",
};

function below(path: string, names: Labels): Labels {
  return Object.fromEntries(Object.entries(names).map(([name, key]) => [`${path}/${name}`, key]));
}

/** One detail as its form calls it; `n` counts the rows of a list from 1. */
type Called = { readonly keys: readonly TextKey[]; readonly n: number };

/** The headings and the label over a refused detail, the outermost first; none where no form asks for it. */
export function calledInForm(kind: string, pointer: string): Called {
  const steps = pointer
    .replace(/^\/(body|disclosures)(?=\/)/, "")
    .split("/")
    .slice(1);
  const names = [kind, ...steps.map((step) => (/^\d+$/.test(step) ? "#" : step))];
  const keys = names.flatMap((_, at) => labels[names.slice(0, at + 1).join("/")] ?? []);
  return { keys, n: 1 + Number(steps.find((step) => /^\d+$/.test(step)) ?? 0) };
}

/** The same in the words of a language; empty where no form asks for it. */
export function nameInForm(kind: string, pointer: string, inWords: typeof t): string {
  const { keys, n } = calledInForm(kind, pointer);
  return keys.map((key) => inWords(key, { n })).join(" · ");
}
