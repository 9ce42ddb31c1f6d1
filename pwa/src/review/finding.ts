// Finds people by their names and places by what is written of them: pure, over everything on this phone.
import { type NameKey, nameKey, nameMatches } from "../facts/names.ts";
import { comparable } from "../facts/values.ts";
import { type Entry, textAt } from "../ui/entries.ts";

type Keyed = { readonly entry: Entry; readonly names: readonly NameKey[]; readonly text: string };
let keyed: { readonly of: ReadonlyMap<string, Entry>; readonly keys: readonly Keyed[] } | null = null;

/** The keys are made once for what is on the phone, not once a letter. */
function keysOf(entries: ReadonlyMap<string, Entry>): readonly Keyed[] {
  if (keyed?.of !== entries) {
    const searched = [...entries.values()].filter(({ kind }) => kind === "stay" || kind === "premises");
    keyed = { of: entries, keys: searched.map(keyOf) };
  }
  return keyed.keys;
}

function keyOf(entry: Entry): Keyed {
  const { body, kind } = entry;
  if (kind === "stay") {
    const passport = nameKey(textAt(body, "identity", "primary"), textAt(body, "identity", "secondary"));
    return { entry, names: [passport, nameKey(textAt(body, "identity", "native"))], text: "" };
  }
  const said = [textAt(body, "names", "km"), textAt(body, "names", "latin"), textAt(body, "names", "zh")];
  const where = [textAt(body, "village"), textAt(body, "address"), textAt(body, "landmark")];
  return {
    entry,
    names: said.filter(Boolean).map((name) => nameKey(name)),
    text: comparable([...said, ...where].join(" ")),
  };
}

export function findEntries(entries: ReadonlyMap<string, Entry>, query: string): readonly Entry[] {
  const wanted = comparable(query);
  return keysOf(entries)
    .filter(({ names, text }) => names.some((key) => nameMatches(query, key)) || text.includes(wanted))
    .map(({ entry }) => entry);
}
