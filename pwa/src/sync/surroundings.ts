// The real surroundings of an exchange, in a page as in the worker: this origin, this clock, this phone's database.
import { type Connection, connect } from "./connection.ts";
import { openDatabase, readDevice } from "./database.ts";
import type { Exchange } from "./exchange.ts";

const connections = new Map<string, Connection>();

/** What it takes to reach the register; null until this phone has a key, and while nobody is signed in. */
export async function openExchange(): Promise<Exchange | null> {
  const db = await openDatabase();
  const [device, register] = await Promise.all([readDevice(db), db.get("register", "register")]);
  if (device.ended === "signed-out") return null;
  const key = device.kid ? await db.get("keys", device.kid) : undefined;
  if (!key) return null;
  const connection = connectionTo(register?.base_url ?? location.origin);
  return { db, connection, key, now: Date.now, random: Math.random };
}

/** One connection for as long as this page or worker lives: its token is in memory only. */
function connectionTo(base_url: string): Connection {
  const known = connections.get(base_url);
  if (known) return known;
  const connection = connect({
    fetch: (input, init) => fetch(input, init),
    origin: location.origin,
    base_url,
    monotonic: () => performance.now(),
  });
  connections.set(base_url, connection);
  return connection;
}
