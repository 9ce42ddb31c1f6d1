// How documents and entries are called, and where they are opened and put right.
import { nameInWords } from "../premises/name.ts";
import { nameOf } from "../stays/name.ts";
import { type Entry, type OwnDocument, textAt } from "../ui/entries.ts";
import { phone } from "../ui/phone.ts";
import { kindInWords } from "./problem.tsx";

export function titleOf(document: OwnDocument): string {
  const entry = phone.value.entries.get(document.entity);
  const name = entry ? entryName(entry) : ownName(document);
  return titleWith(document.kind, name);
}

/** With its kind: a declaration and a pledge are called after the same place. */
export function entryTitle(entry: Entry): string {
  return titleWith(entry.kind, entryName(entry));
}

function titleWith(kind: string, name: string): string {
  return [kindInWords(kind), name].filter(Boolean).join(" · ");
}

/** Of a document that stands for no entry, because it was put aside. */
function ownName({ kind, body }: OwnDocument): string {
  if (kind === "stay") return nameOf({ body });
  return kind === "premises" ? nameInWords({ body }) : "";
}

export function entryName(entry: Entry): string {
  if (entry.kind === "stay") return nameOf(entry);
  const premises = entry.kind === "premises" ? entry : phone.value.entries.get(entry.premises_id ?? "");
  return premises ? nameInWords(premises) : "";
}

export function entryPath({ entity }: OwnDocument): string {
  const entry = phone.value.entries.get(entity);
  return entry ? pathOf(entry) : "/app/";
}

export function pathOf(entry: Entry): string {
  if (entry.kind === "stay") return `/app/stays/${entry.id}`;
  if (entry.kind === "pledge") return `/app/premises/${entry.premises_id}/pledge${underOrder(entry)}`;
  if (entry.kind === "declaration") return `/app/premises/${entry.premises_id}/declare${underOrder(entry)}`;
  return `/app/premises/${entry.id}`;
}

/** Several orders may be open at one place. */
function underOrder({ body }: Entry): string {
  return `?order=${textAt(body, "order_id")}`;
}

/** Where the refused entry is put right: its own form, or the screen on which it is made again. */
export function correctPath(document: OwnDocument): string {
  const path = entryPath(document);
  return document.kind === "stay" || document.kind === "premises" ? `${path}/correct` : path;
}
