// How a place is called on every screen: by its name in the reader's script, else by its kind.
import type { JsonObject } from "../sync/messages.ts";
import { type Entry, knownTextAt, textAt } from "../ui/entries.ts";
import { currentLanguage, isTextKey, t } from "../ui/text.ts";

export function nameInWords({ body }: Pick<Entry, "body">): string {
  const kind = `premises.kind.${textAt(body, "kind")}`;
  return premisesName(body, currentLanguage()) || t(isTextKey(kind) ? kind : "premises.unnamed");
}

/** How a place is called: its name in the reader's script, else any, else its address. */
export function premisesName(body: JsonObject, language: string): string {
  const order = { km: ["km", "latin", "zh"], zh: ["zh", "latin", "km"] }[language] ?? ["latin", "km", "zh"];
  const names = [
    ...order.map((script) => knownTextAt(body, "names", script)),
    knownTextAt(body, "address"),
    knownTextAt(body, "landmark"),
  ];
  return names.find(Boolean) ?? "";
}
