export { type Completion, type Completions, completionsAt } from './completion.js';
export { type Diagnostic, diagnosticsOf } from './diagnostics.js';
export { type Hover, hoverAt } from './hover.js';
export type { Language, Token, TokenKind } from './token.js';
export { tokensOf } from './tokens.js';
