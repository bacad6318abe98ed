import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain';
import { raise, refuse, type Span } from '../../../diagnostics.js';

/**
 * Words with no meaning for a memory model: storage, qualifiers, attributes of the kernel and of compilers.
 */
const ignoredWords = [
  'const',
  '__const',
  'volatile',
  '__volatile__',
  'restrict',
  '__restrict',
  'static',
  'extern',
  'register',
  'auto',
  'inline',
  '__inline',
  '__inline__',
  '__always_inline',
  'noinline',
  '__noreturn',
  'fastcall',
  'asmlinkage',
  'notrace',
  '__kprobes',
  '__sched',
  '__init',
  '__exit',
  '__initdata',
  '__devinit',
  '__cpuinit',
  '__used',
  '__maybe_unused',
  '__unused',
  '__must_check',
  '__cold',
  '__hot',
  '__pure',
  '__weak',
  '__percpu',
  '__rcu',
  '__user',
  '__kernel',
  '__iomem',
  '__force',
  '__read_mostly',
  '__cacheline_aligned',
  '____cacheline_aligned',
  '__cacheline_aligned_in_smp',
  '__packed',
];

const keyword = (name: string, words: string | readonly string[], label?: string): TokenType => {
  const list = typeof words === 'string' ? [words] : words;
  return createToken({
    name,
    pattern: new RegExp(`(?:${list.join('|')})(?![A-Za-z0-9_])`),
    label: label ?? `\`${list[0]}\``,
    start_chars_hint: [...new Set(list.map((word) => word[0]))],
  });
};
const cSymbol = (name: string, text: string, categories: TokenType[] = []): TokenType =>
  createToken({ name, pattern: text, label: `\`${text}\``, categories });

/** An operator that can stand between two operands. */
export const Binary = createToken({ name: 'Binary', pattern: Lexer.NA, label: 'an operator' });
/** An operator that can stand before its operand. */
export const Prefix = createToken({ name: 'Prefix', pattern: Lexer.NA, label: 'an operator' });

export const Identifier = createToken({ name: 'Identifier', pattern: /[A-Za-z_]\w*/, label: 'a name' });
export const Integer = createToken({
  name: 'Integer',
  pattern: /(?:0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)[uUlL]*/,
  label: 'a number',
});
export const Character = createToken({
  name: 'Character',
  pattern: /'(?:[^'\\\n]|\\[0abfnrtv\\'"])'/,
  label: 'a character',
});

export const Ignored = keyword('Ignored', ignoredWords, 'a word such as `static`');
export const Interrupt = keyword('Interrupt', ['__nmi', '__irq'], '`__nmi` or `__irq`');
export const Struct = keyword('Struct', 'struct');
export const Typedef = keyword('Typedef', 'typedef');
export const Sizeof = keyword('Sizeof', 'sizeof');
export const If = keyword('If', 'if');
export const Else = keyword('Else', 'else');
export const While = keyword('While', 'while');
export const Do = keyword('Do', 'do');
export const For = keyword('For', 'for');
export const Return = keyword('Return', 'return');
/** Words of C that are recognised only to say that they are not supported. */
export const Unsupported = keyword(
  'Unsupported',
  [
    'goto',
    'switch',
    'case',
    'union',
    'enum',
    'asm',
    '__asm__',
    'float',
    'double',
    'typeof',
    '__typeof__',
    '__attribute__',
  ],
  'a word that is not supported',
);

