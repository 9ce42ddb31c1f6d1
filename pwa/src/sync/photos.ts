// Sends photos after the texts that name them: in parts, from where the register says that it has them, and never while
// a text waits. Loaded where there are photos.
import type { Database, KeptPhoto } from "./database.ts";
import type { Exchange } from "./exchange.ts";

/** Small, so that a line that breaks often loses little, and a text does not wait long. */
const partBytes = 64 * 1024;
const partMs = 60_000;
const delayLeastMs = 2000;
const delayMostMs = 5 * 60_000;
/** A register that contradicts itself does not keep a phone busy. */
const answersMax = 200;
/** As long as the draft of a form. */
const unnamedMs = 72 * 3600 * 1000;

/**
 * Sends what is due, under the lock of whoever calls; says when to go on by the phone's clock, null when nothing waits.
 */
export async function sendPhotos(
  exchange: Exchange,
  isInterrupted: () => Promise<boolean>,
): Promise<number | null> {
  for (const photo of await listDue(exchange)) {
    if (await isInterrupted()) break;
    await keepOutcome(exchange, photo.name, await send(exchange, photo, isInterrupted));
  }
  return nextDueMs(exchange);
}

/** What may be on its way; a photo that no form and no document names any more goes. */
async function listOpen({ db, now }: Exchange): Promise<readonly KeptPhoto[]> {
  const photos = await db.getAll("photos");
  const open = await Promise.all(photos.map(async (photo) => isOpen(photo, await findState(db, photo))));
  const left = photos.filter((photo) => !photo.document && photo.taken_at_ms + unnamedMs < now());
  await Promise.all(left.map(({ name }) => db.delete("photos", name)));
  return photos.filter((_, at) => open[at]);
}

async function findState(db: Database, { document }: KeptPhoto): Promise<string> {
  return (document && (await db.get("rows", document))?.state) || "none";
}

/** Whether the register has the text; what it had confirmed and has only received again was restored, perhaps without. */
function isOpen({ state }: KeptPhoto, text: string): boolean {
  if (state === "waiting") return ["held", "received", "confirmed", "summary"].includes(text);
  return state === "sent" && text === "received";
}

async function listDue(exchange: Exchange): Promise<readonly KeptPhoto[]> {
  return (await listOpen(exchange)).filter(({ not_before_ms }) => isDue(not_before_ms, exchange.now()));
}

/** A clock that was set back holds nothing for longer than the longest delay. */
function isDue(notBeforeMs: number, now: number): boolean {
  return notBeforeMs <= now || notBeforeMs - now > delayMostMs;
}

async function nextDueMs(exchange: Exchange): Promise<number | null> {
  const waiting = (await listOpen(exchange)).filter(({ state }) => state === "waiting");
  return waiting.length > 0 ? Math.min(...waiting.map(({ not_before_ms }) => not_before_ms)) : null;
}

type Outcome =
  | { readonly kind: "sent" | "refused" | "interrupted" }
  | { readonly kind: "failed"; readonly retry_after_seconds: number };

/** Asks how much is there, then sends part after part. */
async function send(
  exchange: Exchange,
  photo: KeptPhoto,
  isInterrupted: () => Promise<boolean>,
): Promise<Outcome> {
  let response = await ask(exchange, photo, { method: "HEAD" });
  let outcome = response?.status === 404 ? null : await outcomeOf(response);
  for (let count = 0; count < answersMax && !outcome; count += 1) {
    if (await isInterrupted()) return { kind: "interrupted" };
    const offset = Number(response?.headers.get("upload-offset") ?? 0);
    response = await ask(exchange, photo, partOf(photo, offset));
    outcome = await outcomeOf(response);
  }
  return outcome ?? { kind: "failed", retry_after_seconds: 0 };
}

function partOf({ bytes }: KeptPhoto, offset: number): RequestInit {
  return {
    method: "PATCH",
    body: bytes.slice(offset, offset + partBytes),
    headers: {
      "content-type": "application/offset+octet-stream",
      "upload-offset": String(offset),
      "upload-length": String(bytes.byteLength),
    },
  };
}

async function ask({ connection, key }: Exchange, { name }: KeptPhoto, init: RequestInit) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), partMs);
  const common = { cache: "no-store", credentials: "omit", redirect: "error", signal: limit.signal } as const;
  const response = await connection.bare(key, `/v1/blobs/${name}`, { ...init, ...common });
  clearTimeout(timer);
  return response;
}

/** What an answer ends; null where the register says from where to go on. */
async function outcomeOf(response: Response | null): Promise<Outcome | null> {
  if (response?.headers.has("upload-complete")) return { kind: "sent" };
  if (response?.ok || response?.status === 409) return null;
  // Bytes that the register has looked at and will look at no more; damaged on their way, they are none of those.
  if (response?.status === 422 && !(await response.text()).includes("hash-differs"))
    return { kind: "refused" };
  return { kind: "failed", retry_after_seconds: Number(response?.headers.get("retry-after") ?? 0) };
}

async function keepOutcome({ db, now, random }: Exchange, name: string, outcome: Outcome): Promise<void> {
  if (outcome.kind === "interrupted") return;
  const at = { now: now(), random: random() };
  const tx = db.transaction("photos", "readwrite", { durability: "strict" });
  // The person may have left it out meanwhile.
  const photo = await tx.store.get(name);
  if (photo) await tx.store.put(withOutcome(photo, outcome, at));
  await tx.done;
}

type Chance = { readonly now: number; readonly random: number };

/** What was sent and is not there any more waits again. */
function withOutcome(photo: KeptPhoto, outcome: Outcome, { now, random }: Chance): KeptPhoto {
  if (outcome.kind !== "failed") {
    return {
      ...photo,
      state: outcome.kind === "refused" ? "refused" : "sent",
      failures: 0,
      not_before_ms: 0,
    };
  }
  const spread = random * Math.min(delayMostMs, delayLeastMs * 2 ** Math.min(photo.failures, 10));
  const not_before_ms = now + Math.min(delayMostMs, outcome.retry_after_seconds * 1000 + spread);
  return { ...photo, failures: photo.failures + 1, not_before_ms };
}
