import { expect, test } from "vitest";
import { type Connection, connect, type Surroundings } from "../../src/sync/connection.ts";
import { createDeviceKey, isSigned } from "../../src/sync/key.ts";
import type { JsonObject } from "../../src/sync/messages.ts";

const serverTime = "2022-09-20T03:11:05.000Z";
const info = { server_time: serverTime, nonce: "nonce-1", receipt_keys: [] };
const token = { access_token: "token-1", token_type: "Bearer", expires_in: 60 };
const call = { method: "POST", path: "/v1/sync/pull", body: {} } as const;

type Answers = Record<string, () => Response | Promise<Response>>;

function aConnection(answers: Answers, given: Partial<Surroundings> = {}) {
  const asked: { readonly path: string; readonly init: RequestInit }[] = [];
  const fetching: typeof fetch = async (input, init = {}) => {
    const { pathname } = new URL(String(input));
    asked.push({ path: pathname, init });
    const answer = answers[pathname];
    if (!answer) throw new TypeError("Failed to fetch");
    return answer();
  };
  const around = {
    fetch: fetching,
    origin: "https://here.test",
    base_url: "https://register.test",
    monotonic: () => 0,
  };
  return { connection: connect({ ...around, ...given }), asked };
}

function good(more: Answers = {}): Answers {
  const signIn = { "/v1/sync/info": () => Response.json(info), "/oauth/token": () => Response.json(token) };
  return { ...signIn, "/v1/sync/pull": () => Response.json({ ok: true }), ...more };
}

async function pull(connection: Connection) {
  return connection.signed(await createDeviceKey(), call);
}

function readAssertion(init: RequestInit | undefined): readonly JsonObject[] {
  const assertion = new URLSearchParams(String(init?.body)).get("assertion") ?? "";
  return assertion
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/"))));
}

test("no signal is no answer", async () => {
  const { connection } = aConnection({});
  expect(await pull(connection)).toEqual({ kind: "no-answer" });
});

test("the page of a hotel's network that answers everything is no answer", async () => {
  const page = () => new Response("<!doctype html><title>Log in to the network</title>", { status: 200 });
  const { connection } = aConnection(good({ "/v1/sync/pull": page }));
  expect(await pull(connection)).toEqual({ kind: "no-answer" });
});

test("a refusal keeps its code, its pointers and how long to wait", async () => {
  const problem = { code: "overload", errors: [{ pointer: "/items", code: "field.too-large" }] };
  const refuse = () => Response.json(problem, { status: 503, headers: { "retry-after": "30" } });
  const { connection } = aConnection(good({ "/v1/sync/pull": refuse }));
  expect(await pull(connection)).toEqual({
    kind: "refused",
    status: 503,
    code: "overload",
    errors: problem.errors,
    retry_after_seconds: 30,
    moved_to: null,
  });
});

test.each([
  ["30", 30],
  ["Tue, 20 Sep 2022 03:13:05 GMT", 120],
  ["Tue, 20 Sep 2022 03:11:04 GMT", null],
  ["soon", null],
])("how long to wait is told in seconds or as a date: %s", async (given, seconds) => {
  const headers = { "retry-after": given, date: "Tue, 20 Sep 2022 03:11:05 GMT" };
  const { connection } = aConnection(
    good({ "/v1/sync/pull": () => new Response("", { status: 429, headers }) }),
  );
  expect(await pull(connection)).toMatchObject({ status: 429, retry_after_seconds: seconds });
});

test("a refusal without a problem, as a proxy gives it, is still a refusal", async () => {
  const { connection } = aConnection(
    good({ "/v1/sync/pull": () => new Response("Bad Gateway", { status: 502 }) }),
  );
  expect(await pull(connection)).toMatchObject({ kind: "refused", status: 502, code: "no-answer" });
});

test("a register that does not take the key is not asked without a token", async () => {
  const refuse = () => Response.json({ code: "device-unknown" }, { status: 401 });
  const { connection, asked } = aConnection(good({ "/oauth/token": refuse }));
  expect(await pull(connection)).toMatchObject({ kind: "refused", status: 401, code: "device-unknown" });
  expect(asked.map(({ path }) => path)).toEqual(["/v1/sync/info", "/oauth/token"]);
});

test("a fresh token that is refused is not tried for ever", async () => {
  const { connection, asked } = aConnection(
    good({ "/v1/sync/pull": () => Response.json({}, { status: 401 }) }),
  );
  expect(await pull(connection)).toMatchObject({ kind: "refused", status: 401 });
  expect(asked.filter(({ path }) => path === "/v1/sync/pull")).toHaveLength(1);
});

test("an assertion is made out to the register, by its clock, and signed", async () => {
  let passed = 0;
  const monotonic = () => {
    passed += 2000;
    return passed;
  };
  const key = await createDeviceKey();
  const { connection, asked } = aConnection(good(), { monotonic });
  await connection.signed(key, call);
  const { init } = asked.find(({ path }) => path === "/oauth/token") ?? {};
  const [header, claims] = readAssertion(init);
  const iat = Date.parse(serverTime) / 1000 + 2;
  expect(header).toEqual({ alg: "ES256", typ: "JWT", kid: key.kid });
  expect(claims).toMatchObject({
    iss: key.kid,
    sub: key.kid,
    aud: "https://register.test/oauth/token",
    nonce: "nonce-1",
    iat,
    exp: iat + 60,
  });
  const [head, body, signature] = (new URLSearchParams(String(init?.body)).get("assertion") ?? "").split(".");
  expect(await isSigned(key.jwk, `${head}.${body}`, signature ?? "")).toBe(true);
});

test("one token serves until shortly before it ends", async () => {
  let clock = 0;
  const key = await createDeviceKey();
  const { connection, asked } = aConnection(good(), { monotonic: () => clock });
  await connection.signed(key, call);
  clock = 29_000;
  await connection.signed(key, call);
  clock = 31_000;
  await connection.signed(key, call);
  expect(asked.filter(({ path }) => path === "/oauth/token")).toHaveLength(2);
  expect(asked.at(-1)?.init.headers).toMatchObject({ authorization: "Bearer token-1" });
});

test("a long body travels compressed, a short one as it is, and neither with cookies", async () => {
  const { connection, asked } = aConnection(good());
  await connection.open({ ...call, body: { text: "x".repeat(2000) } });
  await connection.open(call);
  const [long, short] = asked.map(({ init }) => init);
  expect(long?.headers).toMatchObject({ "content-encoding": "gzip" });
  expect(short?.headers).not.toHaveProperty("content-encoding");
  expect(long?.credentials).toBe("omit");
});
