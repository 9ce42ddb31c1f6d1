// A register small enough to read, at the other end of `fetch`: it keeps a log, signs receipts and heads, and has the
// faults that a line or a restored backup has. It shares with the app only the reading of documents.
import { gunzipSync } from "node:zlib";
import { verifyDocument } from "../../src/sync/document.ts";
import { encodeBase64url, sha256, utf8, writeInstant } from "../../src/sync/encoding.ts";
import { createDeviceKey, type DeviceKey, sign } from "../../src/sync/key.ts";
import type { Item, JsonObject, Payload, PublicJwk, PushResult, View } from "../../src/sync/messages.ts";
import { log } from "./world.ts";

export type Call = {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: JsonObject;
};
/** What goes wrong with the next call to a path; after `lost-reply` it was carried out all the same. */
export type Fault = { readonly path: string } & ({ readonly kind: "lost-request" | "lost-reply" } | Instead);

type Instead =
  | { readonly kind: "status"; readonly status: number; readonly code: string; readonly retry_after?: string }
  | { readonly kind: "page"; readonly status: number };

type Entry = {
  readonly id: string;
  readonly payload: Payload;
  readonly chain: string;
  readonly receipt: string;
};

export type TestRegister = {
  readonly key: DeviceKey;
  readonly time: () => number;
  readonly entries: Entry[];
  readonly faults: Fault[];
  readonly calls: Call[];
  /** Ids that no rule accepts. */
  readonly poison: Set<string>;
  readonly phones: Map<string, PublicJwk>;
  readonly tokens: Set<string>;
  /** Accounts that an officer has verified. */
  readonly verified: Set<string>;
  role: string;
};

export async function openRegister(time: () => number): Promise<TestRegister> {
  const key = await createDeviceKey();
  const parts = { entries: [], faults: [], calls: [], poison: new Set<string>(), tokens: new Set<string>() };
  return { key, time, ...parts, phones: new Map(), verified: new Set(), role: "owner" };
}

/** Back to a copy of before: the newest entries, and the phones that registered with them, are gone. */
export function restore(register: TestRegister, count: number): void {
  const lost = register.entries.splice(count).filter(({ payload }) => payload.kind === "account");
  for (const { payload } of lost) register.phones.delete(payload.by);
  register.tokens.clear();
}

export function listIds(register: TestRegister): readonly string[] {
  return register.entries.map((entry) => entry.id);
}

export function fetchFrom(register: TestRegister): typeof fetch {
  return async (input, init = {}) => {
    const call = readCall(input, init);
    register.calls.push(call);
    const at = register.faults.findIndex((fault) => fault.path === call.path);
    const [fault] = at < 0 ? [] : register.faults.splice(at, 1);
    if (fault && "status" in fault) return answerInstead(fault);
    const response = fault?.kind === "lost-request" ? null : await answer(register, call);
    if (fault || !response) throw new TypeError("Failed to fetch");
    return response;
  };
}

function answerInstead(fault: Instead): Response {
  if (fault.kind === "page") return new Response("<b>blocked</b>", { status: fault.status });
  return refuse(fault.status, fault.code, fault.retry_after);
}

function answer(register: TestRegister, call: Call): Response | Promise<Response> {
  if (call.path === "/v1/sync/info") return tellInfo(register);
  if (call.path === "/v1/devices") return takeRegistration(register, call.body["registration"] as Item);
  if (call.path === "/oauth/token") return signIn(register, String(call.body["assertion"]));
  const token = (call.headers.get("authorization") ?? "").replace("Bearer ", "");
  if (!register.tokens.has(token)) return refuse(401, "token.invalid");
  return call.path === "/v1/sync/pull"
    ? pull(register, call.body)
    : push(register, call.body["items"] as Item[]);
}

function tellInfo({ key, time }: TestRegister): Response {
  const receipt_keys = [{ ...key.jwk, kid: key.kid }];
  return Response.json({
    register: key.kid,
    server_time: writeInstant(time()),
    nonce: "nonce-1",
    receipt_keys,
  });
}

async function takeRegistration(register: TestRegister, item: Item): Promise<Response> {
  const payload: Payload = JSON.parse(item.payload);
  const jwk = payload.body["jwk"] as PublicJwk;
  if (typeof (await verifyDocument(item, jwk)) === "string") return refuse(422, "bad-signature");
  if (register.poison.has(payload.id)) return refuse(422, "schema");
  if (!listIds(register).includes(payload.id)) await append(register, payload, await sha256(item.payload));
  register.phones.set(payload.by, jwk);
  const state = register.verified.has(payload.id) ? "active" : "unverified";
  const account = { kid: payload.by, account_id: payload.id, role: register.role, state };
  return Response.json({ ...account, verification_code: "TEST" });
}

function signIn({ phones, time, tokens }: TestRegister, assertion: string): Response {
  const claims: { iss: string; nonce: string; iat: number } = JSON.parse(atob(assertion.split(".")[1] ?? ""));
  if (!phones.has(claims.iss)) return refuse(401, "device-unknown");
  if (claims.nonce !== "nonce-1" || Math.abs(claims.iat - time() / 1000) > 60)
    return refuse(401, "token.invalid");
  const token = encodeBase64url(crypto.getRandomValues(new Uint8Array(32)));
  tokens.add(token);
  return Response.json({ access_token: token, token_type: "Bearer", expires_in: 43_200 });
}

