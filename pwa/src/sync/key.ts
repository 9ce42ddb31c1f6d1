// The phone's own key: a P-256 pair whose private half can sign but never be read out, not even by this program.
import { decodeBase64url, encodeBase64url, sha256, utf8 } from "./encoding.ts";
import type { PublicJwk } from "./messages.ts";

const curve = { name: "ECDSA", namedCurve: "P-256" } as const;
const algorithm = { name: "ECDSA", hash: "SHA-256" } as const;

export type DeviceKey = { readonly kid: string; readonly jwk: PublicJwk; readonly private_key: CryptoKey };

export async function createDeviceKey(): Promise<DeviceKey> {
  const pair = await crypto.subtle.generateKey(curve, false, ["sign", "verify"]);
  const { x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  if (!x || !y) throw new Error("The browser made a key without coordinates");
  const jwk = { kty: "EC", crv: "P-256", x, y };
  return { kid: await thumbprint(jwk), jwk, private_key: pair.privateKey };
}

/** The RFC 7638 thumbprint, which is the `kid` of every key in the protocol. */
export function thumbprint({ crv, kty, x, y }: PublicJwk): Promise<string> {
  return sha256(JSON.stringify({ crv, kty, x, y }));
}

/** The ES256 signature (64 bytes r‖s) over a text's UTF-8 bytes, in base64url. */
export async function sign(key: DeviceKey, text: string): Promise<string> {
  const signature = await crypto.subtle.sign(algorithm, key.private_key, utf8(text));
  return encodeBase64url(new Uint8Array(signature));
}

/** Whether `signature` (base64url of r‖s) over a text was made with the key. */
export async function isSigned(jwk: PublicJwk, text: string, signature: string): Promise<boolean> {
  const bytes = decodeBase64url(signature);
  if (bytes?.length !== 64) return false;
  try {
    const { kty, crv, x, y } = jwk;
    const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, curve, false, ["verify"]);
    return await crypto.subtle.verify(algorithm, key, bytes, utf8(text));
  } catch {
    return false;
  }
}
