import { expect, test } from "vitest";
import { findTextFault } from "../../src/facts/values.ts";
import { newStayAnswers, stayAnswers } from "../../src/stays/answers.ts";
import { listGaps } from "../../src/stays/gaps.ts";
import { nameOf } from "../../src/stays/name.ts";
import { mayBeMinor, readStay } from "../../src/stays/rules.ts";
import { dateAnswers } from "../../src/ui/answers.ts";
import { makeEntry, premisesId } from "../makers.ts";

const today = "2026-03-02";
const full = {
  primary: "Test data",
  secondary: "one",
  nationality: "VNM",
  sex: "F",
  papers: "shown",
  document_number: "t1234567",
  document_holder: "person",
  role: "both",
  unit: "7",
  visa_class: "EB",
  ...dateAnswers("born_on", "1990"),
  ...dateAnswers("arrived_on", "2026-02-20"),
  ...dateAnswers("visa_expires_on", "2026-12-31"),
  employer: "TEST DATA Company",
  contract_written: "yes",
  permit_state: "valid",
  permit_year: "2026",
  slip_language: "vi",
  previous_premises_id: premisesId,
};

const texts = [
  ...["primary", "secondary", "native", "guardian", "unit", "employer", "employer_licence", "position"],
  ...["document_number", "visa_number", "permit_number", "other", "arranged_by"],
];

function said(answers: Parameters<typeof readStay>[0]) {
  const read = readStay(answers, today);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return read.value;
}

test("nobody is entered without a name and a nationality, or saying that they are not known", () => {
  const read = readStay({}, today);
  expect(read.ok ? [] : read.errors.map(({ field }) => field)).toEqual(["primary", "nationality"]);
  expect(readStay({ name_unknown: "yes", nationality: "unknown" }, today).ok).toBe(true);
});

test("nobody arrives tomorrow", () => {
  const read = readStay({ ...full, ...dateAnswers("arrived_on", "2026-03-03") }, today);
  expect(read.ok ? [] : read.errors).toEqual([{ field: "arrived_on", key: "problem.form.future" }]);
});

test("nobody arrives after the departure that this phone knows of", () => {
  const arriving = { ...full, ...dateAnswers("arrived_on", "2026-02-20") };
  const read = readStay(arriving, today, "2026-02-19");
  const key = "problem.stay.departed-before-arrival";
  expect(read.ok ? [] : read.errors).toEqual([{ field: "arrived_on", key }]);
  for (const left_on of ["2026-02-20", "unknown"]) expect(readStay(arriving, today, left_on).ok).toBe(true);
});

test("nothing invisible is sent that the register refuses, and remarks keep their lines", () => {
  const typed = Object.fromEntries(texts.map((name) => [name, "A\u202eB\tC\u2028D\ufffe\u0007"]));
  const { body, disclosures } = said({
    ...full,
    ...typed,
    permit_year: "",
    remarks: "one\r\ntwo\u202c\tthree",
  });
  const { remarks, ...others } = disclosures;
  expect(remarks?.text).toBe("one\ntwo three");
  const sent = JSON.stringify([body, others]);
  expect(sent.match(/AB C D/g)).toHaveLength(texts.length);
  expect(findTextFault(sent)).toBeNull();
});

test("a telephone number is one, whatever stands invisibly around it", () => {
  const { disclosures } = said({ ...full, phone: "\u202a\u200e+855\u00a012 345\u200f 678\u202c" });
  expect(disclosures.contact?.phone).toBe("+85512345678");
});

test("capitals are in the one normal form too", () => {
  const { disclosures } = said({ ...full, primary: "Μα\u0390ου" });
  expect(disclosures.identity.primary).toBe("ΜΑ\u03aa\u0301ΟΥ");
});

test("an expired visa is recorded like any other", () => {
  const { body } = said({ ...full, ...dateAnswers("visa_expires_on", "2020-01-01") });
  expect(body).toMatchObject({ visa: { class: "EB", expires_on: "2020-01-01" } });
});

