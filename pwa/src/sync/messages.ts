// What travels between phone and register, as wire.md gives it: apart because every part of sync speaks these shapes,
// and without page, worker or database so that the pure rules can use them.

/** Limits of wire.md that a phone keeps before the register has to refuse. */
export const payloadBytesMax = 64 * 1024;
export const pushItemsMax = 100;
export const pushBytesMax = 1024 * 1024;
export const haveMax = 500;
export const afterMax = 32;

export type JsonObject = { readonly [name: string]: unknown };

/** A public P-256 key (RFC 7517); receipt keys carry their id and dates. */
export type PublicJwk = {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
};
export type ReceiptKey = PublicJwk & {
  readonly kid: string;
  readonly valid_from?: string | null;
  readonly valid_until?: string | null;
};

/** A signed document as it is sent: wire.md, "Item". */
export type Item = {
  readonly protected: string;
  readonly payload: string;
  readonly signature: string;
  readonly disclosures?: Readonly<Record<string, string>>;
};

/** The last receipt that the author had seen. */
export type Anchor = { readonly pos: number; readonly chain: string; readonly at: string };

/** The signed part of a document; the body stays opaque here. */
export type Payload = {
  readonly v: number;
  readonly by: string;
  readonly kind: string;
  readonly id: string;
  readonly entity: string;
  readonly base: string | null;
  readonly resolves?: readonly string[];
  readonly after: readonly string[];
  readonly log: string;
  readonly place: string;
  readonly seq: number;
  readonly made_at: string;
  readonly anchor: Anchor | null;
  readonly body: JsonObject;
};

export type FieldError = { readonly pointer: string; readonly code: string };

/** An RFC 9457 problem; `code` has a text `problem.<code>` in every language. */
export type Problem = {
  readonly code: string;
  readonly status?: number;
  readonly errors?: readonly FieldError[];
  readonly request_id?: string;
  readonly retryable?: boolean;
  readonly details?: Readonly<Record<string, string>>;
};

export type Custody = "stored" | "duplicate" | "held" | "rejected" | "later";

/** What became of one pushed item. `retry_after` is in seconds. */
export type PushResult = {
  readonly custody: Custody;
  readonly id?: string;
  readonly hash?: string;
  readonly receipt?: string;
  readonly missing?: readonly string[];
  readonly problem?: Problem;
  readonly retry_after?: number;
};

/** What a register's receipt promises about one document. */
export type ReceiptClaims = {
  readonly v: number;
  readonly register: string;
  readonly id: string;
  readonly hash: string;
  readonly kind: string;
  readonly log: string;
  readonly pos: number;
  readonly chain: string;
  readonly received_at: string;
  readonly grade: string;
};

/** Where a log ends. */
export type HeadClaims = {
  readonly v: number;
  readonly register: string;
  readonly log: string;
  readonly pos: number;
  readonly chain: string;
  readonly at: string;
};

/** One entity as its reader may see it; the register's words, never a table row. */
export type View = {
  readonly id: string;
  readonly kind: string;
  readonly revision: string;
  readonly effect: string;
  readonly place: string;
  readonly premises_id?: string;
  /** The account that made it. */
  readonly author: string;
  readonly pos?: number;
  readonly received_at?: string;
  readonly changed_pos?: number;
  readonly body: JsonObject;
  readonly review?: Review;
  readonly branches?: readonly { readonly id: string; readonly body: JsonObject }[];
  readonly duplicate_of?: string;
  readonly superseded_by?: string;
  readonly left_on?: string;
  readonly departure_reason?: string;
  readonly withdrawal_reason?: string;
  readonly grade?: string;
  readonly author_state?: string;
  /** The short code that an officer compares with the phone of an unverified author. */
  readonly author_code?: string;
  readonly marks?: readonly { readonly code: string; readonly params?: JsonObject }[];
  /** Every document on an entry that was corrected, oldest first; a revision with its full body, unless it is long. */
  readonly history?: readonly {
    readonly id: string;
    readonly kind: string;
    readonly received_at: string;
    readonly author?: string;
    readonly grade?: string;
    readonly body?: JsonObject;
  }[];
};

export type Review = {
  readonly id: string;
  readonly verdict: string;
  readonly reasons: readonly string[];
  readonly remarks?: string;
  readonly at_pos: number;
  /** False when the entry has changed since this verdict. */
  readonly is_of_this_revision: boolean;
};

export type Change = {
  readonly log: string;
  readonly pos: number;
  readonly id: string;
  readonly kind: string;
  readonly entity: string;
  readonly effect: string;
  readonly view?: View;
};

/** One read snapshot: what changed, and where the ids in `have` stand. */
export type PullAnswer = {
  readonly cursor: string;
  readonly head: string;
  readonly more: boolean;
  readonly missing: readonly string[];
  readonly at: Readonly<Record<string, number>>;
  readonly server_time: string;
  readonly changes: readonly Change[];
  readonly snapshot?: readonly View[];
};

/** `GET /v1/sync/info`. */
export type Info = {
  readonly register: string;
  readonly server_time: string;
  readonly nonce: string;
  readonly oldest_client?: string;
  readonly receipt_keys: readonly ReceiptKey[];
};

/** What the register answers to a registration. */
export type Account = {
  readonly kid: string;
  readonly account_id: string;
  readonly role: string;
  readonly state: "unverified" | "active";
  readonly verification_code?: string;
};
