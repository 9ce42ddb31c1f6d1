// How a person is called on every screen.
import { type Entry, knownTextAt } from "../ui/entries.ts";

/** The name as screens show it: as in the passport, else in the person's own script; empty when not known. */
export function nameOf({ body }: Pick<Entry, "body">): string {
  const latin = [knownTextAt(body, "identity", "primary"), knownTextAt(body, "identity", "secondary")]
    .filter(Boolean)
    .join(" ");
  return latin || knownTextAt(body, "identity", "native");
}
