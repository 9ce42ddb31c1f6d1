import { expect, test } from "vitest";
import { listDistricts, nameFor, placeName } from "../../src/places/rules.ts";

const district = {
  place_id: "d",
  level: "district",
  parent: "p",
  type_km: "ក្រុង",
  type_latin: "Krong",
  name_km: "ព្រះសីហនុ",
  name_latin: "Preah Sihanouk",
};
const commune = {
  place_id: "c",
  level: "commune",
  parent: "d",
  type_km: "សង្កាត់",
  type_latin: "Sangkat",
  name_km: "សង្កាត់លេខ៤",
  name_latin: "Sangkat Lekh Buon (4)",
};
const empty = { ...district, place_id: "e" };

test("communes stand under their district, and a district without communes is not offered", () => {
  const districts = listDistricts([district, empty, commune]);
  expect(districts.map(({ district: one, communes }) => [one.place_id, communes.length])).toEqual([["d", 1]]);
});

test("a place is named with its type once, in the reader's script", () => {
  expect(placeName(district, "km")).toBe("ក្រុងព្រះសីហនុ");
  expect(placeName(district, "zh")).toBe("ក្រុងព្រះសីហនុ · Krong Preah Sihanouk");
  expect(placeName(commune, "km")).toBe("សង្កាត់លេខ៤");
  expect(placeName(commune, "en")).toBe("Sangkat Lekh Buon (4)");
});

test("where nobody has named a thing in Chinese, it is called as on signs and maps", () => {
  expect(nameFor("zh", { km: "ខេត្ត", en: "Khaet", zh: null })).toBe("ខេត្ត · Khaet");
  expect(nameFor("zh", { km: "TEST DATA", en: "TEST DATA", zh: null })).toBe("TEST DATA");
  expect(nameFor("zh", { km: "ខេត្ត", en: "Khaet", zh: "省" })).toBe("省");
});
