import { expect, test } from "vitest";
import {
  findSigned,
  findText,
  listExceptions,
  listSignedExceptions,
  readSignature,
  tickedElsewhere,
  wordingOf,
} from "../../src/pledges/rules.ts";
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
const wording = { ...language, language: "km" } as const;
const today = "2026-03-02";

test("no clause may be left out and a name is typed", () => {
  const read = readSignature({ "agree.km.1": "yes", capacity: "owner" }, wording, "TEST DATA");
  expect(read.ok ? [] : read.errors).toEqual([
    { field: "agree.km.10", key: "pledge.missing-clauses", values: { clauses: "10" } },
    { field: "typed_name", key: "problem.form.name" },
  ]);
});

test("a signature names every clause by its number", () => {
  const answers = {
    "agree.km.1": "yes",
    "agree.km.10": "yes",
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

test("a tick stands for the words beside it: after a switch of language it counts for nothing", () => {
  const both = { ...text, languages: { km: language, zh: { ...language, hash: "z" } } };
  const chinese = { ...language, hash: "z", language: "zh" } as const;
  const answers = { "agree.km.1": "yes", "agree.km.10": "yes", capacity: "owner", typed_name: "TEST DATA" };
  const read = readSignature(answers, chinese, "TEST DATA");
  expect(read.ok ? [] : read.errors.map(({ values }) => values?.["clauses"])).toEqual(["1, 10"]);
  expect(tickedElsewhere(both, answers, chinese)).toBe("km");
  expect(tickedElsewhere(both, answers, wording)).toBeUndefined();
  expect(readSignature(answers, wording, "TEST DATA").ok).toBe(true);
});

test("a signed pledge is read with the very words that were signed, or with none", () => {
  const newer = { ...text, version: "2", languages: { km: { ...language, hash: "other" } } };
  const body = { text_id: "short", version: "1", language: "km", text_hash: "h" };
  expect(findSigned([text, newer], { body })?.wording.hash).toBe("h");
  expect(findSigned([newer], { body })).toBeUndefined();
  expect(findSigned([text], { body: { ...body, text_hash: "forged" } })).toBeUndefined();
});

test("who stood as an exception stays named, also when the papers are in order now or the entry is not here", () => {
  const stay = makeEntry({ body: {} });
  const body = { exceptions: [stay.id, "somebody"] };
  const { excepted, unknown_count } = listSignedExceptions({ body }, new Map([[stay.id, stay]]), today);
  expect(excepted).toEqual([{ stay, why: [] }]);
  expect(unknown_count).toBe(1);
});
