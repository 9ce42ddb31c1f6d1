// What documents of this slice say, written from api/declarations/records.py: python -m tests.schema.generate

/** As of this instant these foreigners live or work here; zero is a nil declaration. */
export type Declaration = {
  readonly premises_id: string;
  readonly order_id: string;
  readonly as_of: string;
  readonly count: number;
  readonly stays: readonly string[];
  readonly unchanged_since?: string;
};
