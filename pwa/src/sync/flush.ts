// Sends what waits and asks what changed: one run at a time on this phone, started by page and worker alike.
import { areaOf } from "../accounts/rights.ts";
import { isDue, isSettled, nextBatch, nextDueMs } from "./batch.ts";
import { readDevice } from "./database.ts";
import { applyEvent, type Exchange, loadReplica } from "./exchange.ts";
import { withLock } from "./locks.ts";
import { pull } from "./pull.ts";
import { refreshAccount, send } from "./push.ts";
import { mayAsk } from "./session.ts";
import { findRegistration, type Replica } from "./states.ts";

/** Bounds one run, so that a register that contradicts itself cannot keep a phone busy. */
const pushesMax = 200;
const pagesMax = 500;
const roundsMax = 3;

/** When to run again by the phone's clock; null when nothing waits. */
export type Flushed = { readonly next_due_ms: number | null };

/** Whether delays of before no longer count: at the start of a page; "asked" is the button, which also ends the time to undo. */
export type Start = boolean | "asked";

export function flush(exchange: Exchange, start: Start): Promise<Flushed> {
  return withLock("flush", async () => {
    await recover(exchange, start);
    for (let round = 0; round < roundsMax; round += 1) {
      await pushAll(exchange);
      await pullAll(exchange);
      if ((await listBatch(exchange)).length === 0) break;
    }
    if (start) await followVerification(exchange);
    return { next_due_ms: nextDueMs(await loadReplica(exchange.db), exchange.now()) };
  });
}

/** Where no entry says that the account has changed, the register is asked at every start. */
async function followVerification(exchange: Exchange): Promise<void> {
  const { account, ended, link } = await readDevice(exchange.db);
  if (!account || ended || !isDue(link.not_before_ms, exchange.now())) return;
  if (account.state === "unverified" || areaOf(account.role) === "none") await refreshAccount(exchange);
}

/** Nobody else sends while the lock is ours: what still stands as being sent was cut off. */
async function recover({ db }: Exchange, start: Start): Promise<void> {
  const { rows } = await loadReplica(db);
  const isCutOff = Object.values(rows).some((row) => row.state === "sending");
  if (start || isCutOff) await applyEvent(db, { type: "started", asked: start === "asked" });
}

async function listBatch({ db, now }: Exchange) {
  return nextBatch(await loadReplica(db), now());
}

async function pushAll(exchange: Exchange): Promise<void> {
  for (let count = 0; count < pushesMax; count += 1) {
    const batch = await listBatch(exchange);
    if (batch.length === 0) return;
    await send(exchange, batch);
  }
}

/** Asks until there is no more, and once again when that alone can confirm what was just received. */
async function pullAll(exchange: Exchange): Promise<void> {
  if (!(await canPull(exchange))) return;
  for (let page = 0; page < pagesMax; page += 1) {
    const before = await loadReplica(exchange.db);
    const pulled = await pull(exchange, 0);
    if (pulled === "failed") return;
    if (pulled === "drained" && !(await canConfirmMore(exchange, before))) return;
  }
}

async function canConfirmMore({ db }: Exchange, before: Replica): Promise<boolean> {
  const after = await loadReplica(db);
  const left = countReceived(after);
  return left > 0 && (before.cursor === null || left < countReceived(before));
}

function countReceived({ rows }: Replica): number {
  return Object.values(rows).filter((row) => row.state === "received").length;
}

/** One that is not registered yet has nothing to ask; one told to wait, or where nobody may look, does not ask. */
export async function canPull({ db, now }: Exchange): Promise<boolean> {
  const replica = await loadReplica(db);
  return isRegistered(replica) && isDue(replica.link.not_before_ms, now()) && mayAsk(await readDevice(db));
}

/** Whether the register has taken this phone's key, as far as the phone knows. */
function isRegistered(replica: Replica): boolean {
  const registration = findRegistration(replica);
  return registration !== undefined && isSettled(registration);
}
