// How close a word that was typed is to one of a name: on the phone what api/facts/closeness.py is at the register.
// Closeness finds and sorts, it never decides.

/** How many letters may be wrong, by the length of the word; a short one would mean half of all names. */
function wrongMax(word: string): number {
  if (word.length < 3) return 0;
  return word.length < 8 ? 1 : 2;
}

/**
 * The least number of letters changed, added, left out or swapped with their neighbour that make `word` a beginning of
 * `token`; null when it is more than may be wrong.
 */
export function distanceToBeginning(word: string, token: string): number | null {
  const wrong = wrongMax(word);
  const typed = Array.from(word);
  const letters = Array.from(token).slice(0, typed.length + wrong);
  let before: readonly number[] = [];
  let last: readonly number[] = [0, ...letters.map((_, column) => column + 1)];
  for (const row of typed.keys()) {
    const next = nextRow(typed, row, letters, [before, last]);
    if (Math.min(...next) > wrong) return null;
    before = last;
    last = next;
  }
  return Math.min(...last);
}

type Rows = readonly [before: readonly number[], last: readonly number[]];

/** One step of the distance of Damerau and Levenshtein: what it costs to have come as far as this letter typed. */
function nextRow(
  typed: readonly string[],
  row: number,
  letters: readonly string[],
  rows: Rows,
): readonly number[] {
  const [before, last] = rows;
  const next = [row + 1];
  for (const [column, letter] of letters.entries()) {
    const changed = at(last, column) + (typed[row] === letter ? 0 : 1);
    const best = Math.min(changed, at(last, column + 1) + 1, at(next, column) + 1);
    const isSwapped =
      row > 0 && column > 0 && typed[row] === letters[column - 1] && typed[row - 1] === letter;
    next.push(isSwapped ? Math.min(best, at(before, column - 1) + 1) : best);
  }
  return next;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
