// What the phone knows of each entry: the register's view with this phone's own documents laid on top. Pure, and apart
// from the database, because every screen rests on it.
import type { FieldError, JsonObject, View } from "../sync/messages.ts";

/** A document of this phone as screens need it. */
export type OwnDocument = {
  readonly id: string;
  readonly order: number;
  readonly kind: string;
  readonly entity: string;
  readonly place: string;
  readonly made_at: string;
  /** The ids that it rests on. */
  readonly after: readonly string[];
  /** The body with its disclosures in line; empty when only the summary is kept. */
  readonly body: JsonObject;
  readonly state: string;
  /** How often it was tried to send it since the last answer. */
  readonly attempts: number;
  /** Not to be sent before this instant of the phone's clock; 0 is at once. */
  readonly not_before_ms: number;
  readonly pos: number | null;
  readonly receipt: string | null;
  readonly code: string | null;
  readonly errors: readonly FieldError[];
  readonly blocked_by: string | null;
  readonly replaced_by: string | null;
  readonly discarded_at?: string | null;
};

/** One premises, stay, declaration or pledge as it stands now, sent or not. */
export type Entry = {
  readonly id: string;
  readonly kind: string;
  readonly place: string;
  readonly premises_id: string | undefined;
  /** The newest revision of which this phone knows, to be the base of the next. */
  readonly revision: string;
  readonly body: JsonObject;
  /** In the words of `state.<…>`. */
  readonly state: string;
  readonly left_on: string | undefined;
  readonly is_withdrawn: boolean;
  readonly view: View | undefined;
  /** This phone's documents on it, oldest first, without those that were replaced or put aside. */
  readonly own: readonly OwnDocument[];
};

const unsent = new Set(["queued", "sending", "held"]);

export function isWaiting({ state }: OwnDocument): boolean {
  return unsent.has(state);
}

/** Why the register does not take it yet, when it said so: a document that a person must do something about. */
export function delayOf(document: OwnDocument): string | null {
  return isWaiting(document) && document.state !== "held" ? document.code : null;
}

export function isReceived({ state }: OwnDocument): boolean {
  return state === "received" || state === "confirmed" || state === "summary";
}

/** Refused, or resting on something refused, and neither put right nor put aside. */
export function isStuck(document: OwnDocument): boolean {
  const { state, replaced_by } = document;
  return (state === "rejected" || state === "blocked") && replaced_by === null && !isDiscarded(document);
}

/** Put aside by the person; it is kept, and can be brought back. */
export function isDiscarded({ discarded_at, replaced_by }: OwnDocument): boolean {
  return Boolean(discarded_at) && replaced_by === null;
}

/** Entries that a person made and that stand on lists; what answers them does not. */
const listed = new Set(["premises", "stay", "declaration", "pledge"]);

export function foldEntries(
  views: readonly View[],
  documents: readonly OwnDocument[],
): ReadonlyMap<string, Entry> {
  const own = groupByEntity(documents);
  const byId = new Map(views.map((view) => [view.id, view]));
  const ids = new Set([...byId.keys(), ...own.keys()]);
  return new Map(
    [...ids].flatMap((id) => {
      const entry = foldEntry(id, byId.get(id), own.get(id) ?? []);
      return entry ? [[id, entry]] : [];
    }),
  );
}

function groupByEntity(documents: readonly OwnDocument[]): ReadonlyMap<string, readonly OwnDocument[]> {
  const groups = new Map<string, OwnDocument[]>();
  for (const document of [...documents].sort((a, b) => a.order - b.order)) {
    if (document.replaced_by !== null || isDiscarded(document)) continue;
    const group = groups.get(document.entity);
    if (group) group.push(document);
    else groups.set(document.entity, [document]);
  }
  return groups;
}

function foldEntry(id: string, view: View | undefined, own: readonly OwnDocument[]): Entry | null {
  const first = view ?? own.find((document) => document.id === id && listed.has(document.kind));
  if (!first || !listed.has(first.kind)) return null;
  const ahead = view ? own.filter((document) => isAhead(view, document)) : own;
  const body = ahead.filter(({ kind }) => kind === first.kind).reduce(layOver, view?.body ?? {});
  const premises = body["premises_id"] ?? view?.premises_id ?? restsOn(first.kind, own);
  return {
    id,
    kind: first.kind,
    place: first.place,
    premises_id: typeof premises === "string" ? premises : undefined,
    revision:
      lastOf(ahead, ({ kind, state }) => kind === first.kind && state !== "rejected")?.id ??
      view?.revision ??
      id,
    body,
    state: stateOf(view, ahead, own),
    left_on: leftOn(view, ahead),
    is_withdrawn: isWithdrawn(view, ahead),
    view,
    own,
  };
}

