export { type Completion, type Completions, completionsAt } from './completion.js';
export { type Hover, hoverAt } from './hover.js';
export { type Diagnostic, diagnosticsOf } from './text-diagnostics.js';
export { tokensOf } from './text-tokens.js';
export type { Language, Token, TokenKind } from './token.js';
