import {
  binary,
  constant,
  type Expression,
  int32,
  register,
  uint32,
  unary,
  wrapped,
} from '../../program/index.js';
import type { ThreadBuilder } from '../assembly/assembly-code.js';
import type { AssemblyInstruction } from '../assembly/assembly-syntax.js';

/**
 * Condition codes as they end the names of jumps, `SETcc` and `CMOVcc`, each with the one that it is built
 * from.
 */
const codes: Readonly<Record<string, string>> = {
  E: 'E',
  Z: 'E',
  NE: '!E',
  NZ: '!E',
  L: 'L',
  NGE: 'L',
  GE: '!L',
  NL: '!L',
  LE: 'LE',
  NG: 'LE',
  G: '!LE',
  NLE: '!LE',
  S: 'S',
  NS: '!S',
  B: 'B',
  C: 'B',
  NAE: 'B',
  AE: '!B',
  NB: '!B',
  NC: '!B',
  BE: 'BE',
  NA: 'BE',
  A: '!BE',
  NBE: '!BE',
};

/** The condition code of `JNE`, `SETNB`, `CMOVC`; undefined for instructions without one. */
export function conditionCode(mnemonic: string): string | undefined {
  const [, code] = /^(?:J|SET|CMOV)(\w+)$/.exec(mnemonic) ?? [];
  return code !== undefined && Object.hasOwn(codes, code) ? code : undefined;
}

/** First values of the flags' registers that are not 0: the flags start clear, so the two values differ. */
export const clearFlags = { left: 1n } as const;

/**
 * The flags of one thread, kept as what set them: two values whose comparison they tell. For a subtraction or
 * `CMP` these are its operands, for other instructions the result (of an addition, before it is cut to 32
 * bits) and 0, so that `left < right` over unbounded integers is "sign flag differs from overflow flag".
 * Carry has a register of its own. Nothing is kept in a thread that never looks.
 */
export class Flags {
  private readonly looked: boolean;
  private readonly carryLooked: boolean;

  constructor(
    private readonly code: ThreadBuilder,
    instructions: readonly AssemblyInstruction[],
  ) {
    const used = instructions
      .map(({ mnemonic }) => conditionCode(mnemonic))
      .filter((found) => found !== undefined);
    this.looked = used.length > 0;
    this.carryLooked = used.some((found) => codes[found].includes('B'));
  }

  /** After `CMP left, right` and subtractions. */
  compare(left: Expression, right: Expression): void {
    this.set(left, right);
    this.setCarry(() => binary('<', wrapped(uint32, left), wrapped(uint32, right)));
  }

  /** After an addition, whose unbounded result is given with its operands. */
  sum(sum: Expression, left: Expression, right: Expression): void {
    this.set(sum, constant(0));
    const carries = () => binary('+', wrapped(uint32, left), wrapped(uint32, right));
    this.setCarry(() => binary('>', carries(), constant(0xffffffff)));
  }

  /** After `AND`, `OR`, `XOR`, `TEST`. */
  logical(result: Expression): void {
    this.set(result, constant(0));
    this.setCarry(() => constant(0));
  }

  /** After `INC` and `DEC`, which leave the carry alone. */
  step(result: Expression): void {
    this.set(result, constant(0));
  }

  private set(left: Expression, right: Expression): void {
    if (!this.looked) return;
    this.code.assign(this.code.temporary('left'), left);
    this.code.assign(this.code.temporary('right'), right);
  }

  private setCarry(carry: () => Expression): void {
    if (this.carryLooked) this.code.assign(this.code.temporary('carry'), carry());
  }

  /** 1 when the condition holds, else 0. */
  holds(condition: string): Expression {
    const base = codes[condition];
    return base.startsWith('!') ? unary('!', this.positive(base.slice(1))) : this.positive(base);
  }

  private positive(condition: string): Expression {
    const left = register(this.code.temporary('left'));
    const right = register(this.code.temporary('right'));
    const zero = () => binary('==', wrapped(int32, left), right);
    const carry = () => register(this.code.temporary('carry'));
    switch (condition) {
      case 'E':
        return zero();
      case 'L':
        return binary('<', left, right);
      case 'LE':
        // Not `left <= right`: a sum may be 0 only after it is cut to 32 bits.
        return binary('||', zero(), binary('<', left, right));
      case 'S':
        return binary('<', wrapped(int32, binary('-', left, right)), constant(0));
      case 'B':
        return carry();
      default:
        return binary('||', carry(), zero());
    }
  }
}
