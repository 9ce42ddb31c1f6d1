// Makes views, documents and entries with defaults, so that a test names only what it is about. TEST DATA throughout.
import type { View } from "../src/sync/messages.ts";
import type { Entry, OwnDocument } from "../src/ui/entries.ts";

export const premisesId = "01000000-0000-7000-8000-000000000001";
export const stayId = "01000000-0000-7000-8000-000000000002";
export const orderId = "01000000-0000-7000-8000-000000000003";

export function makeView(changes: Partial<View> = {}): View {
  return {
    id: stayId,
    kind: "stay",
    revision: stayId,
    effect: "pending",
    place: "psh-c-sangkat-4",
    premises_id: premisesId,
    author: "01000000-0000-7000-8000-0000000000aa",
    author_state: "active",
    pos: 5,
    changed_pos: 5,
    received_at: "2026-03-02T03:00:00.000Z",
    body: { premises_id: premisesId, unit: "3", identity: { primary: "TEST DATA", secondary: "ONE" } },
    ...changes,
  };
}

export function makeDocument(changes: Partial<OwnDocument> = {}): OwnDocument {
  const id = changes.id ?? stayId;
  return {
    id,
    order: 1,
    kind: "stay",
    entity: id,
    place: "psh-c-sangkat-4",
    made_at: "2026-03-02T03:00:00.000Z",
    after: [premisesId],
    body: { premises_id: premisesId, unit: "3" },
    state: "queued",
    attempts: 0,
    not_before_ms: 0,
    pos: null,
    receipt: null,
    code: null,
    errors: [],
    blocked_by: null,
    replaced_by: null,
    ...changes,
  };
}

export function makeEntry(changes: Partial<Entry> = {}): Entry {
  return {
    id: stayId,
    kind: "stay",
    place: "psh-c-sangkat-4",
    premises_id: premisesId,
    revision: stayId,
    body: {},
    state: "pending",
    left_on: undefined,
    is_withdrawn: false,
    view: undefined,
    own: [],
    ...changes,
  };
}
