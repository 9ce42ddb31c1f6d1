// Keeps the shell in a cache named after its build: apart from the events so that what is kept can be read in one place.
// Nothing is kept that is not the register's: what a captive portal or a proxy answers in its place would stay for good.

import { readRegister } from "../sync/register.ts";

declare const __PRECACHE__: readonly (readonly [url: string, revision: string])[];
declare const __BUILD__: string;

const shellName = `shell-${__BUILD__}`;
/** Places, orders, pledge texts and receipt keys: the last good copy outlives every build. */
const registerName = "register";
const registerUrl = "/app/register.json";
const pageUrl = "/app/";
/** Header under which a kept file remembers its checked revision, so that an update fetches only what changed. */
const revisionHeader = "x-shell-checked";
/** As many bytes of the SHA-256 as `packing/worker.ts` names. */
const revisionBytes = 6;
const registerWaitMs = 4000;

/** Fetches what is new and takes over what is not; one missing or foreign file fails the installation. */
export async function keepShell(): Promise<void> {
  const shell = await caches.open(shellName);
  await Promise.all(__PRECACHE__.map(([url, revision]) => keepFile(shell, url, revision)));
  await refreshRegister().catch(() => undefined);
}

async function keepFile(shell: Cache, url: string, revision: string): Promise<void> {
  const kept = await caches.match(url);
  const usable = kept?.headers.get(revisionHeader) === revision;
  const response = usable && kept ? kept : await fetchFile(url, revision);
  await shell.put(url, response);
}

async function fetchFile(url: string, revision: string): Promise<Response> {
  // Files under assets/ carry their hash in the name, so the copy the page has just loaded is good, or came wrong.
  const ways: readonly RequestCache[] = [url.includes("/assets/") ? "default" : "no-cache", "reload"];
  for (const cache of ways) {
    const response = await fetch(url, { cache });
    const content = await response.arrayBuffer();
    if (response.ok && (await revisionOf(content)) === revision) {
      const headers = new Headers(response.headers);
      headers.set(revisionHeader, revision);
      return new Response(content, { headers });
    }
  }
  throw new Error(`What came for ${url} is not the shell's`);
}

async function revisionOf(content: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(digest.subarray(0, revisionBytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Drops old shells, but not the last: a page that is still open may yet load a part of it. */
export async function forgetOldShells(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("shell-") && name !== shellName);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
}

/** The kept answer to a request, or null when the worker should stay out of the way. */
export function answer(request: Request): Promise<Response> | null {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return null;
  // The page itself, not a way to it: a redirect would need a second worker to answer without signal.
  if (url.pathname === "/verify") return answerShell(request, pageUrl);
  if (!url.pathname.startsWith(pageUrl)) return null;
  if (url.pathname === registerUrl) return answerRegister();
  return answerShell(request, request.mode === "navigate" ? pageUrl : url.pathname);
}

async function answerShell(request: Request, url: string): Promise<Response> {
  const shell = await caches.open(shellName);
  return (await shell.match(url)) ?? (await caches.match(url)) ?? fetch(request);
}

/** Network first, but not for longer than a person waits; the copy is refreshed either way. */
async function answerRegister(): Promise<Response> {
  const kept = await caches.match(registerUrl);
  const fresh = refreshRegister();
  if (!kept) return fresh;
  const patience = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), registerWaitMs));
  return Promise.race([fresh.catch(() => kept), patience]);
}

async function refreshRegister(): Promise<Response> {
  const response = await fetch(registerUrl, { cache: "no-cache" });
  if (!(await readRegister(response.clone()))) throw new Error("What came is not the register's");
  await (await caches.open(registerName)).put(registerUrl, response.clone());
  return response;
}
