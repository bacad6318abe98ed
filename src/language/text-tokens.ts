import { litmusTokens } from './litmus-tokens.js';
import { modelTokens } from './model-tokens.js';
import type { Language, Token } from './token.js';

/**
 * The tokens of a text, by the lexers that its parser uses, in order and none within another. The text need
 * not parse.
 */
export function tokensOf(text: string, language: Language): Token[] {
  return language === 'cat' ? modelTokens(text) : litmusTokens(text);
}
