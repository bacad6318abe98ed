import { raise, refuse } from '../../diagnostics.js';
import {
  addressOf,
  type BinaryOperator,
  binary,
  constant,
  type Expression,
  int32,
  type RegisterId,
  register,
  type ScalarType,
  unary,
  wrap,
  wrapped,
} from '../../program/index.js';
import { addressIn, noInstruction, Operands, select, type ThreadBuilder } from '../assembly/assembly-code.js';
import type { AssemblyInstruction, Operand } from '../assembly/assembly-syntax.js';
import { conditionCode, Flags } from './flags.js';
import { printOperand } from './x86-grammar.js';

type Lower = (thread: X86Thread, operands: Operands) => void;

/** An instruction that computes a new value of its first operand. */
interface Computed {
  /** The result before it is cut to 32 bits. */
  readonly result: (old: Expression, operand: Expression) => Expression;
  readonly flags: (flags: Flags, old: Expression, operand: Expression, result: Expression) => void;
  readonly operands: 1 | 2;
}

const arithmetic = (op: BinaryOperator): Computed => ({
  result: (old, operand) => binary(op, old, operand),
  flags: (flags, old, operand, result) => {
    if (op === '-') flags.compare(old, operand);
    else if (op === '+') flags.sum(result, old, operand);
    else flags.logical(result);
  },
  operands: 2,
});

const step = (op: '+' | '-'): Computed => ({
  result: (old) => binary(op, old, constant(1)),
  flags: (flags, _old, _operand, result) => flags.step(result),
  operands: 1,
});

const computed: Readonly<Record<string, Computed>> = {
  ADD: arithmetic('+'),
  SUB: arithmetic('-'),
  AND: arithmetic('&'),
  OR: arithmetic('|'),
  XOR: arithmetic('^'),
  INC: step('+'),
  DEC: step('-'),
  NEG: {
    result: (old) => unary('-', old),
    flags: (flags, old) => flags.compare(constant(0), old),
    operands: 1,
  },
  NOT: { result: (old) => unary('~', old), flags: () => {}, operands: 1 },
};

/** Instructions that LOCK may stand before. */
const lockable: ReadonlySet<string> = new Set([...Object.keys(computed), 'XADD', 'CMPXCHG', 'XCHG']);
const otherSizes: ReadonlySet<string> = new Set([
  'MOVB',
  'MOVW',
  'MOVQ',
  'MOVSD',
  'MOVT',
  'MOVZX',
  'MOVSX',
  'CMPXCHG8B',
]);

/** Instructions whose operands say what they work on, but for those with a condition. */
export function isX86Instruction(mnemonic: string): boolean {
  return Object.hasOwn(computed, mnemonic) || Object.hasOwn(instructionTable, mnemonic);
}

const instructionTable: Readonly<Record<string, Lower>> = {
  MOV: (thread, operands) => thread.move(operands),
  MOVL: (thread, operands) => thread.move(operands),
  LEA: (thread, operands) => thread.loadAddress(operands),
  XCHG: (thread, operands) => thread.exchange(operands),
  XADD: (thread, operands) => thread.exchangeAdd(operands),
  CMPXCHG: (thread, operands) => thread.compareExchange(operands),
  CMP: (thread, operands) => thread.compare(operands, (flags, left, right) => flags.compare(left, right)),
  TEST: (thread, operands) =>
    thread.compare(operands, (flags, left, right) => flags.logical(binary('&', left, right))),
  JMP: (thread, operands) => {
    operands.count(1);
    thread.code.jump(operands.label(0));
  },
  MFENCE: (thread, operands) => thread.fence(operands),
  LFENCE: (thread, operands) => thread.fence(operands),
  SFENCE: (thread, operands) => thread.fence(operands),
  NOP: (_thread, operands) => void operands.count(0),
  PAUSE: (_thread, operands) => void operands.count(0),
};

/**
 * Barriers; and what one costs that repairs add (`Signature.cost`). The others order nothing more for memory
 * that is cached.
 */
export const x86Barriers: ReadonlyMap<string, number | undefined> = new Map([
  ['MFENCE', 50],
  ['LFENCE', undefined],
  ['SFENCE', undefined],
]);

/** Names of instructions, as completion offers them: of those with a condition, the usual two. */
export const mnemonics: readonly string[] = [
  ...Object.keys(instructionTable),
  ...Object.keys(computed),
  'LOCK',
  'JE',
  'JNE',
];

/** Whether a name in the instruction's operands is a label. */
export function isBranch(mnemonic: string): boolean {
  return mnemonic === 'JMP' || (mnemonic.startsWith('J') && conditionCode(mnemonic) !== undefined);
}

/** What sets the registers of one processor apart from another's. */
export interface X86Registers {
  /** What registers hold. */
  readonly type: ScalarType;
  readonly accumulator: string;
  /** The register that a name is the whole of, or the lower half. */
  whole(name: string): string;
  readonly printOperand: (operand: Operand) => string;
}

const registers32: X86Registers = {
  type: int32,
  accumulator: 'EAX',
  whole: (name) => name,
  printOperand,
};

