// Runs in a real browser for `tests/vectors/make_chromium.py`: signs documents with the very code of the app, so that
// Python can say whether it reads a browser's bytes. Names and numbers are TEST DATA.
import { composeDocument, type NewDocument } from "../src/sync/document.ts";
import { createDeviceKey } from "../src/sync/key.ts";
import type { Anchor } from "../src/sync/messages.ts";

const log = "psh-p-preah-sihanouk";
const place = "psh-c-sangkat-4";
const madeAt = Date.UTC(2022, 8, 20, 3, 11, 5, 123);
const premisesId = "01835a10-7b21-7c00-8b00-000000000001";
const stayId = "01835a10-7b21-7c00-8b00-000000000002";
const correctionId = "01835a10-7b21-7c00-8b00-000000000003";
const orderId = "01835a10-7b21-7c00-8b00-000000000009";
const identity = { primary: "TESTDATA", secondary: "ONE", native: "ឈ្មោះសាកល្បង", born_on: "1990-05" };
const document = { kind: "passport", number: "X0000000", issuer: "UTO", expires_on: "2030-01-01" };
const anchor: Anchor = {
  pos: 41,
  chain: "4eNCT1Rok709pFdGjhGqYARa36lS1XuzX3JOpaqK1eQ",
  at: "2022-09-20T03:12:00.000Z",
};

type Case = NewDocument & { readonly name: string; readonly anchor?: Anchor };

/** The place in the file is the place in the phone's count, so a new case goes to the end. */
function listCases(): readonly Case[] {
  return [...listDeclared(), ...listAnswers(), ...listEdges()];
}

/** A place and a person, and what is corrected. */
function listDeclared(): readonly Case[] {
  const stay = {
    premises_id: premisesId,
    nationality: "unknown",
    sex: "X",
    role: "lives",
    arrived_on: "2022-09-01",
  };
  return [
    a(
      "premises in Khmer",
      "premises",
      { names: { km: "ផ្ទះជួលសាកល្បង", zh: "测试出租屋" }, rooms_count: 24 },
      {
        id: premisesId,
        disclosures: { contact: { owner: { name: "ឈ្មោះសាកល្បង", phone: "012000000" } } },
      },
    ),
    a("a stay with two disclosures", "stay", stay, { id: stayId, disclosures: { identity, document } }),
    a(
      "a correction with an anchor",
      "stay",
      { sex: "F" },
      { id: correctionId, entity: stayId, base: stayId, anchor },
    ),
  ];
}

/** What is said about entries that stand already. */
function listAnswers(): readonly Case[] {
  return [
    a(
      "a departure",
      "departure",
      { left_on: "2022-09-19", reason: "unknown" },
      { entity: stayId, base: correctionId },
    ),
    a(
      "a review that resolves another",
      "review",
      { verdict: "return", reasons: ["date_missing"] },
      {
        entity: stayId,
        base: stayId,
        resolves: [correctionId],
        disclosures: { remarks: { text: "បន្ទប់ ២០៤ · 二楼 · “ok” 🏠" } },
      },
    ),
    a("a declaration that counts what is still on the way", "declaration", {
      premises_id: premisesId,
      order_id: orderId,
      count: 1,
      stays: [stayId],
    }),
  ];
}

/** Signs and numbers of which writers of JSON make different bytes. */
function listEdges(): readonly Case[] {
  return [
    a("quotes, backslashes, line separators and a byte order mark", "stay", {
      text: '"\\/\b\n\u2028\u2029\uFEFF\u0000é',
    }),
    a("numbers at the edge", "premises", {
      most: 2 ** 53 - 1,
      least: -(2 ** 53 - 1),
      pin: { lat: 10.627543, lon: 103.5221, accuracy_m: 1e-7 },
    }),
  ];
}

function a(name: string, kind: string, body: NewDocument["body"], given: Partial<Case> = {}): Case {
  return { name, kind, log, place, body, ...given };
}

/** The content of `documents-chromium.json`. */
export async function signDocuments() {
  const key = await createDeviceKey();
  const items = await Promise.all(
    listCases().map(async ({ name, anchor: last = null, ...given }, at) => {
      const { item, payload, hash } = await composeDocument(given, {
        key,
        seq: at + 1,
        anchor: last,
        now: madeAt,
      });
      return { name, id: payload.id, hash, item };
    }),
  );
  const [first] = items;
  const forged = first && {
    ...first.item,
    payload: first.item.payload.replace('"rooms_count":24', '"rooms_count":25'),
  };
  return {
    jwk_public: key.jwk,
    items,
    negative: [{ name: "a changed payload", item: forged, problem: "bad-signature" }],
  };
}
