// The phone's side of the protocol as one pure state machine; storing and sending are elsewhere. The steps in brackets
// are those of `sync/README.md`; `tests/vectors/replica.json` holds this and its twin `sync/replica.py` to one rule.
import { retryDelayMs, toldDelayMs } from "./batch.ts";
import {
  type Answered,
  type DocumentState,
  type Event,
  type Failed,
  findRegistration,
  type Gone,
  type ItemAnswer,
  isRegistration,
  type Link,
  openLink,
  type Pulled,
  type Replica,
  type Row,
} from "./states.ts";

const retentionMs = 60 * 24 * 3600 * 1000;

/** The phone after an event; rows that did not change are the same objects. */
export function advance(replica: Replica, event: Event): Replica {
  switch (event.type) {
    case "composed":
      return compose(replica, event.row);
    case "started":
      return start(replica, event.asked ?? false);
    case "sending":
      return withRows(
        replica,
        event.ids.flatMap((id) => send(replica.rows[id])),
      );
    case "answered":
      return applyAnswer(replica, event);
    case "failed":
      return applyFailure(replica, event);
    case "pulled":
      return applyPull(replica, event);
    case "gone":
      return forgetHistory(replica, event);
  }
}

/** The rows of `after` that are not those of `before`: what has to be stored. */
export function changedRows(before: Replica, after: Replica): readonly Row[] {
  return Object.values(after.rows).filter((row) => row !== before.rows[row.id]);
}

function withRows(replica: Replica, rows: readonly Row[]): Replica {
  if (rows.length === 0) return replica;
  return { ...replica, rows: { ...replica.rows, ...Object.fromEntries(rows.map((row) => [row.id, row])) } };
}

function isIn(row: Row, ...states: readonly DocumentState[]): boolean {
  return states.includes(row.state);
}

function compose(replica: Replica, row: Row): Replica {
  // What rests on it may be here before it, when a device carries for others.
  const blocked = block(replica.rows, row);
  return blocked ? cascade(withRows(replica, [blocked])) : withRows(replica, [row]);
}

function send(row: Row | undefined): readonly Row[] {
  return row ? [{ ...row, state: "sending" }] : [];
}

function start(replica: Replica, isAsked: boolean): Replica {
  // A program that died while sending does not know what arrived: the register will [S2].
  const rows = Object.values(replica.rows)
    .filter((row) => row.state === "sending" || (isDelayed(row) && (isAsked || row.attempts > 0)))
    .map(requeue);
  const told_ms = isAsked ? 0 : replica.link.told_ms;
  return withRows({ ...replica, link: { ...openLink, not_before_ms: told_ms, told_ms } }, rows);
}

/** Told to wait: after a failed try, or, before the first, so that the person can take it back. */
function isDelayed(row: Row): boolean {
  return row.state === "queued" && row.not_before_ms > 0;
}

function requeue(row: Row): Row {
  return { ...row, state: "queued", not_before_ms: 0 };
}

function delay(row: Row, event: Answered | Failed, retryAfterSeconds?: number | null): Row {
  const attempts = row.attempts + 1;
  const wait = retryDelayMs(attempts, event.random, retryAfterSeconds);
  return { ...row, state: "queued", attempts, not_before_ms: event.at_ms + wait };
}

function applyAnswer(replica: Replica, event: Answered): Replica {
  const answers = matchAnswers(replica, event);
  const rows = Object.values(replica.rows)
    .filter((row) => isIn(row, "queued", "sending", "held", "blocked"))
    .filter((row) => answers.has(row.id) || event.sent.includes(row.id))
    .map((row) => applyItem(replica, row, answers.get(row.id), event));
  const link = { ...replica.link, failures: 0, not_before_ms: 0, told_ms: 0 };
  const answered = withRows({ ...replica, link }, rows);
  const isForgotten = [...answers.values()].some((answer) => isOwnKeyUnknown(replica, answer));
  return cascade(isForgotten ? registerAgain(answered) : answered);
}

