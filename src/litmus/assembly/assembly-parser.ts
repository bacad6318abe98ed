import { createToken, type IToken, type Lexer } from 'chevrotain';
import { raise, refuse, type Span } from '../../diagnostics.js';
import { tick } from '../../limits.js';
import type { ScalarType } from '../../program/index.js';
import type { Rule } from '../frame/places.js';
import { withoutComments } from '../reading/comments.js';
import { held, ofBits } from '../reading/constants.js';
import { lexerOf, SectionParser, STATEMENT, shown } from '../reading/parsing.js';
import {
  Blank,
  Colon,
  Comma,
  LeftBracket,
  LeftParen,
  punctuation,
  RightBracket,
  RightParen,
  Semicolon,
} from '../reading/punctuation.js';
import type { AssemblyBody, AssemblyInstruction, AssemblyLine, Operand } from './assembly-syntax.js';

export const Word = createToken({ name: 'Word', pattern: /[A-Za-z_.][\w.]*/, label: 'a name' });
export const Int = createToken({ name: 'Int', pattern: /-?(?:0[xX][0-9a-fA-F]+|\d+)/, label: 'a number' });
/** `$1`, `$-1`, `$v0`: a number or a register, as the dialect has it. */
export const Dollar = createToken({ name: 'Dollar', pattern: /\$-?\w+/, label: 'a name with `$`' });
export const Hash = createToken({ name: 'Hash', pattern: /#-?\w+/, label: 'a number with `#`' });

/** `%rax`: a register's name, where others are without. */
export const Percent = createToken({ name: 'Percent', pattern: /%\w+/, label: 'a name with `%`' });

const Pipe = punctuation('Pipe', '|');
const At = punctuation('At', '@');
export const Plus = punctuation('Plus', '+');

const tokens = [
  Blank,
  Pipe,
  Semicolon,
  Comma,
  Word,
  Int,
  Dollar,
  LeftBracket,
  RightBracket,
  LeftParen,
  RightParen,
  Colon,
  Hash,
  Percent,
  Plus,
  At,
];

let lexer: Lexer | undefined;

/** The tokens of a piece of assembly; what is no token is passed over. */
export function lexAssembly(text: string): IToken[] {
  lexer ??= lexerOf(tokens);
  return lexer.tokenize(text).tokens;
}

/** A number of so many bits as assemblers write it: decimal or hexadecimal, with a sign or without. */
export function integerIn(text: string, type: ScalarType, span: Span): bigint {
  if (!/^-?(?:0[xX][0-9a-fA-F]+|\d+)$/.test(text)) raise(`expected a number, found \`${text}\``, span);
  const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  return held(value, [ofBits('a number', type)], span);
}

/** A row of the table, cell by cell. */
type Row = AssemblyLine[][];

type MemoryOperand = Operand & { kind: 'memory' };

/** The table of threads; a dialect adds what its operands look like. */
export abstract class AssemblyParser extends SectionParser {
  protected abstract readonly operand: Rule<Operand>;

  constructor(
    /** The name that is printed for a register; undefined when there is no such register. */
    private readonly registerName: (word: string) => string | undefined,
    skipValidations: boolean,
  ) {
    lexer ??= lexerOf(tokens);
    super(lexer, tokens, 'another row', skipValidations);
  }

  /** Whether a word comes before an instruction, as LOCK does. */
  protected isPrefix(_word: string): boolean {
    return false;
  }

  /** @throws SourceError */
  parse(section: Span): AssemblyBody {
    return this.run(section, withoutComments(section, 'nested'), () => this.table());
  }

  private table: Rule<AssemblyBody> = this.RULE('table', () => {
    this.MANY(() => this.CONSUME(Semicolon));
    const count = this.SUBRULE(this.header);
    const threads: AssemblyLine[][] = [];
    this.ACTION(() => {
      for (let thread = 0; thread < count; thread++) threads.push([]);
    });
    this.MANY2(() => {
      const first = this.LA(1);
      const row = this.SUBRULE(this.row);
      this.ACTION(() => this.addRow(threads, row, first));
    });
    return this.ACTION(() => ({ threads, span: this.section }));
  });

  private addRow(threads: AssemblyLine[][], row: Row, first: IToken): void {
    if (row.length !== threads.length) {
      const [found, wanted] = [columns(row.length), columns(threads.length)];
      raise(`this row has ${found}, the header has ${wanted}`, this.spanFrom(first));
    }
    row.forEach((cell, thread) => {
      threads[thread].push(...cell);
    });
  }

  /** `P0 | P1 ;`; gives the number of threads. */
  private header: Rule<number> = this.RULE('header', () => {
    let count = 0;
    this.AT_LEAST_ONE_SEP({
      SEP: Pipe,
      DEF: () => {
        const name = this.CONSUME(Word, { ERR_MSG: `a thread's name` });
        const at = this.OPTION(() => this.CONSUME(At));
        this.ACTION(() => this.checkHeader(name, count, at));
        count++;
      },
      ERR_MSG: 'the row of threads, such as `P0 | P1 ;`',
    });
    this.CONSUME(Semicolon);
    return count;
  });

  private checkHeader(name: IToken, number: number, at: IToken | undefined): void {
    if (at) refuse('a thread with an annotation (`@`) is not supported', this.spanOf(name, at));
    if (name.image === `P${number}`) return;
    raise(`expected the thread's name \`P${number}\`, found ${shown(name)}`, this.spanOf(name));
  }

  private row: Rule<Row> = this.RULE('row', () => {
    const cells = [this.SUBRULE(this.cell)];
    this.MANY(() => {
      this.CONSUME(Pipe);
      cells.push(this.SUBRULE2(this.cell));
    });
    this.CONSUME(Semicolon);
    return cells;
  });

  private cell: Rule<AssemblyLine[]> = this.RULE('cell', () => {
    const lines: AssemblyLine[] = [];
    this.MANY({
      GATE: () => this.LA(2).tokenType === Colon,
      DEF: () => {
        const name = this.CONSUME(Word);
        this.CONSUME(Colon);
        this.ACTION(() => lines.push({ kind: 'label', name: name.image, span: this.spanOf(name) }));
      },
    });
    this.OPTION(() => lines.push(this.SUBRULE(this.instruction)));
    return lines;
  });

  /** A register, or the name of a label or variable. */
  protected name: Rule<Operand> = this.RULE('name', () => {
    const token = this.CONSUME(Word);
    return this.ACTION((): Operand => ({ ...this.named(token.image), span: this.spanOf(token) }));
  });

  /** What an address holds that is a name and bytes past it; `first` begins the operand. */
  protected memoryAt(first: IToken, word: string, displacement = 0n): MemoryOperand {
    return { kind: 'memory', base: this.named(word), displacement, span: this.spanFrom(first) };
  }

  private named(word: string): MemoryOperand['base'] {
    const register = this.registerName(word);
    return register === undefined ? { kind: 'symbol', name: word } : { kind: 'register', name: register };
  }

  /** The register that a word names. @throws SourceError when it names none */
  protected registerIn(word: IToken): string {
    const { image } = word;
    return this.registerName(image) ?? raise(`expected a register, found \`${image}\``, this.spanOf(word));
  }

  private instruction: Rule<AssemblyInstruction> = this.RULE('instruction', () => {
    tick(STATEMENT);
    const prefix = this.OPTION({
      GATE: () => this.isPrefix(this.LA(1).image),
      DEF: () => {
        const word = this.CONSUME(Word);
        // herd7 lets a semicolon stand between the two.
        this.OPTION2(() => this.CONSUME(Semicolon));
        return word;
      },
    });
    const mnemonic = this.CONSUME2(Word, { ERR_MSG: 'an instruction' });
    const operands: Operand[] = [];
    this.MANY_SEP({ SEP: Comma, DEF: () => operands.push(this.SUBRULE(this.operand)) });
    return this.ACTION(() => ({
      kind: 'instruction' as const,
      ...(prefix && { prefix: prefix.image.toUpperCase() }),
      mnemonic: mnemonic.image.toUpperCase(),
      operands,
      span: this.spanFrom(prefix ?? mnemonic),
    }));
  });
}

const columns = (count: number): string => `${count} ${count === 1 ? 'column' : 'columns'}`;

/** The table's text, its columns aligned. */
export function printTable(body: AssemblyBody, printOperand: (operand: Operand) => string): string {
  const printed = body.threads.map((lines, thread) => [
    `P${thread}`,
    ...lines.map((line) => printLine(line, printOperand)),
  ]);
  const widths = printed.map((lines) => Math.max(...lines.map(({ length }) => length)));
  const height = Math.max(...printed.map(({ length }) => length));
  let text = '';
  for (let row = 0; row < height; row++) {
    text += ` ${printed.map((lines, thread) => (lines[row] ?? '').padEnd(widths[thread])).join(' | ')} ;\n`;
  }
  return text;
}

function printLine(line: AssemblyLine, printOperand: (operand: Operand) => string): string {
  if (line.kind === 'label') return `${line.name}:`;
  const words = line.prefix === undefined ? line.mnemonic : `${line.prefix} ${line.mnemonic}`;
  return `${words} ${line.operands.map(printOperand).join(',')}`.trimEnd();
}
