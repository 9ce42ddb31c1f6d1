import { expect, test } from "vitest";
import { premisesName } from "../../src/premises/name.ts";
import { premisesAnswers, readPremises, withoutLicence } from "../../src/premises/rules.ts";

const least = { place: "psh-c-sangkat-4", kind: "rental_house", capacity: "owner" };

test("a place needs its kind, its commune and who speaks for it", () => {
  const read = readPremises({});
  expect(read.ok ? [] : read.errors.map(({ field }) => field)).toEqual(["kind", "place", "capacity"]);
});

test("what is left empty is left out", () => {
  const read = readPremises({ ...least, village: "  " });
  expect(read).toEqual({
    ok: true,
    value: {
      place: "psh-c-sangkat-4",
      body: { names: {}, kind: "rental_house", capacity: "owner" },
      contact: {},
    },
  });
});

test("nothing invisible is sent of a place that the register refuses", () => {
  const named = {
    name_km: "\u2066ផ្ទះ\u2069",
    name_latin: "TEST\tDATA",
    village: "A\u202eB",
    name_zh: "\u200b",
  };
  const read = readPremises({ ...least, ...named, "owner.name": "TEST\u2028DATA" });
  expect(read.ok && [read.value.body, read.value.contact]).toEqual([
    { names: { km: "ផ្ទះ", latin: "TEST DATA" }, kind: "rental_house", capacity: "owner", village: "AB" },
    { owner: { name: "TEST DATA" } },
  ]);
});

test("what an entry says can be said again by its own answers", () => {
  const answers = {
    ...least,
    name_km: "ផ្ទះ",
    name_latin: "TEST DATA House",
    rooms_count: "24",
    pin: "10.609000 103.529000 12",
    "operator.name": "TEST DATA Operator",
    "operator.phone": "012 345 678",
    licences: "1",
    "licence.0.kind": "guesthouse",
    "licence.0.number": "7",
    "licence.0.expires_on.year": "2026",
    "licence.0.expires_on.month": "12",
    "licence.0.expires_on.day": "31",
  };
  const read = readPremises(answers);
  if (!read.ok) throw new Error("refused");
  const { body, contact, place } = read.value;
  expect(body).toMatchObject({
    rooms_count: 24,
    pin: { lat: 10.609, lon: 103.529, accuracy_m: 12 },
    licences: [{ kind: "guesthouse", number: "7", authority: "unknown", expires_on: "2026-12-31" }],
  });
  expect(contact).toEqual({ operator: { name: "TEST DATA Operator", phone: "+85512345678" } });
  const again = readPremises(premisesAnswers({ place, body: { ...body, contact } }));
  expect(again).toEqual(read);
});

test("a place is called by the name that its reader can read", () => {
  const body = { names: { km: "ផ្ទះ", latin: "House" } };
  expect(premisesName(body, "km")).toBe("ផ្ទះ");
  expect(premisesName(body, "zh")).toBe("House");
  expect(premisesName({ landmark: "market" }, "en")).toBe("market");
  expect(premisesName({}, "en")).toBe("");
});

test("a licence that goes leaves no empty row, and those after it keep all they say", () => {
  const licences = ["1", "2", "3"].map((number) => ({ kind: "hotel", number, authority: "TEST DATA" }));
  const dated = licences.map((licence, at) =>
    at === 2 ? { ...licence, expires_on: "2027-01-31" } : licence,
  );
  const answers = premisesAnswers({ place: least.place, body: { ...least, licences: dated } });
  const left = { ...answers, ...withoutLicence(answers, 1) };
  const read = readPremises(left);
  expect(read.ok && read.value.body.licences).toEqual([dated[0], dated[2]]);
  const none = { ...left, ...withoutLicence({ ...left, ...withoutLicence(left, 0) }, 0) };
  const emptied = readPremises(none);
  expect(emptied.ok && "licences" in emptied.value.body).toBe(false);
});

test("numbers of licences in Khmer digits are the same numbers", () => {
  const read = readPremises({
    ...least,
    rooms_count: "២៤",
    fpcs_reference: "F-១",
    licences: "1",
    "licence.0.number": "៧",
    "licence.0.authority": "ក្រុង ១",
    "licence.0.expires_on.year": "២០២៦",
    "licence.0.expires_on.month": "១២",
    "licence.0.expires_on.day": "៣១",
  });
  const licences = [{ kind: "unknown", number: "7", authority: "ក្រុង ១", expires_on: "2026-12-31" }];
  expect(read.ok && read.value.body).toMatchObject({ rooms_count: 24, fpcs_reference: "F-1", licences });
});
