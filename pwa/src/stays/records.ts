// What documents of this slice say, written from api/stays/records.py: python -m tests.schema.generate

export type VisaClass = "T" | "E" | "EB" | "EG" | "ER" | "ES" | "K" | "A" | "B" | "C" | "exempt" | "none" | "unknown";

export type DocumentHolder =
  | "person"
  | "owner"
  | "manager"
  | "employer"
  | "agent"
  | "authority"
  | "embassy"
  | "unknown";

export type StayRole = "lives" | "works" | "both" | "visitor" | "dependant" | "unknown";

export type EntryMethod = "mrz_scan" | "mrz_typed" | "manual" | "import" | "officer";

export type DepartureReason =
  | "left_country"
  | "moved_in_province"
  | "moved_elsewhere"
  | "taken_by_authority"
  | "hospital"
  | "died"
  | "never_arrived"
  | "unknown";

/** The visa as shown; no class is a verdict. */
export type Visa = {
  readonly class: VisaClass;
  readonly expires_on?: string;
  readonly entered_on?: string;
};

/** What can be observed of a work contract. */
export type Contract = {
  readonly written: "yes" | "no" | "unknown";
  readonly languages?: readonly string[];
  readonly copy_held_by_worker?: "yes" | "no" | "unknown";
  readonly starts_on?: string;
  readonly ends_on?: string;
};

/** The yearly work permit. */
export type WorkPermit = {
  readonly state: "none" | "applied" | "valid" | "expired" | "unknown";
  readonly year?: number | "unknown";
};

/** Who employs the person and on what papers; the employer may differ from the owner. */
export type Work = {
  readonly employer: string;
  readonly employer_licence?: string;
  readonly position?: string;
  readonly contract?: Contract | "unknown";
  readonly permit?: WorkPermit | "unknown";
};

/** What the phone found when it read the machine-readable zone; never the zone itself. */
export type MrzChecks = {
  readonly failing?: readonly string[];
  readonly repaired?: boolean;
};

/** One person at one premises. */
export type Stay = {
  readonly premises_id: string;
  readonly nationality: string;
  readonly sex: "M" | "F" | "X" | "unknown";
  readonly role: StayRole;
  readonly unit?: string;
  readonly arrived_on: string;
  readonly expected_departure_on?: string;
  readonly document_holder: DocumentHolder;
  readonly document_missing?: string;
  readonly visa: Visa | "unknown";
  readonly work?: Work | "unknown";
  readonly previous_premises_id?: string;
  readonly slip_language?: string;
  readonly entry_method: EntryMethod;
  readonly mrz?: MrzChecks;
  readonly identity: string;
  readonly document?: string;
  readonly contact?: string;
  readonly remarks?: string;
};

/** Names as in the passport; either may be empty, the birth date partial or unknown. */
export type Identity = {
  readonly primary: string;
  readonly secondary: string;
  readonly born_on: string;
  readonly printed?: string;
  readonly native?: string;
  readonly guardian?: string;
};

/** The paper that was shown; only its last three characters are read back. */
export type TravelDocument = {
  readonly kind: string;
  readonly number: string;
  readonly issuer: string;
  readonly expires_on?: string;
  readonly visa_number?: string;
  readonly permit_number?: string;
};

/** How to reach the person, and who arranged the stay. */
export type StayContact = {
  readonly phone?: string;
  readonly other?: string;
  readonly arranged_by?: string;
};

/** Free text. */
export type Remarks = {
  readonly text: string;
};

/** The person left; a later correction never reopens the stay. */
export type Departure = {
  readonly left_on: string;
  readonly reason: DepartureReason;
  readonly destination?: string;
};
