// Places for the picker: districts with their communes, and names in the reader's script.
import type { Place } from "../sync/database.ts";

export type District = { readonly district: Place; readonly communes: readonly Place[] };

export function listDistricts(places: readonly Place[]): readonly District[] {
  return places
    .filter(({ level }) => level === "district")
    .map((district) => ({ district, communes: places.filter(({ parent }) => parent === district.place_id) }))
    .filter(({ communes }) => communes.length > 0);
}

/** "សង្កាត់លេខ៤" for readers of Khmer, "Sangkat Lek 4" for readers of Latin letters. */
export function placeName(place: Place | undefined, language: string): string {
  if (!place) return "";
  const { type_km = "", name_km, type_latin = "", name_latin } = place;
  return nameFor(language, {
    km: name_km.startsWith(type_km) ? name_km : `${type_km}${name_km}`,
    en: name_latin.startsWith(type_latin) ? name_latin : `${type_latin} ${name_latin}`,
  });
}

/** A name in the reader's language; without one, what signs and maps show: Khmer and Latin, nothing made up. */
export function nameFor(language: string, names: Readonly<Record<string, string | null>>): string {
  return names[language] || [...new Set([names["km"], names["en"]])].filter(Boolean).join(" · ");
}
