import { expect, test } from "vitest";
import { calledInForm } from "../../src/ledger/refused-fields.ts";

test.each([
  ["account", "/disclosures/contact/name", ["first.name"]],
  ["premises", "/body/names/km", ["premises.name-km"]],
  ["premises", "/body/village", ["premises.village"]],
  ["premises", "/place", ["premises.commune"]],
  ["premises", "/disclosures/contact/owner/name", ["premises.owner", "party.name"]],
  ["stay", "/disclosures/identity/primary", ["stay.primary"]],
  ["stay", "/disclosures/remarks/text", ["stay.remarks"]],
  ["stay", "/body/work/permit/year", ["stay.permit-year"]],
  ["departure", "/body/left_on", ["departure.when"]],
  ["pledge", "/disclosures/identity/typed_name", ["pledge.typed-name"]],
  ["review", "/body/reasons/0", ["review.return-why"]],
])("a detail of %s at %s is called as the form calls it", (kind, pointer, keys) => {
  expect(calledInForm(kind, pointer).keys).toEqual(keys);
});

test("which licence it is counts from one", () => {
  const called = calledInForm("premises", "/body/licences/2/number");
  expect(called).toEqual({ keys: ["premises.licence-n", "licence.number"], n: 3 });
});

test.each(["/body/stays/0", "/body", "", "/signature", "/body/constructor", "/body/q/km"])(
  "%s, for which no form asks, has no name",
  (pointer) => {
    expect(calledInForm("stay", pointer).keys).toEqual([]);
  },
);