/** Matches results by id and hash [S4]; one whose payload could not be read is known by its place. */
function matchAnswers(replica: Replica, event: Answered): ReadonlyMap<string, ItemAnswer> {
  const inOrder = event.results.length === event.sent.length;
  const found = event.results.flatMap((answer, place): [string, ItemAnswer][] => {
    const id = answer.id ?? (inOrder ? event.sent[place] : undefined);
    const row = id === undefined ? undefined : replica.rows[id];
    return row && (!answer.id || answer.hash === row.hash) ? [[row.id, answer]] : [];
  });
  return new Map(found);
}

function applyItem(replica: Replica, row: Row, answer: ItemAnswer | undefined, event: Answered): Row {
  if (!answer) return putOff(row, event);
  switch (outcome(replica, row, answer)) {
    case "received":
      return receive(row, answer);
    case "held":
      return hold(row, answer);
    case "rejected":
      return { ...settled(row), state: "rejected", code: answer.code ?? null, errors: answer.errors ?? [] };
    case "queued":
      return putOff(row, event, answer);
  }
}

function putOff(row: Row, event: Answered, answer?: ItemAnswer): Row {
  if (row.state !== "sending") return row;
  return { ...delay(row, event, answer?.retry_after_seconds), code: answer?.code ?? null };
}

/** A receipt that does not hold is no receipt, and a key that only the register forgot is no refusal. */
function outcome(
  replica: Replica,
  row: Row,
  answer: ItemAnswer,
): "received" | "held" | "rejected" | "queued" {
  const { custody } = answer;
  if (custody === "held") return "held";
  if (custody === "rejected") return isOwnKeyUnknown(replica, answer) ? "queued" : "rejected";
  return custody !== "later" && (answer.receipt || isRegistration(replica, row)) ? "received" : "queued";
}

function settled(row: Row): Row {
  return { ...row, attempts: 0, not_before_ms: 0, missing: [], code: null, errors: [], blocked_by: null };
}

function receive(row: Row, { receipt, pos }: ItemAnswer): Row {
  const taken = {
    state: "received",
    receipt: receipt ?? null,
    pos: pos ?? null,
    confirmed_at_ms: null,
  } as const;
  return { ...settled(row), ...taken };
}

function hold(row: Row, answer: ItemAnswer): Row {
  if (row.state === "blocked") return row;
  return { ...settled(row), state: "held", missing: answer.missing ?? [], code: answer.code ?? null };
}

function isOwnKeyUnknown(replica: Replica, answer: ItemAnswer): boolean {
  const row = answer.id ? replica.rows[answer.id] : undefined;
  return answer.code === "device-unknown" && row?.by === replica.kid;
}

/** A register that knew this key and no longer does was restored: register with the same bytes [R4]. */
function registerAgain(replica: Replica): Replica {
  const registration = findRegistration(replica);
  if (!registration || !isIn(registration, "received", "confirmed")) return replica;
  return withRows(replica, [{ ...requeue(registration), confirmed_at_ms: null }]);
}

/** What rests on a refused document can never be applied: stop sending it, tell the person [S5]. */
function cascade(replica: Replica): Replica {
  let current = replica;
  let blocked: readonly Row[];
  do {
    const { rows } = current;
    blocked = Object.values(rows).flatMap((row) => block(rows, row) ?? []);
    current = withRows(current, blocked);
  } while (blocked.length > 0);
  return current;
}

function block(rows: Replica["rows"], row: Row): Row | null {
  if (!isIn(row, "queued", "sending", "held")) return null;
  const refused = row.after
    .map((id) => rows[id])
    .find((found) => found && isIn(found, "rejected", "blocked"));
  return refused ? { ...settled(row), state: "blocked", blocked_by: refused.blocked_by ?? refused.id } : null;
}

