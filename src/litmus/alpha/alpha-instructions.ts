import { refuse } from '../../diagnostics.js';
import {
  addressOf,
  binary,
  constant,
  type Expression,
  int32,
  int64,
  type RegisterId,
  register,
  type ScalarType,
  wrapped,
} from '../../program/index.js';
import { addressIn, noInstruction, Operands, select, type ThreadBuilder } from '../assembly/assembly-code.js';
import type { AssemblyInstruction, Operand } from '../assembly/assembly-syntax.js';
import { printOperand } from './alpha-grammar.js';
import { binaryOperators, tests, unaryOperators } from './alpha-operators.js';

type Lower = (thread: AlphaThread, operands: Operands) => void;

/** Reads as 0, and what is written to it is gone. */
const zeroRegister = 'R31';

const instructionTable: Readonly<Record<string, Lower>> = {
  LDQ: (thread, operands) => thread.load(operands, int64, false),
  LDL: (thread, operands) => thread.load(operands, int32, false),
  LDQ_L: (thread, operands) => thread.load(operands, int64, true),
  LDL_L: (thread, operands) => thread.load(operands, int32, true),
  STQ: (thread, operands) => thread.store(operands, int64),
  STL: (thread, operands) => thread.store(operands, int32),
  STQ_C: (thread, operands) => thread.storeConditional(operands, int64),
  STL_C: (thread, operands) => thread.storeConditional(operands, int32),
  LDA: (thread, operands) => thread.loadAddress(operands, 1n),
  LDAH: (thread, operands) => thread.loadAddress(operands, 65536n),
  LDIQ: (thread, operands) => thread.loadImmediate(operands),
  LDIL: (thread, operands) => thread.loadImmediate(operands),
  MB: (thread, operands) => thread.fence(operands),
  WMB: (thread, operands) => thread.fence(operands),
  BR: (thread, operands) => thread.branch(operands),
  CLR: (thread, operands) => thread.clear(operands),
  NOP: (_thread, operands) => void operands.count(0),
  UNOP: (_thread, operands) => void operands.count(0),
  FNOP: (_thread, operands) => void operands.count(0),
};

/** Instructions of the architecture that have no meaning here, each with what to tell a user. */
const unsupported: ReadonlyMap<string, string> = new Map([
  ...['JSR', 'JMP', 'RET', 'BSR', 'JSR_COROUTINE'].map(
    (name) => [name, 'jumps to an address and calls are not'] as const,
  ),
  ...['IMB', 'CALL_PAL'].map((name) => [name, 'PALcode and instruction fetches are not'] as const),
  ...['LDBU', 'LDWU', 'STB', 'STW', 'LDQ_U', 'STQ_U'].map(
    (name) => [name, 'only accesses to longwords and quadwords are'] as const,
  ),
  ...['TRAPB', 'EXCB'].map((name) => [name, 'traps are not'] as const),
  ...['LDS', 'LDT', 'STS', 'STT'].map((name) => [name, 'floating point is not'] as const),
]);

const branchTest = (mnemonic: string): string | undefined => testIn(/^B(\w+)$/, mnemonic);
const moveTest = (mnemonic: string): string | undefined => testIn(/^CMOV(\w+)$/, mnemonic);

function testIn(pattern: RegExp, mnemonic: string): string | undefined {
  const name = pattern.exec(mnemonic)?.[1];
  return name !== undefined && Object.hasOwn(tests, name) ? name : undefined;
}

/** Barriers, and what they cost a repair that adds them (`Signature.cost`). */
export const alphaBarriers: ReadonlyMap<string, number | undefined> = new Map([
  ['WMB', 20],
  ['MB', 50],
]);

/** Names of instructions, as completion offers them. */
export const mnemonics: readonly string[] = [
  ...Object.keys(instructionTable),
  ...Object.keys(binaryOperators),
  ...Object.keys(unaryOperators),
  ...Object.keys(tests).flatMap((test) => [`B${test}`, `CMOV${test}`]),
];

/** Whether a name in the instruction's operands is a label. */
export function isBranch(mnemonic: string): boolean {
  return mnemonic === 'BR' || branchTest(mnemonic) !== undefined;
}

/** Lowers the instructions of one thread. Registers hold 64-bit numbers, or addresses. */
export class AlphaThread {
  constructor(private readonly code: ThreadBuilder) {}

  lower(instruction: AssemblyInstruction): void {
    const { mnemonic } = instruction;
    const operands = new Operands(instruction, printOperand);
    const [branch, move] = [branchTest(mnemonic), moveTest(mnemonic)];
    if (Object.hasOwn(instructionTable, mnemonic)) instructionTable[mnemonic](this, operands);
    else if (Object.hasOwn(binaryOperators, mnemonic)) this.operate(operands);
    else if (Object.hasOwn(unaryOperators, mnemonic)) this.convert(operands);
    else if (branch !== undefined) this.conditionalBranch(operands, branch);
    else if (move !== undefined) this.conditionalMove(operands, move);
    else this.refuse(instruction);
  }