/** Lowers the instructions of one thread, the destination first among their operands. */
export class X86Thread {
  private readonly flags: Flags;
  /** What the instruction works on: all that it reads and writes is of this size. */
  private type: ScalarType;

  constructor(
    readonly code: ThreadBuilder,
    instructions: readonly AssemblyInstruction[],
    private readonly registers: X86Registers = registers32,
  ) {
    this.type = registers.type;
    this.flags = new Flags(code, instructions, registers.type);
  }

  /**
   * @param type what the instruction works on
   * @param written what it is called in the text
   */
  lower(
    instruction: AssemblyInstruction,
    type: ScalarType = this.registers.type,
    written = instruction.mnemonic,
  ): void {
    const { mnemonic, prefix, span } = instruction;
    this.type = type;
    this.flags.size = { ...type, signed: true };
    const operands = new Operands({ ...instruction, mnemonic: written }, this.registers.printOperand);
    if (prefix !== undefined) this.checkLock(instruction);
    const code = conditionCode(mnemonic);
    if (Object.hasOwn(computed, mnemonic)) this.compute(computed[mnemonic], operands);
    else if (Object.hasOwn(instructionTable, mnemonic)) instructionTable[mnemonic](this, operands);
    else if (code !== undefined) this.conditional(mnemonic, code, operands);
    else if (otherSizes.has(mnemonic)) refuse(`${mnemonic} is not supported: only 32-bit accesses are`, span);
    else noInstruction(instruction, 'an X86', [...Object.keys(computed), ...Object.keys(instructionTable)]);
  }

  private checkLock({ mnemonic, operands, span }: AssemblyInstruction): void {
    if (!lockable.has(mnemonic)) raise(`LOCK cannot stand before ${mnemonic}`, span);
    if (!operands.some(({ kind }) => kind === 'memory')) raise('LOCK needs an operand in memory', span);
  }

  private registerOf(operand: Operand & { kind: 'register' }): RegisterId {
    return this.code.register(this.registers.whole(operand.name));
  }

  /** The part of a register that the instruction works on. */
  private held(of: RegisterId): Expression {
    return this.type.bits < this.registers.type.bits ? wrapped(this.type, register(of)) : register(of);
  }

  private address(operand: Operand & { kind: 'memory' }): Expression {
    return addressIn(operand, (name) => register(this.code.register(this.registers.whole(name))));
  }

  /** An operand's value; memory is read into a temporary first. */
  private read(operand: Operand, temporary: string): Expression {
    switch (operand.kind) {
      case 'register':
        return this.held(this.registerOf(operand));
      case 'immediate':
        return constant(wrap(operand.value, this.type));
      case 'symbol':
        return addressOf(operand.name);
      case 'memory': {
        const target = this.code.temporary(temporary);
        this.load(target, operand);
        return register(target);
      }
    }
  }

  private load(target: RegisterId, operand: Operand & { kind: 'memory' }): void {
    this.code.emit({ kind: 'load', target, address: this.address(operand), type: this.type, tags: [] });
  }

  private write(operand: Operand & { kind: 'register' | 'memory' }, value: Expression): void {
    if (operand.kind === 'register') this.code.assign(this.registerOf(operand), value);
    else this.code.emit({ kind: 'store', address: this.address(operand), value, type: this.type, tags: [] });
  }

  /** Writes a place that the same instruction has read just now, without LOCK. */
  private writeBack(operand: Operand & { kind: 'register' | 'memory' }, value: Expression): void {
    if (operand.kind === 'register') this.write(operand, value);
    else {
      const address = this.address(operand);
      this.code.emit({ kind: 'store', address, value, type: this.type, tags: [], afterOwnLoad: true });
    }
  }

  /**
   * An atomic read and write: `update` may use the value read, which is left in the register that is given
   * back.
   */
  private atomic(operand: Operand & { kind: 'memory' }, update: (old: Expression) => Expression): Expression {
    const target = this.code.temporary('old');
    this.code.emit({
      kind: 'rmw',
      target,
      address: this.address(operand),
      update: update(register(target)),
      type: this.type,
      readTags: [],
      writeTags: [],
    });
    return register(target);
  }

  /** A second operand. A name without brackets is a variable's address only when it has its `$`. */
  private source(operands: Operands, index: number, first: Operand): Operand {
    const operand = operands.at(index, 'register', 'immediate', 'memory', 'symbol');
    if (operand.kind === 'symbol' && !operand.dollar) {
      raise(`expected a register, a number or [location], found \`${operand.name}\``, operand.span);
    }
    if (first.kind === 'memory' && operand.kind === 'memory') {
      raise(`${operands.instruction.mnemonic} takes one operand in memory, found two`, operand.span);
    }
    return operand;
  }

  move(operands: Operands): void {
    operands.count(2);
    const target = operands.at(0, 'register', 'memory');
    const source = this.source(operands, 1, target);
    if (target.kind === 'register' && source.kind === 'memory') this.load(this.registerOf(target), source);
    else this.write(target, this.read(source, 'read'));
  }

