import {
  binary,
  constant,
  type Expression,
  int32,
  register,
  type ScalarType,
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
 * `CMP` these are its operands, for other instructions the result (of an addition, before it is cut to the
 * instruction's size) and 0, so that `left < right` over unbounded integers is "sign flag differs from
 * overflow flag". What an instruction of fewer bits than registers have leaves is moved up by the difference:
 * then it compares, and is cut, as it would be by itself. Carry has a register of its own. Nothing is kept
 * in a thread that never looks.
 */
export class Flags {
  /** What the instruction works on, with its sign. */
  size: ScalarType;
  private readonly looked: boolean;
  private readonly carryLooked: boolean;

  /** @param widest what registers hold, with its sign */
  constructor(
    private readonly code: ThreadBuilder,
    instructions: readonly AssemblyInstruction[],
    private readonly widest: ScalarType = int32,
  ) {
    this.size = widest;
    const used = instructions
      .map(({ mnemonic }) => conditionCode(mnemonic))
      .filter((found) => found !== undefined);
    this.looked = used.length > 0;
    this.carryLooked = used.some((found) => codes[found].includes('B'));
  }

  /** After `CMP left, right` and subtractions. */
  compare(left: Expression, right: Expression): void {
    this.set(this.signed(left), this.signed(right));
    this.setCarry(() => binary('<', this.unsigned(left), this.unsigned(right)));
  }

  /** After an addition, whose unbounded result is given with its operands. */
  sum(sum: Expression, left: Expression, right: Expression): void {
    const isNarrow = this.size.bits < this.widest.bits;
    this.set(isNarrow ? binary('+', this.signed(left), this.signed(right)) : sum, constant(0));
    const carries = () => binary('+', this.unsigned(left), this.unsigned(right));
    this.setCarry(() => binary('>', carries(), constant((1n << BigInt(this.size.bits)) - 1n)));
  }

  /** After `AND`, `OR`, `XOR`, `TEST`. */
  logical(result: Expression): void {
    this.set(this.signed(result), constant(0));
    this.setCarry(() => constant(0));
  }

  /** After `INC` and `DEC`, which leave the carry alone. */
  step(result: Expression): void {
    this.set(this.signed(result), constant(0));
  }

  /** Registers of the widest size hold their values with their sign as they are. */
  private signed(value: Expression): Expression {
    return this.size.bits < this.widest.bits ? wrapped(this.size, value) : value;
  }

  private unsigned(value: Expression): Expression {
    return wrapped({ ...this.size, signed: false }, value);
  }

  private movedUp(value: Expression): Expression {
    const factor = 1n << BigInt(this.widest.bits - this.size.bits);
    return factor === 1n ? value : binary('*', value, constant(factor));
  }

  private set(left: Expression, right: Expression): void {
    if (!this.looked) return;
    this.code.assign(this.code.temporary('left'), this.movedUp(left));
    this.code.assign(this.code.temporary('right'), this.movedUp(right));
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
    const zero = () => binary('==', wrapped(this.widest, left), right);
    const carry = () => register(this.code.temporary('carry'));
    switch (condition) {
      case 'E':
        return zero();
      case 'L':
        return binary('<', left, right);
      case 'LE':
        // Not `left <= right`: a sum may be 0 only after it is cut.
        return binary('||', zero(), binary('<', left, right));
      case 'S':
        return binary('<', wrapped(this.widest, binary('-', left, right)), constant(0));
      case 'B':
        return carry();
      default:
        return binary('||', carry(), zero());
    }
  }
}