  private refuse(instruction: AssemblyInstruction): never {
    const { mnemonic, span } = instruction;
    const why = unsupported.get(mnemonic);
    if (why !== undefined) refuse(`${mnemonic} is not supported: ${why}`, span);
    const known = [instructionTable, binaryOperators, unaryOperators].flatMap((names) => Object.keys(names));
    return noInstruction(instruction, 'an Alpha', known);
  }

  private value(name: string): Expression {
    return name === zeroRegister ? constant(0) : register(this.code.register(name));
  }

  /** A register's number, or a temporary in the place of R31. */
  private target(name: string): RegisterId {
    return name === zeroRegister ? this.code.temporary('none') : this.code.register(name);
  }

  private assign(name: string, value: Expression): void {
    if (name !== zeroRegister) this.code.assign(this.code.register(name), value);
  }

  /** A register, or a number. */
  private source(operands: Operands, index: number): Expression {
    const operand = operands.at(index, 'register', 'immediate');
    return operand.kind === 'register' ? this.value(operand.name) : constant(operand.value);
  }

  /** The last operand but one of a memory instruction: `8(R1)`, or a variable's name. */
  private address(operands: Operands): Expression {
    const operand = operands.at(1, 'memory', 'symbol');
    if (operand.kind === 'symbol') return addressOf(operand.name);
    if (operand.base.name === zeroRegister) refuse('an absolute address is not supported', operand.span);
    return addressIn(operand, (name) => this.value(name));
  }

  load(operands: Operands, type: ScalarType, locked: boolean): void {
    operands.count(2);
    const { name } = operands.at(0, 'register');
    const address = this.address(operands);
    // A load to R31 is a prefetch (handbook 4.11.8): it reads nothing that a program could see.
    if (name === zeroRegister && !locked) return;
    this.code.emit({
      kind: 'load',
      target: this.target(name),
      address,
      type,
      tags: [],
      ...(locked && { locked }),
    });
  }

  store(operands: Operands, type: ScalarType): void {
    operands.count(2);
    const value = this.value(operands.at(0, 'register').name);
    this.code.emit({ kind: 'store', address: this.address(operands), value, type, tags: [] });
  }

  /** The register that is stored receives 1, or 0 when nothing was stored. */
  storeConditional(operands: Operands, type: ScalarType): void {
    operands.count(2);
    const { name } = operands.at(0, 'register');
    const address = this.address(operands);
    this.code.emit({
      kind: 'store-conditional',
      target: this.target(name),
      address,
      value: this.value(name),
      type,
      tags: [],
    });
  }

  /** `LDA R1,8(R2)`, and with a variable's name its address. */
  loadAddress(operands: Operands, scale: bigint): void {
    operands.count(2);
    const { name } = operands.at(0, 'register');
    const operand = operands.at(1, 'memory', 'symbol', 'immediate');
    this.assign(name, this.computedAddress(operand, scale));
  }

  private computedAddress(
    operand: Operand & { kind: 'memory' | 'symbol' | 'immediate' },
    scale: bigint,
  ): Expression {
    if (operand.kind === 'immediate') return constant(operand.value * scale);
    if (operand.kind === 'symbol') return addressOf(operand.name);
    const { base, displacement } = operand;
    if (base.kind === 'symbol') return addressOf(base.name);
    if (base.name === zeroRegister) return constant(displacement * scale);
    if (displacement === 0n) return this.value(base.name);
    return wrapped(int64, binary('+', this.value(base.name), constant(displacement * scale)));
  }

  loadImmediate(operands: Operands): void {
    operands.count(2);
    this.assign(operands.at(0, 'register').name, wrapped(int64, constant(operands.at(1, 'immediate').value)));
  }

  fence(operands: Operands): void {
    operands.count(0);
    this.code.emit({ kind: 'fence', tags: [operands.instruction.mnemonic] });
  }

  clear(operands: Operands): void {
    operands.count(1);
    this.assign(operands.at(0, 'register').name, constant(0));
  }

  /** `BR label`, or `BR R31,label`; another register would take the return address. */
  branch(operands: Operands): void {
    const count = operands.count(1, 2);
    if (count === 2) {
      const link = operands.at(0, 'register');
      if (link.name !== zeroRegister) refuse('BR that keeps its return address is not supported', link.span);
    }
    this.code.jump(operands.label(count - 1));
  }

  private conditionalBranch(operands: Operands, test: string): void {
    operands.count(2);
    this.code.branch(tests[test](this.value(operands.at(0, 'register').name)), operands.label(1));
  }

  private conditionalMove(operands: Operands, test: string): void {
    operands.count(3);
    const condition = tests[test](this.value(operands.at(0, 'register').name));
    const { name } = operands.at(2, 'register');
    this.assign(name, select(condition, this.source(operands, 1), this.value(name)));
  }

  private operate(operands: Operands): void {
    operands.count(3);
    const left = this.value(operands.at(0, 'register').name);
    const value = binaryOperators[operands.instruction.mnemonic](left, this.source(operands, 1));
    this.assign(operands.at(2, 'register').name, value);
  }

  private convert(operands: Operands): void {
    operands.count(2);
    const value = unaryOperators[operands.instruction.mnemonic](this.source(operands, 0));
    this.assign(operands.at(1, 'register').name, value);
  }
}
