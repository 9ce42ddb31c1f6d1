// How an entry is called on the officer's lists.
import { kindInWords } from "../ledger/problem.tsx";
import { nameInWords } from "../premises/name.ts";
import { nameOf } from "../stays/name.ts";
import { type Entry, knownTextAt } from "../ui/entries.ts";
import { phone } from "../ui/phone.ts";
import { t } from "../ui/text.ts";

export function entryName(entry: Entry): string {
  if (entry.kind === "stay") return nameOf(entry) || t("stay.unnamed");
  if (entry.kind === "premises") return nameInWords(entry);
  return kindInWords(entry.kind);
}

/** Where it is: the place, and the room for a person. */
export function entryPlace(entry: Entry): string {
  const premises = phone.value.entries.get(entry.premises_id ?? entry.id);
  const unit = entry.kind === "stay" ? knownTextAt(entry.body, "unit") : "";
  return [premises ? nameInWords(premises) : "", unit && t("premises.unit", { unit })]
    .filter(Boolean)
    .join(" · ");
}
