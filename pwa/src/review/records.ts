// What documents of this slice say, written from api/review/records.py: python -m tests.schema.generate

export type ReasonCode =
  | "photo_unclear"
  | "date_missing"
  | "wrong_unit"
  | "name_unreadable"
  | "registered_elsewhere"
  | "count_differs"
  | "other";

export type WithdrawalReason = "entered_twice" | "entered_by_mistake" | "wrong_person" | "wrong_premises" | "other";

export type Section = "corrected" | "conflict" | "fresh" | "unverified" | "overdue";

/** A verdict on the revision that the document names as its base. */
export type Review = {
  readonly verdict: "accept" | "return" | "refer";
  readonly reasons?: readonly ReasonCode[];
  readonly remarks?: string;
};

/** The author takes an own document back. */
export type Withdrawal = {
  readonly reason: WithdrawalReason;
};
