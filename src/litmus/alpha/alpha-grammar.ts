import { int64 } from '../../program/index.js';
import { AssemblyParser, Dollar, Hash, Int, integerIn, Word } from '../assembly/assembly-parser.js';
import type { Operand } from '../assembly/assembly-syntax.js';
import type { Rule } from '../frame/places.js';
import { LeftBracket, LeftParen, RightBracket, RightParen } from '../reading/punctuation.js';

/** Software names, by register number. `R15` has two. */
const softwareNames: ReadonlyMap<string, number> = new Map(
  Object.entries({
    v0: 0,
    t0: 1,
    t1: 2,
    t2: 3,
    t3: 4,
    t4: 5,
    t5: 6,
    t6: 7,
    t7: 8,
    s0: 9,
    s1: 10,
    s2: 11,
    s3: 12,
    s4: 13,
    s5: 14,
    s6: 15,
    fp: 15,
    a0: 16,
    a1: 17,
    a2: 18,
    a3: 19,
    a4: 20,
    a5: 21,
    t8: 22,
    t9: 23,
    t10: 24,
    t11: 25,
    ra: 26,
    t12: 27,
    pv: 27,
    at: 28,
    gp: 29,
    sp: 30,
    zero: 31,
  }),
);

/** Answers of {@link registerName}: few words name registers, and each comes often. */
const knownRegisters = new Map<string, string>();

/**
 * A register's name as `R1`, from `R1`, `r1`, `$1`, `$r1` or `$t0`; undefined when the word names none.
 * Software names need their `$`: `a0` alone is a variable.
 */
export function registerName(word: string): string | undefined {
  const answer = knownRegisters.get(word) ?? registerIn(word);
  if (answer !== undefined) knownRegisters.set(word, answer);
  return answer;
}

function registerIn(word: string): string | undefined {
  const [, dollar, name] = /^(\$?)(\w+)$/.exec(word.toLowerCase()) ?? [];
  if (name === undefined) return undefined;
  const digits = /^(r?)(\d{1,2})$/.exec(name);
  if (digits)
    return (digits[1] !== '' || dollar !== '') && Number(digits[2]) < 32
      ? `R${Number(digits[2])}`
      : undefined;
  const number = dollar === '' ? undefined : softwareNames.get(name);
  return number === undefined ? undefined : `R${number}`;
}

/** Alpha assembly: the destination last, `8(R1)` for memory, numbers with or without `#`. */
export class AlphaParser extends AssemblyParser {
  constructor(skipValidations = true) {
    super(registerName, skipValidations);
    this.performSelfAnalysis();
  }

  protected readonly operand: Rule<Operand> = this.RULE('operand', () =>
    this.OR<Operand>({
      DEF: [
        { ALT: () => this.SUBRULE(this.name) },
        { ALT: () => this.SUBRULE(this.dollar) },
        { ALT: () => this.SUBRULE(this.hash) },
        { ALT: () => this.SUBRULE(this.number) },
        { ALT: () => this.SUBRULE(this.indirect) },
        { ALT: () => this.SUBRULE(this.bracketed) },
      ],
      ERR_MSG: 'a register, a number or an address such as 0(R1)',
    }),
  );

  private dollar: Rule<Operand> = this.RULE('dollar', () => {
    const token = this.CONSUME(Dollar);
    return this.ACTION(
      (): Operand => ({ kind: 'register', name: this.registerIn(token), span: this.spanOf(token) }),
    );
  });

  private hash: Rule<Operand> = this.RULE('hash', () => {
    const token = this.CONSUME(Hash);
    return this.ACTION((): Operand => {
      const span = this.spanOf(token);
      return { kind: 'immediate', value: integerIn(token.image.slice(1), int64, span), span };
    });
  });

  /** `8`, or `8(R1)`. */
  private number: Rule<Operand> = this.RULE('number', () => {
    const token = this.CONSUME(Int);
    const base = this.OPTION(() => this.SUBRULE(this.base));
    return this.ACTION((): Operand => {
      const value = integerIn(token.image, int64, this.spanOf(token));
      if (base === undefined) return { kind: 'immediate', value, span: this.spanFrom(token) };
      return this.memoryAt(token, base, value);
    });
  });

  /** `(R1)`. */
  private indirect: Rule<Operand> = this.RULE('indirect', () => {
    const first = this.LA(1);
    const base = this.SUBRULE(this.base);
    return this.ACTION(() => this.memoryAt(first, base));
  });

  /** `[x]`: what the variable holds. */
  private bracketed: Rule<Operand> = this.RULE('bracketed', () => {
    const open = this.CONSUME(LeftBracket);
    const token = this.CONSUME(Word, { ERR_MSG: 'a variable' });
    this.CONSUME(RightBracket);
    return this.ACTION(() => this.memoryAt(open, token.image));
  });

  private base: Rule<string> = this.RULE('base', () => {
    this.CONSUME(LeftParen);
    const token = this.OR({
      DEF: [{ ALT: () => this.CONSUME(Word) }, { ALT: () => this.CONSUME(Dollar) }],
      ERR_MSG: 'a register',
    });
    this.CONSUME(RightParen);
    return this.ACTION(() => this.registerIn(token));
  });
}

/** An operand as it is written. */
export function printOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'register':
    case 'symbol':
      return operand.name;
    case 'immediate':
      return String(operand.value);
    case 'memory':
      if (operand.base.kind === 'symbol') return `[${operand.base.name}]`;
      return `${operand.displacement}(${operand.base.name})`;
  }
}
