// Signed documents exactly as wire.md gives them: the one place of the phone that writes, reads and checks their bytes.
import {
  decodeBase64url,
  decodeText,
  encodeBase64url,
  sha256,
  utf8,
  uuid7,
  writeInstant,
} from "./encoding.ts";
import { isObject, readJson, readObject } from "./json.ts";
import { type DeviceKey, isSigned, sign, thumbprint } from "./key.ts";
import {
  type Anchor,
  afterMax,
  type Item,
  type JsonObject,
  type Payload,
  type PublicJwk,
  payloadBytesMax,
} from "./messages.ts";

const saltBytes = 16;

/** What a screen knows of a document; the rest is filled in when it is signed. */
export type NewDocument = {
  readonly kind: string;
  /** Made here when absent. */
  readonly id?: string;
  /** The entity that is corrected, ended or judged; absent for a first revision. */
  readonly entity?: string;
  /** The revision that the author saw; absent for a first revision. */
  readonly base?: string;
  /** Conflict branches, or the former verdict, that this settles. */
  readonly resolves?: readonly string[];
  /** Ids that must be in the log first, beyond those that base, entity and body already name. */
  readonly after?: readonly string[];
  readonly log: string;
  /** The commune's place_id. */
  readonly place: string;
  readonly body: JsonObject;
  /** Personal values by name (`identity`, `document`, `contact`, `remarks`, `signature`): they travel beside the signature. */
  readonly disclosures?: Readonly<Record<string, JsonObject>>;
};

/** What the device adds: who signs, its count, what it last saw, and the time it believes. */
export type Signing = {
  readonly key: DeviceKey;
  readonly seq: number;
  readonly anchor: Anchor | null;
  readonly now: number;
};

/** A document that was signed or read: its bytes, what they say, and their hash in base64url. */
export type SignedDocument = { readonly item: Item; readonly payload: Payload; readonly hash: string };

/** Why a document cannot be taken as it is: the codes of protocol.md. */
export type Refusal = "malformed" | "bad-signature";

/** Signs a document; throws when it is larger than the register takes. */
export async function composeDocument(document: NewDocument, signing: Signing): Promise<SignedDocument> {
  const disclosures = writeDisclosures(document.disclosures ?? {});
  const payload = await writePayload(document, disclosures, signing);
  const text = JSON.stringify(payload);
  if (utf8(text).length > payloadBytesMax) throw new RangeError("The document is larger than 64 KiB");
  const header = { alg: "ES256", b64: false, crit: ["b64"], kid: signing.key.kid };
  const head = encodeBase64url(utf8(JSON.stringify(header)));
  const signature = await sign(signing.key, `${head}.${text}`);
  const item = { protected: head, payload: text, signature };
  const hash = await sha256(text);
  return { item: Object.keys(disclosures).length > 0 ? { ...item, disclosures } : item, payload, hash };
}

/** The ids that a document refers to, each of which has to be in the log before it (protocol.md, "Documents"). */
export function listReferences(document: NewDocument): readonly string[] {
  const { premises_id, order_id } = document.body;
  const named = [document.base, document.entity, premises_id, order_id, ...(document.resolves ?? [])];
  const references = [...named, ...(document.after ?? [])].filter((id) => typeof id === "string");
  const unique = [...new Set(references)].filter((id) => id !== document.id);
  if (unique.length > afterMax) throw new RangeError(`A document rests on at most ${afterMax} others`);
  return unique;
}

/** The item in a value of unknown shape, or null when it is none. */
export function readItem(value: unknown): Item | null {
  if (!isObject(value)) return null;
  const { protected: header, payload, signature, disclosures } = value;
  if (typeof header !== "string" || typeof payload !== "string" || typeof signature !== "string") return null;
  const item = { protected: header, payload, signature };
  if (disclosures === undefined || disclosures === null) return item;
  return isTexts(disclosures) ? { ...item, disclosures } : null;
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}

/** Reads an item and checks everything but its signature. */
export async function readDocument(item: Item): Promise<SignedDocument | Refusal> {
  const kid = readHeader(item.protected);
  const payload = readPayload(item.payload);
  if (!kid || !payload) return "malformed";
  if (payload.by !== kid) return "bad-signature";
  const digests = await Promise.all(
    Object.entries(item.disclosures ?? {}).map(([name, text]) => isDisclosureOf(payload, name, text)),
  );
  if (digests.includes(false)) return "malformed";
  return { item, payload, hash: await sha256(item.payload) };
}

/** Reads an item and checks that the key it names has signed it. */
export async function verifyDocument(item: Item, jwk: PublicJwk): Promise<SignedDocument | Refusal> {
  const document = await readDocument(item);
  if (typeof document === "string") return document;
  const own = (await thumbprint(jwk)) === document.payload.by;
  const signed = own && (await isSigned(jwk, `${item.protected}.${item.payload}`, item.signature));
  return signed ? document : "bad-signature";
}

