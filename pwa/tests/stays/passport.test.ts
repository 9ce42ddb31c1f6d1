import { expect, test } from "vitest";
import { failingInWords, readZone, zoneAnswers } from "../../src/stays/passport.ts";
import en from "../../src/text/en.json";

const first = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
const second = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
const options = { today: "2022-09-24", specimens: true };

function read(text: string, answers = {}) {
  const zone = readZone(text, answers, options);
  if (zone?.reading !== "zone") throw new Error(`not read: ${JSON.stringify(zone)}`);
  return zone;
}

test("nothing typed is nothing read", () => {
  expect(readZone("  ", {}, options)).toBeNull();
});

test("half a line says what is missing", () => {
  expect(readZone(second.slice(0, 30), {}, options)).toEqual({ reading: "none", code: "length" });
});

test.each(["hello", "abc", "7".repeat(44), first])("%s is no zone, and that is said", (text) => {
  expect(readZone(text, {}, options)).toEqual({ reading: "none", code: "length" });
});

test.each(["ជំរាបសួរ", "SOK-DARA", `${first}\n${second.replace("L", "é")}`])(
  "%s holds what stands in no line, and that is said",
  (text) => {
    expect(readZone(text, {}, options)).toEqual({ reading: "none", code: "characters" });
  },
);

test("marks without width are in the way of neither line", () => {
  expect(read(`\u202a${second}\u202c`).failing).toEqual([]);
  expect(read(`\u200e${first.replace("<<", "«")}\n${second}\u200f`).failing).toEqual([]);
});

test("what does not hold is named once, however many digits say so", () => {
  const zone = read(`${first}\n${second.replace("7408122", "7499122").replace("1204159", "1299159")}`);
  expect(zone.failing).toEqual(
    expect.arrayContaining(["birth_check", "birth_date", "expiry_check", "expiry_date"]),
  );
  const words = failingInWords(zone, (part) => en[`mrz-part.${part}`]);
  expect(words).toBe("date of birth, date of expiry, the last number of line 2");
});

test("a specimen is no passport outside of tests", () => {
  expect(readZone(`${first}\n${second}`, {}, { today: options.today })).toEqual({
    reading: "none",
    code: "specimen",
  });
});

test("both lines fill the form", () => {
  expect(zoneAnswers(read(`${first}\n${second}`))).toMatchObject({
    primary: "ERIKSSON",
    secondary: "ANNA MARIA",
    nationality: "UTO",
    sex: "F",
    "born_on.year": "1974",
    "born_on.month": "8",
    "born_on.day": "12",
    document_number: "L898902C3",
    document_issuer: "UTO",
    "document_expires_on.year": "2012",
    entry_method: "mrz_typed",
  });
});

test("the second line alone leaves the typed name and gives everything else", () => {
  const answers = zoneAnswers(read(second, { primary: "Eriksson", secondary: "Anna Maria" }));
  expect(answers).toMatchObject({ primary: "ERIKSSON", document_number: "L898902C3" });
  expect(answers["document_issuer"]).toBeUndefined();
});

test("a mistyped digit is named, and the fields are filled all the same", () => {
  const zone = read(`${first}\n${second.replace("7408122", "7408132")}`);
  expect(zone.failing).toContain("birth_check");
});

test("the optional data of a passport goes nowhere", () => {
  expect(JSON.stringify(zoneAnswers(read(`${first}\n${second}`)))).not.toContain("ZE184226");
});
