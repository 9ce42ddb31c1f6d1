// HTTP to the register: sign-in, problems, time limits and compression, apart from what is sent. The bearer token lives
// in this memory only; page and worker sign in each for themselves.
import { encodeBase64url, utf8 } from "./encoding.ts";
import { answerDepthMax, isObject, readObject } from "./json.ts";
import { type DeviceKey, sign } from "./key.ts";
import type { FieldError, Info, JsonObject } from "./messages.ts";

const timeoutMs = 60_000;
const compressFromBytes = 1024;
const assertionSeconds = 60;
/** A token is not used in its last moments, so that it does not run out on the way. */
const tokenMarginMs = 30_000;

/** What came of a call; a refusal carries the register's problem as far as it could be read. */
export type Reply =
  | { readonly kind: "answer"; readonly value: JsonObject }
  | Refused
  | { readonly kind: "no-answer" };

export type Refused = {
  readonly kind: "refused";
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly retry_after_seconds: number | null;
  readonly moved_to: string | null;
};

/** What the connection needs from its surroundings; tests give their own. */
export type Surroundings = {
  readonly fetch: typeof fetch;
  /** Where calls go: this page's own origin. */
  readonly origin: string;
  /** The register's address as it knows itself: a sign-in is made out to it. */
  readonly base_url: string;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
};

export type Call = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: JsonObject;
  readonly signal?: AbortSignal;
  /** Beyond the usual time limit, for a long poll. */
  readonly wait_seconds?: number;
};

export type Connection = {
  /** Server time, limits, receipt keys and a nonce; public. */
  readonly info: () => Promise<Reply>;
  /** A call without signing in. */
  readonly open: (call: Call) => Promise<Reply>;
  /** A call with this key's token, signing in when there is none or it is no longer good. */
  readonly signed: (key: DeviceKey, call: Call) => Promise<Reply>;
  /** The same for what is no JSON: the answer as it came, null for none. */
  readonly bare: (key: DeviceKey, path: string, init: RequestInit) => Promise<Response | null>;
};

type Token = { readonly kid: string; readonly text: string; readonly ends_at: number };

export function connect(around: Surroundings): Connection {
  let token: Token | null = null;
  const open = (call: Call) => request(around, call);
  const info = () => open({ method: "GET", path: "/v1/sync/info" });

  async function signIn(key: DeviceKey): Promise<Reply> {
    const asked = around.monotonic();
    const told = await info();
    if (told.kind !== "answer" || !isInfo(told.value)) return told;
    const assertion = await writeAssertion(key, told.value, around, asked);
    const reply = await request(around, { method: "POST", path: "/oauth/token" }, tokenRequest(assertion));
    if (reply.kind === "answer") token = readToken(reply.value, key.kid, around.monotonic());
    return reply;
  }

  function isGood(key: DeviceKey): boolean {
    return token !== null && token.kid === key.kid && token.ends_at >= around.monotonic();
  }

  async function signed(key: DeviceKey, call: Call): Promise<Reply> {
    const isKept = isGood(key);
    const reply = isKept ? null : await signIn(key);
    if (reply && reply.kind !== "answer") return reply;
    const answered = await request(around, call, jsonRequest(call), token?.text);
    if (!isUnauthorized(answered)) return answered;
    token = null;
    // A token of before may have been ended by the register: every call may safely be made twice.
    return isKept ? signed(key, call) : answered;
  }

  async function bare(key: DeviceKey, path: string, init: RequestInit): Promise<Response | null> {
    if (!isGood(key) && (await signIn(key)).kind !== "answer") return null;
    const headers = { ...init.headers, authorization: `Bearer ${token?.text}` };
    const response = await around.fetch(around.origin + path, { ...init, headers }).catch(() => null);
    if (response?.status === 401) token = null;
    return response;
  }

  return { info, open, signed, bare };
}

function isUnauthorized(reply: Reply): boolean {
  return reply.kind === "refused" && reply.status === 401;
}

