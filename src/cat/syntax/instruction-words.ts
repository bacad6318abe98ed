import { nearMatch } from '../../near-match.js';

/** Words that an instruction of a model begins with. */
const words: readonly string[] = [
  'let',
  'acyclic',
  'irreflexive',
  'empty',
  'flag',
  'undefined_unless',
  'assert',
  'show',
  'unshow',
  'include',
  'procedure',
  'call',
  'enum',
  'instructions',
  'default',
];

/** A hint for a word that stands where an instruction could begin. */
export function likeInstruction(word: string): string {
  const near = nearMatch(word, words);
  return near === undefined ? '' : `; did you mean \`${near}\`?`;
}
