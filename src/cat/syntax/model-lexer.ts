import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain';
import { raise, type Source } from '../../diagnostics.js';

/** Names may hold dots and dashes (`po-loc`) and end in a quote. */
const namePattern = "_?[A-Za-z][A-Za-z0-9_.-]*'?";

const Identifier = createToken({ name: 'Identifier', label: 'a name', pattern: new RegExp(namePattern) });

const keyword = (text: string): TokenType =>
  createToken({ name: `Keyword_${text}`, label: `\`${text}\``, pattern: text, longer_alt: Identifier });

const modelSymbol = (name: string, text: string): TokenType =>
  createToken({ name, label: `\`${text}\``, pattern: text });

/** The reserved words of the language. */
const keywords = {
  Let: keyword('let'),
  Rec: keyword('rec'),
  And: keyword('and'),
  When: keyword('when'),
  Acyclic: keyword('acyclic'),
  Irreflexive: keyword('irreflexive'),
  Empty: keyword('empty'),
  Show: keyword('show'),
  Unshow: keyword('unshow'),
  Subset: keyword('subset'),
  As: keyword('as'),
  Fun: keyword('fun'),
  In: keyword('in'),
  UndefinedUnless: keyword('undefined_unless'),
  Flag: keyword('flag'),
  Assert: keyword('assert'),
  Include: keyword('include'),
  Variant: keyword('variant'),
  Begin: keyword('begin'),
  End: keyword('end'),
  Procedure: keyword('procedure'),
  Call: keyword('call'),
  Enum: keyword('enum'),
  Debug: keyword('debug'),
  Match: keyword('match'),
  With: keyword('with'),
  Forall: keyword('forall'),
  From: keyword('from'),
  Do: keyword('do'),
  Try: keyword('try'),
  If: keyword('if'),
  Then: keyword('then'),
  Else: keyword('else'),
  Catdep: keyword('catdep'),
  Instructions: keyword('instructions'),
  Default: keyword('default'),
  Not: keyword('not'),
} as const;

/** All the tokens that the parser sees. */
export const tokens = {
  ...keywords,
  Identifier,
  Tag: createToken({ name: 'Tag', label: "a tag such as 'acquire", pattern: new RegExp(`'${namePattern}`) }),
  String: createToken({ name: 'String', label: 'a string', pattern: /"[^"]*"/, line_breaks: true }),
  Underscore: modelSymbol('Underscore', '_'),
  Zero: modelSymbol('Zero', '0'),
  OrOr: modelSymbol('OrOr', '||'),
  Union: modelSymbol('Union', '|'),
  AndAnd: modelSymbol('AndAnd', '&&'),
  Intersection: modelSymbol('Intersection', '&'),
  PlusPlus: modelSymbol('PlusPlus', '++'),
  Plus: modelSymbol('Plus', '+'),
  Star: modelSymbol('Star', '*'),
  Question: modelSymbol('Question', '?'),
  Hat: modelSymbol('Hat', '^'),
  MinusOne: modelSymbol('MinusOne', '-1'),
  Arrow: modelSymbol('Arrow', '->'),
  Tilde: modelSymbol('Tilde', '~'),
  Backslash: modelSymbol('Backslash', '\\'),
  Semicolon: modelSymbol('Semicolon', ';'),
  Comma: modelSymbol('Comma', ','),
  Equals: modelSymbol('Equals', '='),
  LeftParen: modelSymbol('LeftParen', '('),
  RightParen: modelSymbol('RightParen', ')'),
  LeftBrace: modelSymbol('LeftBrace', '{'),
  RightBrace: modelSymbol('RightBrace', '}'),
  LeftBracket: modelSymbol('LeftBracket', '['),
  RightBracket: modelSymbol('RightBracket', ']'),
} as const;

/** Thrown inside the lexer, where the source is not at hand. */
class OpenComment {
  constructor(readonly offset: number) {}
}

/** Comments nest. */
function matchComment(text: string, offset: number): [string] | null {
  if (!text.startsWith('(*', offset)) return null;
  const delimiter = /\(\*|\*\)/g;
  delimiter.lastIndex = offset;
  for (let depth = 0; ; ) {
    const found = delimiter.exec(text);
    if (!found) throw new OpenComment(offset);
    depth += found[0] === '(*' ? 1 : -1;
    if (depth === 0) return [text.slice(offset, delimiter.lastIndex)];
  }
}

const skipped = [
  createToken({ name: 'Blank', pattern: /[ \t\r\n]+/, group: Lexer.SKIPPED, line_breaks: true }),
  createToken({
    name: 'Comment',
    pattern: { exec: matchComment },
    start_chars_hint: ['('],
    group: Lexer.SKIPPED,
    line_breaks: true,
  }),
  createToken({ name: 'LineComment', pattern: /(?:\/\/|#)[^\n]*/, group: Lexer.SKIPPED }),
];

/**
 * In the order in which the lexer tries them: a longer word or symbol before one that it begins with. (Else
 * `include` would be seen as `in`, grown to the name `include`.)
 */
export const vocabulary: TokenType[] = [
  ...skipped,
  ...Object.values(keywords).sort((a, b) => (b.PATTERN as string).length - (a.PATTERN as string).length),
  ...Object.values(tokens).filter((token) => !(Object.values(keywords) as TokenType[]).includes(token)),
];

let modelLexer: Lexer | undefined;

/** The tokens of a model file, comments and blanks left out. */
export function tokenize(source: Source): IToken[] {
  modelLexer ??= new Lexer(vocabulary, { positionTracking: 'onlyOffset', skipValidations: true });
  try {
    const result = modelLexer.tokenize(source.text);
    const bad = result.errors[0];
    if (bad) raise(badCharacter(source.text[bad.offset]), { source, start: bad.offset, end: bad.offset + 1 });
    return result.tokens;
  } catch (error) {
    if (!(error instanceof OpenComment)) throw error;
    return raise('this comment is never closed', { source, start: error.offset, end: error.offset + 2 });
  }
}

/** The tokens of a piece of a model; what is no token is passed over. */
export function lexModel(text: string): IToken[] {
  modelLexer ??= new Lexer(vocabulary, { positionTracking: 'onlyOffset', skipValidations: true });
  try {
    return modelLexer.tokenize(text).tokens;
  } catch (error) {
    if (!(error instanceof OpenComment)) throw error;
    return modelLexer.tokenize(text.slice(0, error.offset)).tokens;
  }
}

function badCharacter(character: string): string {
  if (character === '"') return 'this string is never closed';
  return `unexpected character ${JSON.stringify(character)}`;
}
