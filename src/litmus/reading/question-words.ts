import { nearMatch } from '../../near-match.js';

/** Words that begin the last section of a litmus file. */
export const questionWords: readonly string[] = ['exists', 'forall', 'locations', 'filter', 'final'];

/** How a condition writes what C and others write in another way. */
const inConditions: Readonly<Record<string, string>> = {
  '&': 'conditions write `/\\` for and',
  and: 'conditions write `/\\` for and',
  '|': 'conditions write `\\/` for or',
  or: 'conditions write `\\/` for or',
  '!': 'conditions write `~` for not',
  '>': 'conditions compare with `=` and `!=`',
  '<': 'conditions compare with `=` and `!=`',
};

/** A hint for a word or a character that has no meaning in a condition. */
export function inCondition(word: string): string {
  const write = inConditions[word];
  return write === undefined ? misspelt(word) : `: ${write}`;
}

/** A hint for a word that stands where a question could begin. */
export function misspelt(word: string): string {
  const near = nearMatch(word, questionWords);
  return near === undefined ? '' : `; did you mean \`${near}\`?`;
}
