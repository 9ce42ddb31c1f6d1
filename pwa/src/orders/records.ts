// What documents of this slice say, written from api/orders/records.py: python -m tests.schema.generate

/** A text of the order in the three languages of the province. */
export type OrderText = {
  readonly km: string;
  readonly en: string;
  readonly zh: string;
};

/** A duty to report, with its deadline as an instant; an order that ended collects nothing. */
export type Order = {
  readonly title: OrderText;
  readonly legal_basis: OrderText;
  readonly issued_on: string;
  readonly deadline_at?: string;
  readonly places: readonly string[];
  readonly reporting_window_hours?: number;
  readonly pledge_text_id?: string;
  readonly reattest_every_days?: number;
  readonly retention_days?: number;
  readonly ends_on?: string;
};
