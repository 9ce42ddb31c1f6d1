// Asking: what changed in the register and where this phone's documents stand, kept together with the new cursor.
import { listHave } from "./batch.ts";
import { type Database, type Device, readDevice } from "./database.ts";
import { applyEvent, type Exchange, fail, loadReplica, receiptKeys } from "./exchange.ts";
import { isObject } from "./json.ts";
import type { Change, HeadClaims, JsonObject, PullAnswer, View } from "./messages.ts";
import { refreshAccount } from "./push.ts";
import { verifyHead } from "./receipts.ts";

/** Asks what changed and where this phone's documents stand; says whether there is more. */
export async function pull(exchange: Exchange, waitSeconds: number, signal?: AbortSignal): Promise<Pulling> {
  const { db, connection, key } = exchange;
  const replica = await loadReplica(db);
  const sent_cursor = replica.cursor;
  const body = { cursor: sent_cursor, have: listHave(replica), limit: pullLimit, wait: waitSeconds };
  const call = { method: "POST", path: "/v1/sync/pull", body, wait_seconds: waitSeconds } as const;
  const reply = await connection.signed(key, signal ? { ...call, signal } : call);
  if (signal?.aborted) return "failed";
  const answer = reply.kind === "answer" && isPullAnswer(reply.value) ? reply.value : null;
  const head = answer && (await verifyHead(answer.head, await receiptKeys(exchange, [answer.head])));
  if (answer && head) return keepPulled(exchange, sent_cursor, answer, head);
  if (reply.kind === "refused" && reply.status === 410 && sent_cursor)
    return beginAnew(exchange, sent_cursor);
  await fail(exchange, reply, []);
  return "failed";
}

/** The register was restored, or what this phone may see has changed: perhaps because its role has. */
async function beginAnew(exchange: Exchange, sent_cursor: string): Promise<Pulling> {
  await applyEvent(exchange.db, { type: "gone", sent_cursor });
  await refreshAccount(exchange);
  return "more";
}

/** How a pull ended: everything seen, more to ask for, or no answer that counts. */
export type Pulling = "drained" | "more" | "failed";

const pullLimit = 200;

async function keepPulled(
  { db, now }: Exchange,
  sent_cursor: string | null,
  answer: PullAnswer,
  head: HeadClaims,
): Promise<Pulling> {
  const { cursor, missing, at, more, changes } = answer;
  const server_time_ms = Date.parse(answer.server_time);
  const positions = { head_pos: head.pos, passed_pos: more ? lastPosition(changes) : head.pos };
  const views = [...(answer.snapshot ?? []), ...changes.flatMap(({ view }) => view ?? [])].filter(isView);
  const last_contact_ms = now();
  const clock_behind_ms = server_time_ms - last_contact_ms;
  const contact = { last_contact_ms, contact_at_ms: server_time_ms, clock_behind_ms };
  const device = { ...contact, ...(await verifiedAccount(db, views)) };
  const event = { type: "pulled", sent_cursor, cursor, missing, at, server_time_ms, ...positions } as const;
  await applyEvent(db, event, { device, views, forgetViews: sent_cursor === null });
  return more ? "more" : "drained";
}

/** An officer who has compared the code makes this phone's account active: its own view says so. */
async function verifiedAccount(db: Database, views: readonly View[]): Promise<Partial<Device>> {
  const { account } = await readDevice(db);
  const own = views.find(({ kind, id }) => kind === "account" && id === account?.account_id);
  return account && own?.author_state === "active" ? { account: { ...account, state: "active" } } : {};
}

/** One that this version cannot keep or fold is left out: the others, and the cursor, must not wait for it. */
function isView(view: unknown): view is View {
  const texts = ["id", "kind", "revision", "effect", "place"];
  return isObject(view) && texts.every((name) => typeof view[name] === "string") && isObject(view["body"]);
}

/** While there is more to come, the new cursor covers the log only up to its last change. */
function lastPosition(changes: readonly Change[]): number {
  return Math.max(0, ...changes.map(({ pos }) => pos));
}

function isPullAnswer(value: JsonObject): value is JsonObject & PullAnswer {
  const texts = ["cursor", "head", "server_time"].every((name) => typeof value[name] === "string");
  return texts && Array.isArray(value["changes"]);
}