export function isInfo(value: JsonObject): value is Info & JsonObject {
  return (
    ["server_time", "nonce"].every((name) => typeof value[name] === "string") &&
    Array.isArray(value["receipt_keys"])
  );
}

/** RFC 7523: who signs in, counted from the register's time so that a phone whose clock is years wrong gets in. */
async function writeAssertion(
  key: DeviceKey,
  info: Info,
  around: Surroundings,
  asked: number,
): Promise<string> {
  const passed = (around.monotonic() - asked) / 1000;
  const iat = Math.floor(Date.parse(info.server_time) / 1000 + passed);
  const claims = {
    iss: key.kid,
    sub: key.kid,
    aud: `${around.base_url}/oauth/token`,
    jti: encodeBase64url(crypto.getRandomValues(new Uint8Array(16))),
    nonce: info.nonce,
    iat,
    exp: iat + assertionSeconds,
  };
  const parts = [{ alg: "ES256", typ: "JWT", kid: key.kid }, claims];
  const text = parts.map((part) => encodeBase64url(utf8(JSON.stringify(part)))).join(".");
  return `${text}.${await sign(key, text)}`;
}

type Sent = { readonly headers: Record<string, string>; readonly body: BodyInit };

function tokenRequest(assertion: string): Promise<Sent> {
  const fields = { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion };
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return Promise.resolve({ headers, body: new URLSearchParams(fields).toString() });
}

function readToken({ access_token, expires_in }: JsonObject, kid: string, now: number): Token | null {
  if (typeof access_token !== "string" || typeof expires_in !== "number") return null;
  return { kid, text: access_token, ends_at: now + expires_in * 1000 - tokenMarginMs };
}

async function jsonRequest({ body }: Call): Promise<Sent | null> {
  if (!body) return null;
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json" };
  if (text.length < compressFromBytes || typeof CompressionStream === "undefined")
    return { headers, body: text };
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return {
    headers: { ...headers, "content-encoding": "gzip" },
    body: await new Response(packed).arrayBuffer(),
  };
}

async function request(
  around: Surroundings,
  call: Call,
  sent: Promise<Sent | null> = jsonRequest(call),
  token?: string,
): Promise<Reply> {
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(stop, timeoutMs + (call.wait_seconds ?? 0) * 1000);
  call.signal?.addEventListener("abort", stop);
  try {
    const { headers = {}, body } = (await sent) ?? {};
    const authorization = token ? { authorization: `Bearer ${token}` } : {};
    const response = await around.fetch(around.origin + call.path, {
      method: call.method,
      headers: { accept: "application/json", ...headers, ...authorization },
      ...(body === undefined ? {} : { body }),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: limit.signal,
    });
    return await readReply(response);
  } catch {
    // No signal, a broken line, a time-out: whether it arrived is unknown, and the register will know.
    return { kind: "no-answer" };
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener("abort", stop);
  }
}

async function readReply(response: Response): Promise<Reply> {
  const value = readObject(await response.text(), answerDepthMax);
  if (response.ok) return value ? { kind: "answer", value } : { kind: "no-answer" };
  const { code, errors, details } = value ?? {};
  const moved = isObject(details) ? details["base_url"] : undefined;
  return {
    kind: "refused",
    status: response.status,
    code: typeof code === "string" ? code : "no-answer",
    errors: Array.isArray(errors) ? errors : [],
    retry_after_seconds: readWait(response.headers),
    moved_to: typeof moved === "string" ? moved : null,
  };
}

/** Seconds, or a date, which counts from the answer's own: the phone's clock may be years wrong. */
function readWait(headers: Headers): number | null {
  const text = headers.get("retry-after") ?? "";
  if (/^\d+$/.test(text)) return Number(text);
  const seconds = (Date.parse(text) - Date.parse(headers.get("date") ?? Date())) / 1000;
  return seconds > 0 ? Math.ceil(seconds) : null;
}
