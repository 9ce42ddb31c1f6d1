// What rested on a refused document, written anew on top of the one that replaces it. Signed bytes never change, so
// putting one document right means new documents, with new ids, for all that named it.
import type { KeptDocument } from "./database.ts";
import { isDigest, type NewDocument, openDisclosure, readPayload } from "./document.ts";
import type { Item } from "./messages.ts";

/** New documents in the order of the old, and which old one each replaces. */
export type Rewritten = {
  readonly documents: readonly NewDocument[];
  readonly replaced: ReadonlyMap<string, string>;
};

/** `ids` maps the refused document to the one that replaces it; `dependants` in the order they were composed. */
export function rewriteDependants(
  ids: ReadonlyMap<string, string>,
  dependants: readonly KeptDocument[],
  makeId: () => string,
): Rewritten {
  // A pledge is a person's word: it is signed again by that person or not at all.
  const opened = dependants
    .filter(({ kind }) => kind !== "pledge")
    .flatMap(({ item }) => (item ? reopen(item) : []));
  const replaced = new Map([...ids, ...opened.map(({ id }) => [id, makeId()] as const)]);
  return { documents: opened.map((document) => rename(document, replaced)), replaced };
}

/** A document as its screen once gave it, before it was signed. */
function reopen({
  payload: text,
  disclosures = {},
}: Item): readonly (NewDocument & { readonly id: string })[] {
  const payload = readPayload(text);
  if (!payload) return [];
  const { kind, id, entity, base, resolves, after, log, place, body } = payload;
  const open = Object.entries(body).filter(([name, value]) => !isDigest(name, value));
  const values = Object.entries(disclosures).map(([name, disclosure]) => [
    name,
    openDisclosure(disclosure) ?? {},
  ]);
  return [
    {
      ...{ kind, id, after, log, place },
      ...(entity === id ? {} : { entity }),
      ...(base === null ? {} : { base }),
      ...(resolves ? { resolves } : {}),
      body: Object.fromEntries(open),
      disclosures: Object.fromEntries(values),
    },
  ];
}

/** Ids are unique over everything, so they may be renamed wherever they stand. */
function rename(document: NewDocument, ids: ReadonlyMap<string, string>): NewDocument {
  const renamed = (_name: string, value: unknown) =>
    typeof value === "string" ? (ids.get(value) ?? value) : value;
  return JSON.parse(JSON.stringify(document), renamed);
}
