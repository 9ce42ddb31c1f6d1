// Finds people by their names and places by what is written of them: pure, over everything on this phone.
import { type NameKey, nameKey, nameMatcher, nameMeasurer } from "../facts/names.ts";
import { comparable } from "../facts/values.ts";
import { type Entry, knownTextAt } from "../ui/entries.ts";

type Keyed = { readonly names: readonly NameKey[]; readonly text: string };

/** What entries are found by, each folded once for as long as it says the same. */
const known = new Map<string, Keyed>();
const foldedAtOnce = 200;

function keyOf(entry: Entry): Keyed {
  const name = `${entry.id} ${entry.revision}`;
  const key = known.get(name) ?? fold(entry);
  known.set(name, key);
  return key;
}

function fold({ body, kind }: Entry): Keyed {
  if (kind === "stay") {
    const passport = nameKey(
      knownTextAt(body, "identity", "primary"),
      knownTextAt(body, "identity", "secondary"),
    );
    const native = knownTextAt(body, "identity", "native");
    return { names: native ? [passport, nameKey(native)] : [passport], text: "" };
  }
  const said = ["km", "latin", "zh"].map((script) => knownTextAt(body, "names", script)).filter(Boolean);
  const where = ["village", "address", "landmark"].map((name) => knownTextAt(body, name));
  return { names: said.map((name) => nameKey(name)), text: comparable([...said, ...where].join(" ")) };
}

function isSought({ kind }: Entry): boolean {
  return kind === "stay" || kind === "premises";
}

/** Folds everything a little at a time before it is asked for, so that the first letter typed does not wait. */
export async function prepareFinding(entries: Iterable<Entry>, pause: () => Promise<void>): Promise<void> {
  let folded = 0;
  for (const entry of entries) {
    if (!isSought(entry)) continue;
    keyOf(entry);
    folded += 1;
    if (folded % foldedAtOnce === 0) await pause();
  }
}

/** What was sought, or what is written almost like it. */
export type Findings = { readonly entries: readonly Entry[]; readonly areSimilar: boolean };

/** Everything with the words asked for; where nobody has them, those whose names are close, the closest first. */
export function findEntries(entries: ReadonlyMap<string, Entry>, query: string): Findings {
  const sought = [...entries.values()].filter(isSought);
  const wanted = comparable(query);
  const matches = nameMatcher(query);
  const exact = sought.filter((entry) => {
    const { names, text } = keyOf(entry);
    return names.some(matches) || text.includes(wanted);
  });
  return exact.length > 0
    ? { entries: exact, areSimilar: false }
    : { entries: findSimilar(sought, query), areSimilar: true };
}

function findSimilar(sought: readonly Entry[], query: string): readonly Entry[] {
  const measure = nameMeasurer(query);
  const measured = sought.map((entry) => ({ entry, distance: leastDistance(keyOf(entry).names, measure) }));
  const close = measured.filter(({ distance }) => Number.isFinite(distance));
  return close.sort((one, other) => one.distance - other.distance).map(({ entry }) => entry);
}

function leastDistance(names: readonly NameKey[], measure: (key: NameKey) => number | null): number {
  return Math.min(...names.map((name) => measure(name) ?? Number.POSITIVE_INFINITY));
}