function applyFailure(replica: Replica, event: Failed): Replica {
  const sent = (event.sent ?? [])
    .flatMap((id) => replica.rows[id] ?? [])
    .filter((row) => row.state === "sending");
  if (event.status === 413 && sent.length > 0) return halve(replica, sent, event);
  const failed = withRows(replica, sent.map(requeue));
  const known = event.code === "device-unknown" ? registerAgain(failed) : failed;
  return { ...known, link: fail(replica.link, event) };
}

function halve(replica: Replica, sent: readonly Row[], event: Failed): Replica {
  if (sent.length > 1) {
    const link = { ...replica.link, batch_items_max: Math.floor(sent.length / 2) };
    return withRows({ ...replica, link }, sent.map(requeue));
  }
  // Alone and still too large for something on the way: the others go first.
  return withRows(
    replica,
    sent.map((row) => ({ ...delay(row, event), code: event.code ?? null })),
  );
}

function fail(link: Link, event: Failed): Link {
  const failures = link.failures + 1;
  // A token that ran out is no fault: sign in and go on.
  const isExpiry = event.status === 401 && link.failures === 0;
  const told = toldDelayMs(event.retry_after_seconds);
  const wait = isExpiry ? 0 : retryDelayMs(failures, event.random, event.retry_after_seconds);
  return {
    ...link,
    failures,
    not_before_ms: event.at_ms + wait,
    told_ms: told && event.at_ms + told,
    may_compose: link.may_compose && event.status !== 426,
    moved_to: event.status === 421 ? (event.moved_to ?? null) : link.moved_to,
  };
}

function applyPull(replica: Replica, event: Pulled): Replica {
  // An answer to a question of before: its cursor would leave a gap [P3].
  if (event.sent_cursor !== replica.cursor) return replica;
  const missing = new Set(event.missing);
  const rows = Object.values(replica.rows);
  const changed = rows.map((row) => applyStanding(row, missing.has(row.id), event));
  const link = { ...replica.link, failures: 0, not_before_ms: 0, told_ms: 0 };
  const pulled = withRows(
    { ...replica, cursor: event.cursor, link },
    changed.filter((row, at) => row !== rows[at]),
  );
  return missing.size > 0 ? cascade(pulled) : pulled;
}

function applyStanding(row: Row, isMissing: boolean, event: Pulled): Row {
  if (isMissing && isIn(row, "held", "received", "confirmed"))
    return { ...requeue(row), confirmed_at_ms: null };
  if (row.state === "confirmed") return shorten(row, event.server_time_ms);
  const pos = event.at?.[row.id];
  if (pos === undefined || !isIn(row, "held", "received")) return row;
  // The register answers with the receipt of this history [P5].
  if (row.state === "held" || (row.pos !== null && row.pos !== pos)) return requeue(row);
  return confirm(row, pos, event);
}

function confirm(row: Row, pos: number, event: Pulled): Row {
  const isCovered = pos <= event.passed_pos && pos <= event.head_pos;
  if (event.sent_cursor === null || !isCovered) return row.pos === pos ? row : { ...row, pos };
  return { ...row, state: "confirmed", pos, confirmed_at_ms: event.server_time_ms };
}

/** Sixty days after it was confirmed the bytes may go; counted by the register's clock only [P6]. */
function shorten(row: Row, serverTimeMs: number): Row {
  if (row.confirmed_at_ms === null || serverTimeMs - row.confirmed_at_ms < retentionMs) return row;
  return { ...row, state: "summary" };
}

/** After 410 nothing is confirmed any more; the outbox itself is never dropped [R1]. */
function forgetHistory(replica: Replica, event: Gone): Replica {
  if (event.sent_cursor !== replica.cursor) return replica;
  const rows = Object.values(replica.rows)
    .filter((row) => row.state === "confirmed")
    .map((row): Row => ({ ...row, state: "received", confirmed_at_ms: null }));
  return withRows({ ...replica, cursor: null }, rows);
}
