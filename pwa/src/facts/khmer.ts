// One spelling for Khmer texts that read the same; NFC does not unify them. Twin: api/facts/khmer.py; both replay
// tests/vectors/names.json, group `khmer`.

const cluster = /([\u1780-\u17b3])((?:\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17d3\u17dd])+)/g;
const piece = /\u17d2.|./g;

// Deprecated letters, the two subscripts that look alike, the mark that is written or left out.
const same: readonly (readonly [string, string])[] = [
  ["\u17a3", "\u17a2"],
  ["\u17a4", "\u17a2\u17b6"],
  ["\u17d2\u178a", "\u17d2\u178f"],
  ["\u17d0", ""],
];
// Vowels typed in two strokes, then words with several accepted spellings; the second is the one kept.
const variants: readonly (readonly [string, string])[] = [
  ["\u17c1\u17b8", "\u17be"],
  ["\u17c1\u17b6", "\u17c4"],
  ["ឲ្យ", "ឱ្យ"],
  ["អោយ", "ឱ្យ"],
  ["អ៊ីនធឺណេត", "អ៊ីនធឺណិត"],
];

/** The one form of a Khmer text; other scripts pass unchanged. */
export function foldKhmer(text: string): string {
  const ordered = replaceAll(text, same).replace(
    cluster,
    (_, letter: string, marks: string) => letter + inOrder(marks),
  );
  return replaceAll(ordered, variants);
}

function replaceAll(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((result, [from, to]) => result.replaceAll(from, to), text);
}

/** What follows a letter, in order: subscripts (ro last), registers, vowels, signs. */
function inOrder(marks: string): string {
  return (marks.match(piece) ?? []).sort((one, other) => rank(one) - rank(other)).join("");
}

function rank(mark: string): number {
  if (mark.startsWith("\u17d2")) return mark.endsWith("\u179a") ? 1 : 0;
  if (/[\u17c9\u17ca\u17cc]/.test(mark)) return 2;
  return mark >= "\u17b6" && mark <= "\u17c5" ? 3 : 4;
}