/** A document whose bytes were damaged no longer says where it belongs; what it rests on still does. */
function restsOn(kind: string, own: readonly OwnDocument[]): string | undefined {
  return kind === "stay" ? own[0]?.after[0] : undefined;
}

/** Whether the register's view does not show this document yet. */
function isAhead(view: View, { pos }: OwnDocument): boolean {
  return pos === null || pos > (view.changed_pos ?? view.pos ?? 0);
}

/** The refused first revision is shown, so that it can be put right; a refused correction is not. */
function layOver(body: JsonObject, document: OwnDocument): JsonObject {
  if (document.state === "rejected" && document.id !== document.entity) return body;
  return mergePatch(body, document.body);
}

function stateOf(view: View | undefined, ahead: readonly OwnDocument[], own: readonly OwnDocument[]): string {
  const stuck = own.find(isStuck);
  if (stuck) return stuck.state;
  const last = lastOf(ahead);
  if (last && isWaiting(last)) return last.state;
  if (last) return "received";
  return view?.effect ?? "received";
}

function leftOn(view: View | undefined, ahead: readonly OwnDocument[]): string | undefined {
  const departure = lastOf(ahead, ({ kind, state }) => kind === "departure" && state !== "rejected");
  const day = departure?.body["left_on"];
  return typeof day === "string" ? day : view?.left_on;
}

function isWithdrawn(view: View | undefined, ahead: readonly OwnDocument[]): boolean {
  return (
    view?.effect === "withdrawn" ||
    ahead.some(({ kind, state }) => kind === "withdrawal" && state !== "rejected")
  );
}

/** The last of a list for which something holds. */
export function lastOf<T>(list: readonly T[], holds: (one: T) => boolean = () => true): T | undefined {
  const held = list.filter(holds);
  return held[held.length - 1];
}

/** What stands side by side in a conflict: the revision that came first, and those that answered the same one. */
export function listBranches({ view }: Entry): readonly { readonly id: string; readonly body: JsonObject }[] {
  if (!view?.branches || view.branches.length === 0) return [];
  const others = view.branches.filter(({ id }) => id !== view.revision);
  return [{ id: view.revision, body: view.body }, ...others];
}

/** Of each body only what is not the same in all: nobody should compare a dozen facts to find the one that differs. */
export function listDifferences(bodies: readonly JsonObject[]): readonly JsonObject[] {
  const [first = {}] = bodies;
  const differs = (name: string) => bodies.some((body) => !isSame(body[name], first[name]));
  return bodies.map((body) => Object.fromEntries(Object.entries(body).filter(([name]) => differs(name))));
}

/** RFC 7396. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else
      merged[name] =
        isPlain(value) && !disclosed.has(name) ? mergePatch(plainOf(merged[name]), value) : value;
  }
  return merged;
}

/** The patch from one body to another: what is gone is null, what is the same is left out. */
export function patchOf(before: JsonObject, after: JsonObject): JsonObject {
  const gone = Object.keys(before)
    .filter((name) => !(name in after))
    .map((name) => [name, null] as const);
  const changed = Object.entries(after).flatMap(([name, value]) => {
    const old = before[name];
    if (isSame(old, value)) return [];
    return [[name, isPlain(old) && isPlain(value) ? patchOf(old, value) : value] as const];
  });
  return Object.fromEntries([...gone, ...changed]);
}

/** Whether two JSON values say the same, whatever the order of their names. */
export function isSame(one: unknown, other: unknown): boolean {
  if (!isPlain(one) || !isPlain(other)) {
    if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
    return one.length === other.length && one.every((value, at) => isSame(value, other[at]));
  }
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isSame(one[name], other[name]));
}

/** Disclosures are replaced whole: their digest stands in the signed body. */
const disclosed = new Set(["identity", "document", "contact", "remarks", "signature"]);

function isPlain(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function plainOf(value: unknown): JsonObject {
  return isPlain(value) ? value : {};
}

/** The value under nested names, or undefined. */
export function valueAt(body: JsonObject, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((value, name) => plainOf(value)[name], body);
}

/** The text under nested names, or an empty one. */
export function textAt(body: JsonObject, ...names: readonly string[]): string {
  const value = valueAt(body, ...names);
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** The same without the word `unknown`, which stands in a text whose answer nobody knew (wire.md). */
export function knownTextAt(body: JsonObject, ...names: readonly string[]): string {
  const text = textAt(body, ...names);
  return text === "unknown" ? "" : text;
}
