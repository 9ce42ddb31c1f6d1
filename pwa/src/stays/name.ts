// How a person is called on every screen.
import { type Entry, textAt } from "../ui/entries.ts";

/** The name as screens show it: as in the passport, else in the person's own script; empty when not known. */
export function nameOf({ body }: Pick<Entry, "body">): string {
  const latin = [textAt(body, "identity", "primary"), textAt(body, "identity", "secondary")]
    .filter(Boolean)
    .join(" ");
  return latin || textAt(body, "identity", "native");
}
