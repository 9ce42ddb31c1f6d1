// How a number is shown to somebody who may not read it. Twin: api/facts/masking.py; both replay
// tests/vectors/masking.json.

/** The same length whatever it hides. */
const blank = "•••••";
const shown = 3;
const shortest = 6;

/** Masks the number of a document or telephone but for its end, a short one wholly; "unknown" hides nobody. */
export function maskNumber(text: string): string {
  if (text === "" || text === "unknown") return text;
  const signs = Array.from(text);
  return signs.length >= shortest ? blank + signs.slice(-shown).join("") : blank;
}
