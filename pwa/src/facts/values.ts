// What a piece of text may hold and how two texts are compared. Twin: api/facts/values.py; both replay
// tests/vectors/values.json.

export type TextFault = "control" | "bidi";

// Embeddings, overrides and isolates turn the order of what is read on screen around.
const bidi = /[\u202a-\u202e\u2066-\u2069]/;
// Controls, half surrogate pairs, line separators, annotation marks, tag characters, noncharacters.
const control = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\u{e0000}-\u{e007f}]/u;
// Zero-width spaces and joiners, every direction mark, soft hyphens, Khmer's inherent vowels, selectors.
const zeroWidth =
  /\u00ad|\u034f|\u061c|\u17b4|\u17b5|\u180e|[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069]|[\ufe00-\ufe0f]|\ufeff/g;

/** What makes this text unfit for the register; `lines` allows line feeds (remarks). */
export function findTextFault(text: string, lines = false): TextFault | null {
  if (bidi.test(text)) return "bidi";
  const line = lines ? text.replaceAll("\n", "") : text;
  return control.test(line) ? "control" : null;
}

/** Whether the text is in the one normal form the register stores. */
export function isNfc(text: string): boolean {
  return text === text.normalize("NFC");
}

/** Typed text in the form that is stored: NFC, no space around it. */
export function normaliseText(text: string): string {
  return text.normalize("NFC").trim();
}

/**
 * Typed or pasted text as it is kept: without the invisible signs that the register refuses. Tabs and ends of lines
 * become a space; where `lines` are kept, ends of lines become line feeds. What shows nothing at all is no text.
 */
export function cleanText(text: string, lines = false): string {
  const broken = text.replace(/\r\n?|[\v\f\x85\u2028\u2029]/g, "\n");
  const spaced = broken.replace(lines ? /\t/g : /\s*[\t\n]\s*/g, " ");
  const fit = Array.from(spaced, (sign) => (findTextFault(sign, lines) ? "" : sign)).join("");
  return stripZeroWidth(fit).trim() ? normaliseText(fit) : "";
}

/** The text without what has no width; Khmer texts carry such spaces between words, or do not. */
export function stripZeroWidth(text: string): string {
  return text.replace(zeroWidth, "");
}

/** Khmer and full-width digits as 0-9; nothing else changes. */
export function foldDigits(text: string): string {
  // The last four bits of these code points are the digit.
  return text.replace(/[\u17e0-\u17e9\uff10-\uff19]/g, (digit) => String(digit.charCodeAt(0) & 15));
}

/** The form in which two texts are compared: what looks the same is the same. */
export function comparable(text: string): string {
  return foldDigits(stripZeroWidth(text.normalize("NFKC")))
    .toLowerCase()
    .trim()
    .replace(/\s+/g, " ");
}

/** The form in which numbers of documents are compared: capitals and digits alone, of any script. */
export function normaliseDocumentNumber(text: string): string {
  return foldDigits(text.normalize("NFKC"))
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
