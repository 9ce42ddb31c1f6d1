import { expect, test } from "vitest";
import { listHave, nextBatch, retryDelayMs } from "../../src/sync/batch.ts";
import { advance } from "../../src/sync/replica.ts";
import type { Event, Link, Replica, Row } from "../../src/sync/states.ts";
import { readVectors } from "../vectors.ts";

type Given = {
  readonly kid?: string;
  readonly cursor?: string;
  readonly rows: readonly Partial<Row>[];
  readonly link?: Partial<Link>;
};
type Vectors = {
  readonly defaults: {
    readonly replica: Pick<Replica, "kid" | "cursor">;
    readonly row: Row;
    readonly link: Link;
  };
  readonly advance: readonly {
    readonly name: string;
    readonly given: Given;
    readonly event: Event;
    readonly then: Given;
  }[];
  readonly batch: readonly {
    readonly name: string;
    readonly given: Given;
    readonly now_ms: number;
    readonly ids: string[];
  }[];
  readonly have: readonly { readonly name: string; readonly given: Given; readonly ids: string[] }[];
  readonly delay: readonly {
    readonly failures: number;
    readonly random: number;
    readonly retry_after_seconds: number | null;
    readonly delay_ms: number;
  }[];
};

const vectors = readVectors<Vectors>("replica.json");
const { defaults } = vectors;

function aRow(given: Partial<Row>): Row {
  return { ...defaults.row, ...given };
}

function aReplica({ rows, link, ...given }: Given): Replica {
  const full = rows.map(aRow);
  return {
    ...defaults.replica,
    ...given,
    link: { ...defaults.link, ...link },
    rows: Object.fromEntries(full.map((row) => [row.id, row])),
  };
}

test.each(vectors.advance)("$name", ({ given, event, then }) => {
  const happened = event.type === "composed" ? { ...event, row: aRow(event.row) } : event;
  const after = advance(aReplica(given), happened);
  const expected = aReplica(then);
  expect(after).toEqual(expected);
  expect(Object.keys(after.rows)).toEqual(Object.keys(expected.rows));
});

test.each(vectors.batch)("$name", ({ given, now_ms, ids }) => {
  expect(nextBatch(aReplica(given), now_ms).map((row) => row.id)).toEqual(ids);
});

test.each(vectors.have)("$name", ({ given, ids }) => {
  expect(listHave(aReplica(given))).toEqual(ids);
});

test.each(vectors.delay)(
  "after $failures failures, $random and $retry_after_seconds s the wait is $delay_ms ms",
  (wait) => {
    expect(retryDelayMs(wait.failures, wait.random, wait.retry_after_seconds)).toBe(wait.delay_ms);
  },
);

test("at most a hundred documents leave in one push, the oldest first", () => {
  const rows = Array.from({ length: 130 }, (_, at) => aRow({ id: `id-${at}`, hash: "", size: 100 }));
  const batch = nextBatch(aReplica({ rows }), 0);
  expect(batch.map((row) => row.id)).toEqual(rows.slice(0, 100).map((row) => row.id));
});

test("at most five hundred documents are asked about in one pull", () => {
  const rows = Array.from({ length: 501 }, (_, at) => aRow({ id: `id-${at}`, hash: "", state: "received" }));
  expect(listHave(aReplica({ rows }))).toHaveLength(500);
});
