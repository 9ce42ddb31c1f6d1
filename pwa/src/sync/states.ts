// What a phone remembers of its documents and what can happen to them, apart from what follows from it (replica.ts);
// the same names as `sync/states.py`.
import { type Custody, type FieldError, pushItemsMax } from "./messages.ts";

/** Where a document stands on its way; a draft has no bytes yet and stands elsewhere. */
export type DocumentState =
  | "queued"
  | "sending"
  | "held"
  | "received"
  | "confirmed"
  | "summary"
  | "rejected"
  | "blocked";

/** One document on this phone. `size` is the bytes of its item as JSON, `hash` is base64url. */
export type Row = {
  readonly id: string;
  readonly hash: string;
  readonly by: string;
  readonly kind: string;
  readonly after: readonly string[];
  readonly size: number;
  readonly state: DocumentState;
  /** Failed tries since the last answer. */
  readonly attempts: number;
  /** Not to be sent before this instant of the phone's clock; 0 is at once. */
  readonly not_before_ms: number;
  readonly receipt: string | null;
  readonly pos: number | null;
  readonly missing: readonly string[];
  /** The problem's code, with a text `problem.<code>`. */
  readonly code: string | null;
  readonly errors: readonly FieldError[];
  /** The refused document on which this one rests. */
  readonly blocked_by: string | null;
  readonly confirmed_at_ms: number | null;
};

/** What the phone remembers about the way to its register, apart from any document. */
export type Link = {
  readonly failures: number;
  readonly not_before_ms: number;
  /** Until then the register itself said to wait: a start does not end that. */
  readonly told_ms: number;
  readonly batch_items_max: number;
  /** False once the register said that this program is too old; the queue still goes. */
  readonly may_compose: boolean;
  readonly moved_to: string | null;
};

/** Everything one phone knows about one log; `rows` in the order in which they were composed. */
export type Replica = {
  readonly kid: string;
  readonly cursor: string | null;
  readonly rows: Readonly<Record<string, Row>>;
  readonly link: Link;
};

/** One result of a push; a receipt stands here only after its signature and contents were checked. */
export type ItemAnswer = {
  readonly id?: string | null;
  readonly hash?: string | null;
  readonly custody: Custody;
  readonly receipt?: string | null;
  readonly pos?: number | null;
  readonly missing?: readonly string[];
  readonly code?: string | null;
  readonly errors?: readonly FieldError[];
  readonly retry_after_seconds?: number | null;
};

/** A document was signed and stored. */
export type Composed = { readonly type: "composed"; readonly row: Row };

/**
 * The program starts, and nothing is on its way; with `asked` a person wants it sent now, also what could still be
 * taken back.
 */
export type Started = { readonly type: "started"; readonly asked?: boolean };

/** A push with these documents leaves the phone. */
export type Sending = { readonly type: "sending"; readonly ids: readonly string[] };

/** A push, or a registration, was answered; `random` is in [0, 1). */
export type Answered = {
  readonly type: "answered";
  readonly sent: readonly string[];
  readonly results: readonly ItemAnswer[];
  readonly at_ms: number;
  readonly random: number;
};

/** A whole request was refused with `status`, or never answered (null). */
export type Failed = {
  readonly type: "failed";
  readonly sent?: readonly string[];
  readonly status?: number | null;
  readonly code?: string | null;
  readonly retry_after_seconds?: number | null;
  readonly moved_to?: string | null;
  readonly at_ms: number;
  readonly random: number;
};

/**
 * A pull was answered; `head_pos` only from a head whose signature was checked, `passed_pos` is the position up to
 * which the new cursor covers the log for certain.
 */
export type Pulled = {
  readonly type: "pulled";
  readonly sent_cursor: string | null;
  readonly cursor: string;
  readonly head_pos: number;
  readonly passed_pos: number;
  readonly missing?: readonly string[];
  readonly at?: Readonly<Record<string, number>>;
  readonly server_time_ms: number;
};

/** The register did not find this cursor in its history (410). */
export type Gone = { readonly type: "gone"; readonly sent_cursor: string };

export type Event = Composed | Started | Sending | Answered | Failed | Pulled | Gone;

export const openLink: Link = {
  failures: 0,
  not_before_ms: 0,
  told_ms: 0,
  batch_items_max: pushItemsMax,
  may_compose: true,
  moved_to: null,
};

/** A row as it stands before anything happened to it. */
export const freshRow = {
  after: [],
  state: "queued",
  attempts: 0,
  not_before_ms: 0,
  receipt: null,
  pos: null,
  missing: [],
  code: null,
  errors: [],
  blocked_by: null,
  confirmed_at_ms: null,
} as const satisfies Partial<Row>;

/** Whether the phone's own key registers itself with this document. */
export function isRegistration(replica: Replica, row: Row): boolean {
  return row.kind === "account" && row.by === replica.kid;
}

/** The last document with which this phone's own key registered itself, if it did. */
export function findRegistration(replica: Replica): Row | undefined {
  const own = Object.values(replica.rows).filter((row) => isRegistration(replica, row));
  return own[own.length - 1];
}
