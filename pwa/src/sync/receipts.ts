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

async function verifyCompact(
  text: string,
  keys: readonly ReceiptKey[],
  typ: string,
): Promise<JsonObject | null> {
  const [head = "", body = "", signature = "", ...others] = text.split(".");
  const header = readObject(decodeText(head) ?? "");
  const key = keys.find(({ kid }) => kid === header?.["kid"]);
  if (!header || !key || others.length > 0 || header["alg"] !== "ES256" || header["typ"] !== typ) return null;
  return (await isSigned(key, `${head}.${body}`, signature)) ? readObject(decodeText(body) ?? "") : null;
}

function hasTexts(claims: JsonObject, names: readonly string[]): boolean {
  return Number.isInteger(claims["pos"]) && names.every((name) => typeof claims[name] === "string");
}

function isReceipt(claims: JsonObject): claims is ReceiptClaims & JsonObject {
  return hasTexts(claims, ["register", "id", "hash", "kind", "log", "chain", "received_at", "grade"]);
}

function isHead(claims: JsonObject): claims is HeadClaims & JsonObject {
  return hasTexts(claims, ["register", "log", "chain", "at"]);
}
