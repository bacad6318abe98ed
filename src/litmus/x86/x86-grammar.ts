import type { Span } from '../../diagnostics.js';
import { int32 } from '../../program/index.js';
import { AssemblyParser, Dollar, Int, integerIn, Plus, Word } from '../assembly/assembly-parser.js';
import type { Operand } from '../assembly/assembly-syntax.js';
import type { Rule } from '../frame/places.js';
import { LeftBracket, LeftParen, RightBracket, RightParen } from '../reading/punctuation.js';

const registers: ReadonlySet<string> = new Set(['EAX', 'EBX', 'ECX', 'EDX', 'ESI', 'EDI', 'EBP', 'ESP']);

/** A register's name in upper case; undefined when the word names none. */
export function registerName(word: string): string | undefined {
  const name = word.toUpperCase();
  return registers.has(name) ? name : undefined;
}

/**
 * X86 as herd7 writes it: the destination first, `[x]` or `[EAX]` for memory, numbers with or without `$`.
 */
export class X86Parser extends AssemblyParser {
  constructor(skipValidations = true) {
    super(registerName, skipValidations);
    this.performSelfAnalysis();
  }

  protected override isPrefix(word: string): boolean {
    return word.toUpperCase() === 'LOCK';
  }

  protected readonly operand: Rule<Operand> = this.RULE('operand', () =>
    this.OR<Operand>({
      DEF: [
        { ALT: () => this.SUBRULE(this.name) },
        { ALT: () => this.SUBRULE(this.number) },
        { ALT: () => this.SUBRULE(this.dollar) },
        { ALT: () => this.SUBRULE(this.memory) },
        { ALT: () => this.SUBRULE(this.indirect) },
      ],
      ERR_MSG: 'a register, a number or [location]',
    }),
  );

  private number: Rule<Operand> = this.RULE('number', () => {
    const token = this.CONSUME(Int);
    return this.ACTION((): Operand => immediate(token.image, this.spanOf(token)));
  });

  /** `$1`, or `$x` for x's address. */
  private dollar: Rule<Operand> = this.RULE('dollar', () => {
    const token = this.CONSUME(Dollar);
    return this.ACTION((): Operand => {
      const text = token.image.slice(1);
      const span = this.spanOf(token);
      return /^[A-Za-z_]/.test(text)
        ? { kind: 'symbol', name: text, dollar: true, span }
        : immediate(text, span);
    });
  });

  private memory: Rule<Operand> = this.RULE('memory', () => {
    const open = this.CONSUME(LeftBracket);
    const base = this.CONSUME(Word, { ERR_MSG: 'a register or a variable' });
    let displacement = 0n;
    this.OPTION(() => {
      this.OPTION2(() => this.CONSUME(Plus));
      const token = this.CONSUME(Int);
      this.ACTION(() => {
        displacement = integerIn(token.image, int32, this.spanOf(token));
      });
    });
    this.CONSUME(RightBracket);
    return this.ACTION(() => this.memoryAt(open, base.image, displacement));
  });

  /** `(EAX)`, the same as `[EAX]`. */
  private indirect: Rule<Operand> = this.RULE('indirect', () => {
    const open = this.CONSUME(LeftParen);
    const base = this.CONSUME(Word, { ERR_MSG: 'a register' });
    this.CONSUME(RightParen);
    return this.ACTION(() => this.memoryAt(open, this.registerIn(base)));
  });
}

function immediate(text: string, span: Span): Operand {
  return { kind: 'immediate', value: integerIn(text, int32, span), span };
}

/** An operand as it is written. */
export function printOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'register':
      return operand.name;
    case 'symbol':
      return operand.dollar ? `$${operand.name}` : operand.name;
    case 'immediate':
      return `$${operand.value}`;
    case 'memory': {
      const { base, displacement } = operand;
      const past = displacement === 0n ? '' : displacement > 0n ? `+${displacement}` : String(displacement);
      return `[${base.name}${past}]`;
    }
  }
}