  loadAddress(operands: Operands): void {
    operands.count(2);
    const target = operands.at(0, 'register');
    this.write(target, wrapped(this.type, this.address(operands.at(1, 'memory'))));
  }

  fence(operands: Operands): void {
    operands.count(0);
    this.code.emit({ kind: 'fence', tags: [operands.instruction.mnemonic] });
  }

  compare(operands: Operands, set: (flags: Flags, left: Expression, right: Expression) => void): void {
    operands.count(2);
    const first = operands.at(0, 'register', 'memory');
    const left = this.read(first, 'read');
    set(this.flags, left, this.read(this.source(operands, 1, first), 'read'));
  }

  private compute({ result, flags, operands: count }: Computed, operands: Operands): void {
    operands.count(count);
    const target = operands.at(0, 'register', 'memory');
    const operand = count === 1 ? constant(0) : this.read(this.source(operands, 1, target), 'read');
    const cut = (old: Expression): Expression => wrapped(this.type, result(old, operand));
    let old: Expression;
    if (target.kind === 'memory' && operands.instruction.prefix !== undefined) {
      old = this.atomic(target, cut);
      flags(this.flags, old, operand, result(old, operand));
    } else {
      old = this.read(target, 'old');
      // Flags first: they tell of the register's old value.
      flags(this.flags, old, operand, result(old, operand));
      this.writeBack(target, cut(old));
    }
  }

  /** Atomic with a location in memory, with or without LOCK. */
  exchange(operands: Operands): void {
    operands.count(2);
    const [first, second] = [operands.at(0, 'register', 'memory'), operands.at(1, 'register', 'memory')];
    if (first.kind === 'memory' && second.kind === 'memory') this.source(operands, 1, first);
    const [place, other] = first.kind === 'memory' ? [first, second] : [second, first];
    const target = this.registerOf(other as Operand & { kind: 'register' });
    if (place.kind === 'memory') {
      this.code.assign(
        target,
        this.atomic(place, () => this.held(target)),
      );
    } else {
      const old = this.code.temporary('old');
      this.code.assign(old, this.held(target));
      this.code.assign(target, this.held(this.registerOf(place)));
      this.code.assign(this.registerOf(place), register(old));
    }
  }

  exchangeAdd(operands: Operands): void {
    operands.count(2);
    const place = operands.at(0, 'register', 'memory');
    const added = this.registerOf(operands.at(1, 'register'));
    const cut = (old: Expression): Expression => wrapped(this.type, binary('+', old, this.held(added)));
    const old = this.update(place, operands, cut);
    this.flags.sum(binary('+', old, this.held(added)), old, this.held(added));
    // With both operands the same register, the sum is what stays.
    const sum = cut(old);
    if (place.kind === 'register' && this.registerOf(place) === added) this.code.assign(added, sum);
    else {
      if (place.kind === 'register') this.write(place, sum);
      this.code.assign(added, old);
    }
  }

  /**
   * As the processor does: when the comparison fails, the old value is written back, so that there is always
   * a write.
   */
  compareExchange(operands: Operands): void {
    operands.count(2);
    const place = operands.at(0, 'register', 'memory');
    const source = this.held(this.registerOf(operands.at(1, 'register')));
    const accumulator = this.code.register(this.registers.accumulator);
    const expected = this.held(accumulator);
    const chosen = (old: Expression): Expression => select(binary('==', old, expected), source, old);
    const old = this.update(place, operands, chosen);
    this.flags.compare(expected, old);
    if (place.kind === 'register') this.write(place, chosen(old));
    if (place.kind === 'memory' || this.registerOf(place) !== accumulator) this.code.assign(accumulator, old);
  }

  /** Reads a place and, in memory, writes it: in one step when LOCK says so. A register is only read. */
  private update(
    place: Operand & { kind: 'register' | 'memory' },
    operands: Operands,
    change: (old: Expression) => Expression,
  ): Expression {
    if (place.kind === 'memory' && operands.instruction.prefix !== undefined)
      return this.atomic(place, change);
    const old = this.code.temporary('old');
    if (place.kind === 'register') this.code.assign(old, this.held(this.registerOf(place)));
    else {
      this.load(old, place);
      this.writeBack(place, change(register(old)));
    }
    return register(old);
  }

  /** Conditional jumps, `SETcc` and `CMOVcc`. */
  private conditional(mnemonic: string, condition: string, operands: Operands): void {
    if (mnemonic.startsWith('J')) {
      operands.count(1);
      this.code.branch(this.flags.holds(condition), operands.label(0));
    } else if (mnemonic.startsWith('SET')) {
      operands.count(1);
      this.write(operands.at(0, 'register', 'memory'), this.flags.holds(condition));
    } else {
      operands.count(2);
      const target = operands.at(0, 'register');
      // Memory is read whether the move takes place or not.
      const then = this.read(operands.at(1, 'register', 'memory'), 'read');
      const otherwise = this.held(this.registerOf(target));
      this.write(target, select(this.flags.holds(condition), then, otherwise));
    }
  }
}
