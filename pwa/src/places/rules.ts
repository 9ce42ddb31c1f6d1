// Places for the picker: districts with their communes, and names in the reader's script.

export type Place = {
  readonly place_id: string;
  readonly level: string;
  readonly parent: string | null;
  readonly type_km?: string;
  readonly type_latin?: string;
  readonly name_km: string;
  readonly name_latin: string;
};

export type District = { readonly district: Place; readonly communes: readonly Place[] };

export function listDistricts(places: readonly Place[]): readonly District[] {
  return places
    .filter(({ level }) => level === "district")
    .map((district) => ({ district, communes: places.filter(({ parent }) => parent === district.place_id) }))
    .filter(({ communes }) => communes.length > 0);
}

/** "សង្កាត់លេខ៤" for readers of Khmer, "Sangkat 4" for all others. */
export function placeName(place: Place | undefined, language: string): string {
  if (!place) return "";
  const { type_km = "", name_km, type_latin = "", name_latin } = place;
  if (language === "km") return name_km.startsWith(type_km) ? name_km : `${type_km}${name_km}`;
  return name_latin.startsWith(type_latin) ? name_latin : `${type_latin} ${name_latin}`;
}
