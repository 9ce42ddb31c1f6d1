// What the shell knows of its register (`GET /app/register.json`), kept in the database so that a first run works
// without signal after one load, and so that the worker finds it too.
import { announceChange } from "./changes.ts";
import { type Database, type RegisterData, write } from "./database.ts";
import { answerDepthMax, isObject, readObject } from "./json.ts";
import type { JsonObject } from "./messages.ts";

/** Longer than the worker takes to fall back to its copy; sending must not wait for a line that hangs. */
const patienceMs = 8000;

/** Fetches it, through the worker's kept copy where there is no signal; false when nothing usable came. */
export async function refreshRegister(db: Database, fetching: typeof fetch): Promise<boolean> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patienceMs);
  try {
    const response = await fetching("/app/register.json", { credentials: "omit", signal: limit.signal });
    const data = await readRegister(response);
    if (!data) return false;
    await keepNewest(db, data);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** What an answer says of the register; null where it is not the register's. */
export async function readRegister(response: Response): Promise<RegisterData | null> {
  const data = response.ok ? readObject(await response.text(), answerDepthMax) : null;
  return data && isRegisterData(data) ? data : null;
}

/** The worker may answer with a copy older than what is stored; the newest by the register's own time stays. */
async function keepNewest(db: Database, data: RegisterData): Promise<void> {
  const isNews = await write(db, ["register"], async (tx) => {
    const kept = await tx.objectStore("register").get("register");
    const isNewer = !kept || kept.register !== data.register || kept.server_time < data.server_time;
    if (isNewer) await tx.objectStore("register").put(data, "register");
    return isNewer;
  });
  if (isNews) announceChange();
}

const texts = ["register", "log", "server_time", "hotline", "base_url"];
const lists = ["places", "orders", "pledge_texts", "receipt_keys"];

function isRegisterData(data: JsonObject): data is JsonObject & RegisterData {
  const hasTexts = texts.every((name) => typeof data[name] === "string");
  return hasTexts && lists.every((name) => Array.isArray(data[name])) && isObject(data["name"]);
}
