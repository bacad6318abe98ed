/** The languages: litmus tests of all dialects, and models. */
export type Language = 'litmus' | 'cat';

/** What a piece of text is, for who colours it. */
export type TokenKind =
  | 'comment'
  | 'keyword'
  | 'type'
  | 'title'
  /**
   * A name that the language knows: a primitive of the kernel, an instruction, a relation or set that models
   * need not define.
   */
  | 'known'
  | 'thread'
  | 'register'
  | 'name'
  | 'number'
  | 'string'
  | 'operator';

/** Characters `start` (inclusive) to `end` (exclusive) of a text. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly kind: TokenKind;
}
