/**
 * The other name that a misspelt one most likely meant: fewest edits, and no more than a third of its
 * letters.
 */
export function nearMatch(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === name || !shareALetter(name.toLowerCase(), candidate.toLowerCase())) continue;
    const distance = edits(name, candidate, fewest);
    if (distance < fewest) {
      fewest = distance;
      best = candidate;
    }
  }
  return best;
}

/** A name of one letter is near to every other name of one or two: the letter has to be the same. */
function shareALetter(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length > 1 || long.includes(short);
}

/**
 * Levenshtein's distance, two neighbours that change places being one edit and letters that differ in case
 * only a half; at least `limit` when it is no less.
 */
function edits(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + replacement(a[i - 1], b[j - 1]);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2] + 1 : limit;
      row.push(Math.min(replaced, swapped, previous[j] + 1, row[j - 1] + 1));
    }
    before = previous;
    previous = row;
  }
  return previous[b.length];
}

function replacement(a: string, b: string): number {
  if (a === b) return 0;
  return a.toLowerCase() === b.toLowerCase() ? 0.5 : 1;
}
