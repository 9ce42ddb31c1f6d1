// Receipts and signed heads: compact JWS that a phone checks by itself, without signal, with the register's public keys.
import { decodeText } from "./encoding.ts";
import { readObject } from "./json.ts";
import { isSigned } from "./key.ts";
import type { HeadClaims, JsonObject, ReceiptClaims, ReceiptKey } from "./messages.ts";

/** What a receipt says, or null unless one of the register's keys signed it. */
export async function verifyReceipt(
  text: string,
  keys: readonly ReceiptKey[],
): Promise<ReceiptClaims | null> {
  const claims = await verifyCompact(text, keys, "sangkat-receipt+jws");
  return claims && isReceipt(claims) ? claims : null;
}

/** What a signed head says, or null unless one of the register's keys signed it. */
export async function verifyHead(text: string, keys: readonly ReceiptKey[]): Promise<HeadClaims | null> {
  const claims = await verifyCompact(text, keys, "sangkat-head+jws");
  return claims && isHead(claims) ? claims : null;
}

/** The kid of the key that a compact JWS says to be signed by. */
export function signerOf(text: string): unknown {
  return readObject(decodeText(text.split(".")[0] ?? "") ?? "")?.["kid"];
}

/** When a receipt says that its document was received; only for one that was verified when it was kept. */
export function claimedReceivedAt(text: string): string | null {
  const said = readObject(decodeText(text.split(".")[1] ?? "") ?? "")?.["received_at"];
  return typeof said === "string" && !Number.isNaN(Date.parse(said)) ? said : null;
}

async function verifyCompact(
  text: string,
  keys: readonly ReceiptKey[],
  typ: string,
): Promise<JsonObject | null> {
  const [head = "", body = "", signature = "", ...others] = text.split(".");
  const key = keys.find(({ kid }) => kid === signerOf(text));
  if (!key || others.length > 0 || !isHeader(readObject(decodeText(head) ?? ""), typ)) return null;
  return (await isSigned(key, `${head}.${body}`, signature)) ? readObject(decodeText(body) ?? "") : null;
}

/** Exactly what the register writes: anything more might have to be understood. */
function isHeader(header: JsonObject | null, typ: string): boolean {
  return (
    header !== null && Object.keys(header).length === 3 && header["alg"] === "ES256" && header["typ"] === typ
  );
}

const grades = new Set<unknown>(["author", "register", "paper"]);

function hasTexts(claims: JsonObject, names: readonly string[]): boolean {
  return Number.isInteger(claims["pos"]) && names.every((name) => typeof claims[name] === "string");
}

function isReceipt(claims: JsonObject): claims is ReceiptClaims & JsonObject {
  return (
    grades.has(claims["grade"]) &&
    hasTexts(claims, ["register", "id", "hash", "kind", "log", "chain", "received_at"])
  );
}

function isHead(claims: JsonObject): claims is HeadClaims & JsonObject {
  return hasTexts(claims, ["register", "log", "chain", "at"]);
}
