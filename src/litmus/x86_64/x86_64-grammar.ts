import { refuse, type Span } from '../../diagnostics.js';
import { int64 } from '../../program/index.js';
import { AssemblyParser, Dollar, Int, integerIn, Percent, Word } from '../assembly/assembly-parser.js';
import type { Operand } from '../assembly/assembly-syntax.js';
import type { Rule } from '../frame/places.js';
import { Comma, LeftParen, RightParen } from '../reading/punctuation.js';
import { registerPart } from './x86_64-registers.js';

/** The name of a register as it is written, in small letters. */
function writtenName(word: string): string | undefined {
  return registerPart(word) && word.toLowerCase();
}

/**
 * X86_64 as herd7 reads it, in the syntax of AT&T: the destination last, `(x)` or `8(%rax)` for memory, `$1`
 * for numbers.
 */
export class X86_64Parser extends AssemblyParser {
  constructor(skipValidations = true) {
    super(writtenName, skipValidations);
    this.performSelfAnalysis();
  }

  protected override isPrefix(word: string): boolean {
    return word.toUpperCase() === 'LOCK';
  }

  protected readonly operand: Rule<Operand> = this.RULE('operand', () =>
    this.OR<Operand>({
      DEF: [
        { ALT: () => this.SUBRULE(this.register) },
        { ALT: () => this.SUBRULE(this.dollar) },
        { ALT: () => this.SUBRULE(this.memory) },
        { ALT: () => this.SUBRULE(this.label) },
      ],
      ERR_MSG: 'a register with `%`, a number with `$`, or (location)',
    }),
  );

  private register: Rule<Operand> = this.RULE('register', () => {
    const token = this.CONSUME(Percent);
    return this.ACTION((): Operand => {
      const span = this.spanOf(token);
      return { kind: 'register', name: this.registerIn({ ...token, image: token.image.slice(1) }), span };
    });
  });

  /** `$1`, or `$x` for x's address. */
  private dollar: Rule<Operand> = this.RULE('dollar', () => {
    const token = this.CONSUME(Dollar);
    return this.ACTION((): Operand => {
      const text = token.image.slice(1);
      const span = this.spanOf(token);
      if (/^[A-Za-z_]/.test(text)) return { kind: 'symbol', name: text, dollar: true, span };
      return { kind: 'immediate', value: integerIn(text, int64, span), span };
    });
  });

  private memory: Rule<Operand> = this.RULE('memory', () => {
    const past = this.OPTION(() => this.CONSUME(Int));
    const open = this.CONSUME(LeftParen);
    const base = this.OR([
      { ALT: () => this.CONSUME(Percent) },
      { ALT: () => this.CONSUME(Word, { ERR_MSG: 'a register or a variable' }) },
    ]);
    const index = this.OPTION2(() => this.CONSUME(Comma));
    if (index)
      this.MANY(() =>
        this.OR2([
          { ALT: () => this.CONSUME2(Percent) },
          { ALT: () => this.CONSUME2(Int) },
          { ALT: () => this.CONSUME2(Comma) },
        ]),
      );
    this.CONSUME(RightParen);
    return this.ACTION(() => {
      if (index) this.refuseIndex(this.spanFrom(open));
      const displacement = past ? integerIn(past.image, int64, this.spanOf(past)) : 0n;
      if (base.image.startsWith('%')) this.registerIn({ ...base, image: base.image.slice(1) });
      return this.memoryAt(past ?? open, base.image.replace('%', ''), displacement);
    });
  });

  private refuseIndex(span: Span): never {
    return refuse(
      'an address with an index is not supported: write what it comes to into a register, and (%register)',
      span,
    );
  }

  /** The name of a label. */
  private label: Rule<Operand> = this.RULE('label', () => {
    const token = this.CONSUME(Word);
    return this.ACTION((): Operand => ({ kind: 'symbol', name: token.image, span: this.spanOf(token) }));
  });
}

/** An operand as it is written. */
export function printAttOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'register':
      return `%${operand.name}`;
    case 'symbol':
      return operand.dollar ? `$${operand.name}` : operand.name;
    case 'immediate':
      return `$${operand.value}`;
    case 'memory': {
      const { base, displacement } = operand;
      const name = base.kind === 'register' ? `%${base.name}` : base.name;
      return `${displacement === 0n ? '' : displacement}(${name})`;
    }
  }
}
