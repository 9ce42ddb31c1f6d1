// The life of one document on the device, as pure decisions: shared in names and rules with `sync/replica.py`.

/** Where a document stands on its way from this phone to the register. */
export type DocumentState =
  | "queued"
  | "sending"
  | "held"
  | "received"
  | "confirmed"
  | "summary"
  | "rejected"
  | "blocked";
