import type { IToken } from 'chevrotain';
import type { Token, TokenKind } from './token.js';

/** What lexers skip between tokens is blanks and comments: where something stands there, it is a comment. */
export function withComments(
  text: string,
  start: number,
  end: number,
  tokens: readonly IToken[],
  kindOf: (token: IToken, index: number) => TokenKind | undefined,
): Token[] {
  const made: Token[] = [];
  let at = start;
  tokens.forEach((token, index) => {
    const from = start + token.startOffset;
    made.push(...commentIn(text, at, from));
    at = from + token.image.length;
    const kind = kindOf(token, index);
    if (kind) made.push({ start: from, end: at, kind });
  });
  return [...made, ...commentIn(text, at, end)];
}

/** What stands between two places, without the blanks around it. */
export function commentIn(text: string, start: number, end: number): Token[] {
  const between = text.slice(start, end);
  const trimmed = between.trim();
  if (trimmed === '') return [];
  const from = start + between.indexOf(trimmed);
  return [{ start: from, end: from + trimmed.length, kind: 'comment' }];
}