test("a complete form becomes the body of the register", () => {
  expect(said(full)).toEqual({
    body: {
      nationality: "VNM",
      sex: "F",
      role: "both",
      unit: "7",
      arrived_on: "2026-02-20",
      document_holder: "person",
      visa: { class: "EB", expires_on: "2026-12-31" },
      work: {
        employer: "TEST DATA Company",
        contract: { written: "yes" },
        permit: { state: "valid", year: 2026 },
      },
      previous_premises_id: premisesId,
      slip_language: "vi",
      entry_method: "manual",
    },
    disclosures: {
      identity: { primary: "TEST DATA", secondary: "ONE", born_on: "1990" },
      document: { kind: "passport", number: "T1234567", issuer: "VNM" },
    },
  });
});

test("what is left open is unknown, and said to be", () => {
  const { body, disclosures } = said({ primary: "TEST", nationality: "VNM" });
  expect(body).toMatchObject({
    sex: "unknown",
    role: "unknown",
    arrived_on: "unknown",
    document_holder: "unknown",
  });
  expect(listGaps({ ...body, ...disclosures })).toEqual([
    "sex",
    "born_on",
    "holder",
    "role",
    "arrived_on",
    "visa-class",
  ]);
});

test("a person without papers has a reason instead of a document", () => {
  const { body, disclosures } = said({ ...full, papers: "missing", document_missing: "lost" });
  expect(body.document_missing).toBe("lost");
  expect(disclosures.document).toBeUndefined();
});

test("work is said only of those who work", () => {
  expect(said({ ...full, role: "lives" }).body.work).toBeUndefined();
});

test("what an entry says can be said again by its own answers", () => {
  const { body, disclosures } = said(full);
  expect(said(stayAnswers(makeEntry({ body: { ...body, ...disclosures } })))).toEqual({ body, disclosures });
});

test("a masked number is not offered as an answer", () => {
  const answers = stayAnswers(
    makeEntry({ body: { document: { kind: "passport", number: "•••••567", issuer: "VNM" } } }),
  );
  expect(answers["document_number"]).toBe("");
});

test("the next worker begins with the last one's employer", () => {
  const { body } = said(full);
  const last = makeEntry({ body: { ...body, premises_id: premisesId } });
  expect(newStayAnswers([last], premisesId, "8")).toMatchObject({ unit: "8", employer: "TEST DATA Company" });
  expect(newStayAnswers([last], "another", "8")["employer"]).toBeUndefined();
});

test("a person is under age until the eighteenth birthday is certain", () => {
  expect(mayBeMinor("2008-03-02", today)).toBe(false);
  expect(mayBeMinor("2008-03-03", today)).toBe(true);
  expect(mayBeMinor("2008", today)).toBe(true);
  expect(mayBeMinor("unknown", today)).toBe(false);
});

test("a name is shown as in the passport, else in the person's own script", () => {
  expect(nameOf({ body: { identity: { primary: "TEST", secondary: "" } } })).toBe("TEST");
  expect(nameOf({ body: { identity: { native: "测试" } } })).toBe("测试");
});

test("numbers in Khmer or full-width digits are the same numbers", () => {
  const { body, disclosures } = said({
    ...full,
    document_number: "t១២៣４５６７",
    visa_number: "ក១២",
    permit_number: "៧៨",
    permit_year: "២០២៦",
    employer_licence: "៤២",
    unit: "១២ក",
    phone: "០១២ ៣៤៥ ៦៧៨",
    "born_on.year": "១៩៩០",
    "arrived_on.day": "២០",
    "visa_expires_on.year": "២០២៧",
  });
  expect(disclosures.document).toMatchObject({ number: "T1234567", visa_number: "ក12", permit_number: "78" });
  expect(disclosures.contact).toEqual({ phone: "+85512345678" });
  expect(disclosures.identity.born_on).toBe("1990");
  expect(body).toMatchObject({ unit: "12ក", arrived_on: "2026-02-20", visa: { expires_on: "2027-12-31" } });
  expect(body.work).toMatchObject({ employer_licence: "42", permit: { year: 2026 } });
});

test("a telephone number of no country is kept as it was said", () => {
  expect(said({ ...full, phone: "ext. ១២" }).disclosures.contact).toEqual({ phone: "ext. 12" });
});