/** What a payload's text says, or null when it is malformed: size, JSON, and the fields of wire.md. */
export function readPayload(text: string): Payload | null {
  if (utf8(text).length > payloadBytesMax) return null;
  const value = readObject(text);
  return value && isPayload(value) ? value : null;
}

/**
 * The body with the disclosed values in line under their names; what is withheld or erased is left out.
 * Nothing is checked again: that was done when it was signed or came, and a start without signal opens a thousand.
 */
export function openBody(item: Item): JsonObject {
  const body = objectIn(item.payload, "body");
  const disclosures = item.disclosures ?? {};
  const opened = Object.entries(disclosures).map(([name, text]) => [name, objectIn(text, 1)] as const);
  const kept = Object.entries(body).filter(
    ([name, value]) => !(name in disclosures) && !isDigest(name, value),
  );
  return Object.fromEntries([...kept, ...opened]);
}

/** The object under a name, or at a place of a list; empty where there is none or the bytes were damaged. */
function objectIn(text: string, name: string | number): JsonObject {
  try {
    const value: unknown = JSON.parse(text)[name];
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

const disclosedNames = new Set(["identity", "document", "contact", "remarks", "signature"]);

/** Whether a value in a body is the digest of a disclosure, not the value itself. */
export function isDigest(name: string, value: unknown): boolean {
  return disclosedNames.has(name) && typeof value === "string";
}

function writeDisclosures(values: Readonly<Record<string, JsonObject>>): Record<string, string> {
  const texts = Object.entries(values).map(([name, value]) => {
    const salt = encodeBase64url(crypto.getRandomValues(new Uint8Array(saltBytes)));
    return [name, JSON.stringify([salt, value])] as const;
  });
  return Object.fromEntries(texts);
}

async function writePayload(
  document: NewDocument,
  disclosures: Readonly<Record<string, string>>,
  { key, seq, anchor, now }: Signing,
): Promise<Payload> {
  const id = document.id ?? uuid7(now);
  const digests = await Promise.all(
    Object.entries(disclosures).map(async ([name, text]) => [name, await sha256(text)] as const),
  );
  return {
    v: 1,
    by: key.kid,
    kind: document.kind,
    id,
    entity: document.entity ?? id,
    base: document.base ?? null,
    ...(document.resolves?.length ? { resolves: document.resolves } : {}),
    after: listReferences({ ...document, id }),
    log: document.log,
    place: document.place,
    seq,
    made_at: writeInstant(now),
    anchor,
    body: { ...document.body, ...Object.fromEntries(digests) },
  };
}

function readHeader(text: string): string | null {
  const header = readObject(decodeText(text) ?? "");
  if (!header) return null;
  const { alg, b64, crit, kid, ...others } = header;
  const known = alg === "ES256" && b64 === false && JSON.stringify(crit) === '["b64"]';
  return known && typeof kid === "string" && Object.keys(others).length === 0 ? kid : null;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The nil and the max UUID: programs write them for "none", so nothing is called so (sync/ids.py). */
const never = /^(0|f|-)+$/;

function isUuid(value: unknown): value is string {
  return typeof value === "string" && uuid.test(value) && !never.test(value);
}

function isUuids(value: unknown): boolean {
  return Array.isArray(value) && value.length <= afterMax && value.every(isUuid);
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value.length >= 1 && value.length <= 64;
}

function isCount(value: unknown, least: number): boolean {
  return Number.isInteger(value) && Number(value) >= least;
}

function isInstant(value: unknown): boolean {
  const milliseconds = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return !Number.isNaN(milliseconds) && writeInstant(milliseconds) === value;
}

function isDigestText(value: unknown): boolean {
  return typeof value === "string" && decodeBase64url(value)?.length === 32;
}

function isAnchor(value: unknown): boolean {
  if (value === null) return true;
  return (
    isObject(value) && isCount(value["pos"], 0) && isDigestText(value["chain"]) && isInstant(value["at"])
  );
}

/** One check a field, so that a new field is one line. */
const fieldChecks: Readonly<Record<keyof Payload, (value: unknown) => boolean>> = {
  v: (value) => isCount(value, 1),
  by: isDigestText,
  kind: isName,
  id: isUuid,
  entity: isUuid,
  base: (value) => value === null || isUuid(value),
  resolves: (value) => value === undefined || isUuids(value),
  after: isUuids,
  log: isName,
  place: isName,
  seq: (value) => isCount(value, 1),
  made_at: isInstant,
  anchor: isAnchor,
  body: isObject,
};

function isPayload(value: JsonObject): value is Payload & JsonObject {
  return Object.entries(fieldChecks).every(([name, check]) => check(value[name]));
}

async function isDisclosureOf(payload: Payload, name: string, text: string): Promise<boolean> {
  return openDisclosure(text) !== null && payload.body[name] === (await sha256(text));
}

/** The values in a disclosure's text, or null when it has another form. */
export function openDisclosure(text: string): JsonObject | null {
  const value = readJson(text);
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [salt, values]: unknown[] = value;
  const salted = typeof salt === "string" && decodeBase64url(salt)?.length === saltBytes;
  return salted && isObject(values) ? values : null;
}
