// What documents of this slice say, written from api/premises/records.py: python -m tests.schema.generate

export type PremisesKind =
  | "rental_house"
  | "room_rental"
  | "guesthouse"
  | "hotel"
  | "condominium"
  | "apartment"
  | "dormitory"
  | "casino"
  | "entertainment"
  | "office"
  | "factory"
  | "construction_site"
  | "shop"
  | "restaurant"
  | "farm"
  | "economic_zone"
  | "school"
  | "clinic"
  | "religious"
  | "other";

export type Capacity = "owner" | "manager" | "operator" | "representative";

/** What the building is called in up to three scripts; none is required. */
export type PremisesNames = {
  readonly km?: string;
  readonly latin?: string;
  readonly zh?: string;
};

/** Where it stands: degrees (WGS 84) and the accuracy that the phone reported, in metres. */
export type Pin = {
  readonly lat: number;
  readonly lon: number;
  readonly accuracy_m: number;
};

/** A licence of the business at the premises. */
export type Licence = {
  readonly kind: string;
  readonly number: string;
  readonly authority: string;
  readonly expires_on?: string;
};

/** A building or part of it where foreigners may live or work. */
export type Premises = {
  readonly names?: PremisesNames;
  readonly aliases?: readonly string[];
  readonly kind: PremisesKind;
  readonly village?: string;
  readonly address?: string;
  readonly landmark?: string;
  readonly pin?: Pin | "unknown";
  readonly rooms_count?: number | "unknown";
  readonly beds_count?: number | "unknown";
  readonly capacity: Capacity;
  readonly licences?: readonly Licence[];
  readonly fpcs_reference?: string;
  readonly photo?: string;
  readonly contact?: string;
};

/** A person or company that answers for premises. */
export type Party = {
  readonly name: string;
  readonly native_name?: string;
  readonly phone?: string;
  readonly language?: "km" | "en" | "zh" | "vi" | "th";
  readonly document?: string;
};

/** Who owns, runs and manages the premises; disclosed beside the signature. */
export type PremisesContact = {
  readonly owner?: Party | "unknown";
  readonly operator?: Party | "unknown";
  readonly manager?: Party | "unknown";
};
