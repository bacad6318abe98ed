/** Tokens that the frame of a file and all assembly dialects have. */
import { createToken, Lexer, type TokenType } from 'chevrotain';

/** A token that is always written the same way. */
export const punctuation = (name: string, image: string): TokenType =>
  createToken({ name, pattern: image, label: `\`${image}\`` });

export const Blank = createToken({ name: 'Blank', pattern: /\s+/, group: Lexer.SKIPPED });
export const LeftParen = punctuation('LeftParen', '(');
export const RightParen = punctuation('RightParen', ')');
export const LeftBracket = punctuation('LeftBracket', '[');
export const RightBracket = punctuation('RightBracket', ']');
export const Semicolon = punctuation('Semicolon', ';');
export const Colon = punctuation('Colon', ':');
export const Comma = punctuation('Comma', ',');
