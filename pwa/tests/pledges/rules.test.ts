import { expect, test } from "vitest";
import { findText, listExceptions, readSignature, wordingOf } from "../../src/pledges/rules.ts";
import { makeEntry } from "../makers.ts";

const language = {
  title: "T",
  preamble: "",
  clauses: [
    { n: 1, text: "a" },
    { n: 10, text: "b" },
  ],
  closing: "",
  hash: "h",
};
const text = { id: "short", version: "1", status: "draft", approved_on: null, languages: { km: language } };
const wording = { ...language, language: "km" };
const today = "2026-03-02";

test("no clause may be left out and a name is typed", () => {
  const read = readSignature({ "agree.1": "yes", capacity: "owner" }, wording, "TEST DATA");
  expect(read.ok ? [] : read.errors).toEqual([
    { field: "agree.10", key: "pledge.missing-clauses", values: { clauses: "10" } },
    { field: "typed_name", key: "problem.form.name" },
  ]);
});

test("a signature names every clause by its number", () => {
  const answers = {
    "agree.1": "yes",
    "agree.10": "yes",
    capacity: "manager",
    typed_name: "TEST DATA Two",
    read_aloud: "yes",
  };
  const read = readSignature(answers, wording, "TEST DATA One");
  expect(read).toEqual({
    ok: true,
    value: {
      clauses: [1, 10],
      capacity: "manager",
      read_aloud: true,
      identity: { signer: "TEST DATA One", typed_name: "TEST DATA Two" },
    },
  });
});

test("what was declared never blocks a signature: it stands as an exception", () => {
  const body = {
    role: "works",
    document_missing: "lost",
    document_holder: "employer",
    visa: { class: "E", expires_on: "2026-03-01" },
    work: { contract: { written: "no" }, permit: { state: "none" } },
  };
  expect(listExceptions([makeEntry({ body })], today)[0]?.why).toEqual([
    "no-document",
    "visa-expired",
    "held-by-another",
    "no-contract",
    "no-permit",
  ]);
});

test("a visa is valid on its last day, and somebody without anything to say is no exception", () => {
  const body = { role: "lives", document_holder: "person", visa: { class: "T", expires_on: today } };
  expect(listExceptions([makeEntry({ body })], today)).toEqual([]);
});

test("a text without the reader's language is shown in Khmer, and says so", () => {
  expect(wordingOf(text, "zh")?.language).toBe("km");
});

test("the newest version of a text is signed", () => {
  expect(findText([text, { ...text, version: "2" }], "short")?.version).toBe("2");
  expect(findText([text], "long")).toBeUndefined();
});
