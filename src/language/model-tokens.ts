import type { IToken } from 'chevrotain';
import { lexModel } from '../cat/index.js';
import { baseRelations, kindSets, tagSets } from '../execution/index.js';
import { withComments } from './pieces.js';
import type { Token, TokenKind } from './token.js';

/** What models may use without defining it, and what each is. */
export const vocabulary: ReadonlyMap<string, string> = new Map([
  ...Object.entries(baseRelations),
  ...Object.entries(kindSets),
  ...Object.entries(tagSets),
  ['fr', 'from-read: a read, and a write of the same location that overwrites what it reads'],
]);

export function modelTokens(text: string): Token[] {
  return withComments(text, 0, text.length, lexModel(text), kindOfToken);
}

/** A title stands at the top of the file, without a word before it. */
function kindOfToken({ tokenType: { name }, image, startOffset }: IToken): TokenKind | undefined {
  if (name.startsWith('Keyword_')) return 'keyword';
  switch (name) {
    case 'Identifier':
      return vocabulary.has(image) ? 'known' : 'name';
    case 'Tag':
      return 'known';
    case 'String':
      return startOffset === 0 ? 'title' : 'string';
    case 'Zero':
      return 'number';
    default:
      return /^(Left|Right|Comma)/.test(name) ? undefined : 'operator';
  }
}