async function push(register: TestRegister, items: readonly Item[]): Promise<Response> {
  const results: PushResult[] = [];
  for (const item of items) {
    const payload: Payload = JSON.parse(item.payload);
    const hash = await sha256(item.payload);
    results.push({ id: payload.id, hash, ...(await judge(register, item, payload, hash)) });
  }
  return Response.json({ results });
}

async function judge(
  register: TestRegister,
  item: Item,
  payload: Payload,
  hash: string,
): Promise<PushResult> {
  const code = await findFault(register, item, payload);
  if (code)
    return {
      custody: "rejected",
      problem: { code, errors: [{ pointer: "/body/sex", code: "field.value" }] },
    };
  const known = register.entries.find((entry) => entry.id === payload.id);
  if (known) return { custody: "duplicate", receipt: known.receipt };
  const missing = payload.after.filter((id) => !listIds(register).includes(id));
  if (missing.length > 0) return { custody: "held", missing };
  return { custody: "stored", receipt: await append(register, payload, hash) };
}

async function findFault(
  { phones, poison }: TestRegister,
  item: Item,
  { by, id }: Payload,
): Promise<string | null> {
  const jwk = phones.get(by);
  if (!jwk) return "device-unknown";
  if (poison.has(id)) return "schema";
  return typeof (await verifyDocument(item, jwk)) === "string" ? "bad-signature" : null;
}

async function append({ key, entries, time }: TestRegister, payload: Payload, hash: string): Promise<string> {
  const { id, kind } = payload;
  const chain = await sha256(`${entries.at(-1)?.chain ?? log}${id}${hash}`);
  const claims = { v: 1, register: key.kid, id, hash, kind, log, pos: entries.length + 1, chain };
  const said = { ...claims, received_at: writeInstant(time()), grade: "author" };
  const receipt = await signCompact(key, "sangkat-receipt+jws", said);
  entries.push({ id, payload, chain, receipt });
  return receipt;
}

type Cursor = readonly [pos: number, chain: string];

async function pull(register: TestRegister, { cursor, have, limit }: JsonObject): Promise<Response> {
  const { entries, key, time } = register;
  const [from, chain]: Cursor = cursor === null ? [0, ""] : JSON.parse(atob(String(cursor)));
  if (from > 0 && entries[from - 1]?.chain !== chain) return refuse(410, "cursor-gone");
  const news = entries.slice(from, from + Number(limit));
  const to = from + news.length;
  const head = { v: 1, register: key.kid, log, pos: entries.length, chain: "", at: "" };
  return Response.json({
    cursor: btoa(JSON.stringify([to, entries[to - 1]?.chain ?? ""])),
    head: await signCompact(key, "sangkat-head+jws", head),
    more: to < entries.length,
    server_time: writeInstant(time()),
    ...whereabouts(register, have as readonly string[]),
    ...(cursor === null
      ? { changes: [], snapshot: news.map((entry) => viewOf(register, entry)) }
      : { changes: news.map((entry, at) => changeOf(register, entry, from + at + 1)) }),
  });
}

function whereabouts(register: TestRegister, have: readonly string[]) {
  const ids = listIds(register);
  const found = have.filter((id) => ids.includes(id)).map((id) => [id, ids.indexOf(id) + 1] as const);
  return { missing: have.filter((id) => !ids.includes(id)), at: Object.fromEntries(found) };
}

function changeOf(register: TestRegister, entry: Entry, pos: number) {
  const { id, kind, entity } = entry.payload;
  return { log, pos, id, kind, entity, effect: "pending", view: viewOf(register, entry) };
}

function viewOf({ verified }: TestRegister, { payload }: Entry): View {
  const { id, kind, entity, place, by, body } = payload;
  const author_state = verified.has(id) ? "active" : "unverified";
  return { id: entity, kind, revision: id, effect: "pending", place, author: by, author_state, body };
}

function readCall(input: RequestInfo | URL, { method = "GET", headers, body }: RequestInit): Call {
  const given = new Headers(headers);
  const bytes =
    body instanceof ArrayBuffer ? new Uint8Array(body) : utf8(typeof body === "string" ? body : "");
  const text = new TextDecoder().decode(given.get("content-encoding") === "gzip" ? gunzipSync(bytes) : bytes);
  const isForm = given.get("content-type") === "application/x-www-form-urlencoded";
  const value = isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text || "{}");
  return { method, path: new URL(String(input)).pathname, headers: given, body: value };
}

function refuse(status: number, code: string, retryAfter?: string): Response {
  return Response.json(
    { code, status },
    { status, headers: retryAfter ? { "retry-after": retryAfter } : {} },
  );
}

async function signCompact(key: DeviceKey, typ: string, claims: JsonObject): Promise<string> {
  const parts = [{ alg: "ES256", kid: key.kid, typ }, claims].map((part) =>
    encodeBase64url(utf8(JSON.stringify(part))),
  );
  return `${parts.join(".")}.${await sign(key, parts.join("."))}`;
}
