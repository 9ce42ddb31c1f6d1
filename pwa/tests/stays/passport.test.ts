import { expect, test } from "vitest";
import { readZone, zoneAnswers } from "../../src/stays/passport.ts";

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