export const LeftParen = cSymbol('LeftParen', '(');
export const RightParen = cSymbol('RightParen', ')');
export const LeftBrace = cSymbol('LeftBrace', '{');
export const RightBrace = cSymbol('RightBrace', '}');
export const LeftBracket = cSymbol('LeftBracket', '[');
export const RightBracket = cSymbol('RightBracket', ']');
export const Semicolon = cSymbol('Semicolon', ';');
export const Comma = cSymbol('Comma', ',');
export const Question = cSymbol('Question', '?');
export const Colon = cSymbol('Colon', ':');
const Ellipsis = cSymbol('Ellipsis', '...');
export const Dot = cSymbol('Dot', '.');
export const Arrow = cSymbol('Arrow', '->');
export const LexerStep = createToken({ name: 'Step', pattern: /\+\+|--/, label: '`++` or `--`' });
export const Assign = cSymbol('Assign', '=');
export const CompoundAssign = createToken({
  name: 'CompoundAssign',
  pattern: /(?:<<|>>|[-+*/%&|^])=/,
  label: 'an assignment',
});
export const Star = cSymbol('Star', '*', [Binary, Prefix]);
const Ampersand = createToken({
  name: 'Ampersand',
  pattern: /&(?!&)/,
  label: '`&`',
  categories: [Binary, Prefix],
});
export const Sign = createToken({
  name: 'Sign',
  pattern: /[-+]/,
  label: '`+` or `-`',
  categories: [Binary, Prefix],
});
const Not = createToken({ name: 'Not', pattern: /[!~]/, label: '`!` or `~`', categories: [Prefix] });
const OtherBinary = createToken({
  name: 'OtherBinary',
  pattern: /&&|\|\||<<|>>|[<>=!]=|[<>%|^]|\/(?!\*)/,
  label: 'an operator',
  categories: [Binary],
});

const Blank = createToken({ name: 'Blank', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
const Comment = createToken({
  name: 'Comment',
  pattern: /\/\/[^\n]*|\/\*[\s\S]*?\*\//,
  group: Lexer.SKIPPED,
  line_breaks: true,
  start_chars_hint: ['/'],
});
/**
 * herd's own comments. `(*` may also open a dereference: it is a comment when a blank follows, or two words,
 * which C cannot have there.
 */
const HerdComment = createToken({
  name: 'HerdComment',
  pattern: /\(\*+(?=\s|(?!(?:const|volatile)\b)[A-Za-z_][\w']*\s+[A-Za-z_])[\s\S]*?\*\)/,
  group: Lexer.SKIPPED,
  line_breaks: true,
  start_chars_hint: ['('],
});

/** In the order in which they are tried: longer symbols before their beginnings. */
export const tokenTypes: TokenType[] = [
  Blank,
  Comment,
  HerdComment,
  Ignored,
  Interrupt,
  Struct,
  Typedef,
  Sizeof,
  If,
  Else,
  While,
  Do,
  For,
  Return,
  Unsupported,
  Identifier,
  Integer,
  Character,
  CompoundAssign,
  LexerStep,
  Arrow,
  OtherBinary,
  Not,
  Assign,
  Ampersand,
  Sign,
  Star,
  LeftParen,
  RightParen,
  LeftBrace,
  RightBrace,
  LeftBracket,
  RightBracket,
  Semicolon,
  Comma,
  Question,
  Colon,
  Ellipsis,
  Dot,
  Binary,
  Prefix,
];

let lexer: Lexer | undefined;

function lexed(text: string): ReturnType<Lexer['tokenize']> {
  lexer ??= new Lexer(tokenTypes, { positionTracking: 'onlyOffset', skipValidations: true });
  return lexer.tokenize(text);
}

/** The tokens of a piece of C; what is no token is passed over. */
export function lexC(text: string): IToken[] {
  return lexed(text).tokens;
}

/** The tokens of a program section. @throws SourceError at a character that C does not have */
export function tokenize(section: Span): IToken[] {
  const { tokens, errors } = lexed(section.source.text.slice(section.start, section.end));
  if (errors.length > 0) {
    const start = section.start + errors[0].offset;
    const bad = section.source.text.slice(start, start + 2);
    const span = { source: section.source, start, end: start + 1 };
    if (bad === '/*' || bad === '(*') raise('this comment is never closed', span);
    if (bad[0] === '"') refuse('strings are not supported: nothing is printed', span);
    if (bad[0] === '#') refuse('preprocessor lines are not supported: write the expanded text', span);
    raise(
      `unexpected character ${JSON.stringify(String.fromCodePoint(section.source.text.codePointAt(start)!))}`,
      span,
    );
  }
  return tokens;
}
