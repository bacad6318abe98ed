import type { IToken } from 'chevrotain';
import { Source, SourceError } from '../diagnostics.js';
import {
  instructionFacts,
  isTypeWord,
  lexAssembly,
  lexC,
  lexPlaces,
  primitiveSignature,
  type Sections,
  splitSections,
} from '../litmus/index.js';
import type { Dialect } from '../program/index.js';
import { commentIn, withComments } from './pieces.js';
import type { Token, TokenKind } from './token.js';

/**
 * The parts of a text, also of one that is not a whole test yet: then all behind the first line is the
 * program.
 */
export type TokenParts = Pick<Sections, 'dialect' | 'name'> & {
  readonly init?: Range;
  readonly program: Range;
  readonly condition?: Range;
};

interface Range {
  readonly start: number;
  readonly end: number;
}

export function partsOf(text: string): TokenParts {
  try {
    return splitSections(new Source('', text));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
  }
  const [line, word = '', name = ''] = /^\s*(\w*)[ \t]*(\S*)/.exec(text) ?? [''];
  const dialect: Dialect = /^x86$/i.test(word)
    ? 'X86'
    : /^x86_64$/i.test(word)
      ? 'X86_64'
      : /^alpha$/i.test(word)
        ? 'Alpha'
        : 'C';
  return { dialect, name, program: { start: line.length, end: text.length } };
}

export function litmusTokens(text: string): Token[] {
  const { dialect, init, program, condition } = partsOf(text);
  const begin = init?.start ?? program.start;
  return [
    ...headTokens(text, begin),
    ...(init ? placeTokens(text, init) : []),
    ...(dialect === 'C' ? cTokens(text, program) : assemblyTokens(text, program, dialect)),
    ...(condition ? placeTokens(text, condition) : []),
  ];
}

/** The dialect, the name, and what stands before the init section. */
function headTokens(text: string, end: number): Token[] {
  const [all, blank = '', dialect = '', gap = '', name = ''] = /^(\s*)(\w+)?([ \t]*)([^\s"{(;]*)/.exec(
    text,
  ) ?? [''];
  const at = blank.length + dialect.length + gap.length;
  const tokens: Token[] = [
    { start: blank.length, end: blank.length + dialect.length, kind: 'keyword' },
    { start: at, end: at + name.length, kind: 'title' },
  ];
  const rest = text.slice(all.length, end).replace(/\{\s*$/, '');
  return [
    ...tokens.filter(({ start, end: to }) => start < to),
    ...commentIn(text, all.length, all.length + rest.length),
  ];
}

const isThread = (word: string): boolean => /^P\d+$/.test(word);

function cTokens(text: string, { start, end }: Range): Token[] {
  return withComments(text, start, end, lexC(text.slice(start, end)), cKind);
}

const cKeywords = 'Ignored Interrupt Struct Typedef Sizeof If Else While Do For Return Unsupported'.split(
  ' ',
);

function cKind({ tokenType: { name, CATEGORIES = [] }, image }: IToken): TokenKind | undefined {
  if (cKeywords.includes(name)) return 'keyword';
  if (name === 'Identifier') {
    if (isThread(image)) return 'thread';
    if (primitiveSignature(image)) return 'known';
    return isTypeWord(image) ? 'type' : 'name';
  }
  if (name === 'Integer' || name === 'Character') return 'number';
  const isOperator = CATEGORIES.length > 0 || /^(Step|Arrow|Assign|CompoundAssign|Question)$/.test(name);
  return isOperator ? 'operator' : undefined;
}

function assemblyTokens(text: string, { start, end }: Range, dialect: Exclude<Dialect, 'C'>): Token[] {
  const tokens = lexAssembly(text.slice(start, end));
  const known = new Set(instructionFacts[dialect].mnemonics);
  return withComments(text, start, end, tokens, ({ tokenType: { name }, image }, index) => {
    if (name === 'Int' || name === 'Hash') return 'number';
    if (name === 'Dollar') return /^\$-?\d/.test(image) && dialect !== 'Alpha' ? 'number' : 'register';
    if (name === 'Percent') return 'register';
    if (name !== 'Word') return undefined;
    if (isThread(image)) return 'thread';
    // The first word of a cell is an instruction, unless it is a label.
    const before = tokens[index - 1]?.tokenType.name;
    const isFirst = before === undefined || ['Pipe', 'Semicolon', 'Colon'].includes(before);
    if (isFirst || known.has(image.toUpperCase()))
      return tokens[index + 1]?.tokenType.name === 'Colon' ? 'name' : 'known';
    return isRegister(image, dialect) ? 'register' : 'name';
  });
}

function isRegister(word: string, dialect: Exclude<Dialect, 'C'>): boolean {
  return dialect === 'X86' ? /^E(?:[ABCD]X|[SD]I|[SB]P)$/i.test(word) : /^R\d{1,2}$/i.test(word);
}

const placeKeywords = /^(exists|forall|final|locations|filter|observed|and|with|true|false|Not)$/;

function placeTokens(text: string, { start, end }: Range): Token[] {
  return withComments(
    text,
    start,
    end,
    lexPlaces(text.slice(start, end)),
    ({ tokenType: { name }, image }) => {
      if (placeKeywords.test(name)) return 'keyword';
      if (name === 'Int') return 'number';
      if (name === 'Name') return isThread(image) ? 'thread' : isTypeWord(image) ? 'type' : 'name';
      return ['And', 'Or', 'Implies', 'Equal', 'NotEqual', 'Star', 'Ampersand'].includes(name)
        ? 'operator'
        : undefined;
    },
  );
}
