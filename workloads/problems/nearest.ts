// Did you mean: the known word that a mistyped one is closest to.

/**
 * The word among `known` nearest to `word`, or null when none is near: case, `-`, `_` and spaces do not count, and at most a third of the
 * letters (one of three, none of two) may be wrong, missing, added or swapped with a neighbour. Failing that, the
 * first that begins with it.
 */
export function nearest(word: string, known: readonly string[]): string | null {
  const wanted = folded(word);
  if (wanted === '') return null;
  let best: string | null = null;
  let least = allowance(wanted) + 1;
  for (const candidate of known) {
    const distance = edits(wanted, folded(candidate));
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best ?? known.find((candidate) => wanted.length >= 3 && folded(candidate).startsWith(wanted)) ?? null;
}

/** `Did you mean x?`, or an empty text when nothing is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const match = nearest(word, known);
  return match === null ? '' : `Did you mean ${match}?`;
}

function allowance(word: string): number {
  return Math.floor(word.length / 3);
}

function folded(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, '');
}

/** Optimal string alignment distance: insert, delete, replace, swap neighbours. */
function edits(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replace, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
