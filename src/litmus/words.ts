import { nearMatch } from '../near-match.js';

/** Words that begin the last section of a litmus file. */
export const questionWords: readonly string[] = ['exists', 'forall', 'locations', 'filter', 'final'];

/** A hint for a word that stands where a question could begin. */
export function misspelt(word: string): string {
  const near = nearMatch(word, questionWords);
  return near === undefined ? '' : `; did you mean \`${near}\`?`;
}
