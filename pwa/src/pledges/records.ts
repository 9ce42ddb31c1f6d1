// What documents of this slice say, written from api/pledges/records.py: python -m tests.schema.generate

/** A signer's pledge for premises and order; never amended, but superseded or withdrawn. */
export type Pledge = {
  readonly premises_id: string;
  readonly order_id: string;
  readonly text_id: string;
  readonly version: string;
  readonly language: "km" | "en" | "zh" | "vi" | "th";
  readonly text_hash: string;
  readonly clauses: readonly number[];
  readonly exceptions: readonly string[];
  readonly capacity: "owner" | "manager" | "operator" | "representative";
  readonly read_aloud: boolean;
  readonly unlocked_by: "pin" | "passkey" | "none";
  readonly signed_place?: string;
  readonly identity: string;
  readonly signature?: string;
};

/** Who signed; disclosed beside the signature. */
export type Signer = {
  readonly signer: string;
  readonly typed_name: string;
  readonly witness?: string;
};

/** A drawn signature as polylines in the unit square. */
export type Strokes = {
  readonly strokes: readonly (readonly (readonly [number, number])[])[];
};

/** A numbered promise. */
export type PledgeClause = {
  readonly n: number;
  readonly text: string;
};

/** The text in one language; `hash` is base64url SHA-256 of the exact text that is displayed. */
export type PledgeWording = {
  readonly title: string;
  readonly preamble: string;
  readonly clauses: readonly PledgeClause[];
  readonly closing: string;
  readonly hash: string;
};

/** A version of the pledge; DRAFT until an operator records who approved it and when. */
export type PledgeText = {
  readonly text_id: string;
  readonly version: string;
  readonly languages: Readonly<Record<string, PledgeWording>>;
  readonly approved_by?: string;
  readonly approved_on?: string;
};
