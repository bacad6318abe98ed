import type { Expression, Instruction, ScalarType, Value } from '../../src/program/index.js';

/** An operation on these operands has no value. */
export class NoValue extends Error {
  override readonly name = 'NoValue';
}

/** An operation on a value that nothing is known of: it has one, but who knows which. */
export class Undetermined extends NoValue {}

/** Stands for a value of which nothing is known but that it is no other, nor 0. */
export const anyOf = (cell: number): Value => ({ symbol: `(any${cell})`, offset: 0 });
export const isAny = (value: Value): boolean => typeof value !== 'bigint' && value.symbol.startsWith('(any');

/** The value of an expression, computed without the help of src/program: the oracle's own reading of C. */
export function compute(expression: Expression, registers: readonly Value[]): Value {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'register':
      return registers[expression.register];
    case 'unary':
      return computeUnary(expression.op, compute(expression.operand, registers));
    case 'binary':
      return computeBinary(
        expression.op,
        compute(expression.left, registers),
        compute(expression.right, registers),
      );
    case 'wrap':
      return truncated(compute(expression.operand, registers), expression.type);
    case 'select':
      return nonZero(compute(expression.condition, registers))
        ? compute(expression.then, registers)
        : compute(expression.otherwise, registers);
  }
}

/** What an instruction computes, but for addresses that it accesses. */
export function partsOf(instruction: Instruction): Expression[] {
  const { value, update, condition } = instruction as {
    readonly [part in 'value' | 'update' | 'condition']?: Expression;
  };
  return [value, update, condition].filter((part) => part !== undefined);
}

/** The registers that an expression mentions. */
export function mentioned(expression: Expression): Set<number> {
  const found = new Set<number>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const node = part as { kind?: string; register?: number };
    if (node.kind === 'register') found.add(node.register as number);
    else if (node.kind !== 'constant') Object.values(node).forEach(visit);
  };
  visit(expression);
  return found;
}

/** C's truth. */
export function nonZero(value: Value): boolean {
  return !(typeof value === 'bigint' && value === 0n);
}

/** Text that is the same for the same value, and only for that. */
export function show(value: Value): string {
  if (typeof value === 'bigint') return value.toString();
  return value.offset === 0 ? `&${value.symbol}` : `&${value.symbol}+${value.offset}`;
}

/** Whether two values are the same. */
export function same(a: Value, b: Value): boolean {
  return show(a) === show(b);
}

const named = (value: Value, symbol: string): boolean => typeof value !== 'bigint' && value.symbol === symbol;

export const isFreed = (value: Value): boolean => named(value, '(freed)');
export const isUnset = (value: Value): boolean => named(value, '(uninitialised)');
export const isJunk = (value: Value): boolean => named(value, '(junk)');

/** What a read returns of memory that holds a value: of no one's memory, junk. */
export function seen(value: Value): Value {
  return isFreed(value) || isUnset(value) ? { symbol: '(junk)', offset: 0 } : value;
}

function truncated(value: Value, type: ScalarType): Value {
  if (typeof value !== 'bigint') return value;
  if (type.bits === 1) return value === 0n ? 0n : 1n;
  const modulus = 2n ** BigInt(type.bits);
  const rest = ((value % modulus) + modulus) % modulus;
  return type.signed && rest >= modulus / 2n ? rest - modulus : rest;
}

function computeUnary(op: string, operand: Value): Value {
  if (op === '!') return nonZero(operand) ? 0n : 1n;
  if (isJunk(operand)) return operand;
  if (isAny(operand)) throw new Undetermined(`${op}${show(operand)}`);
  if (typeof operand !== 'bigint') throw new NoValue(`${op}${show(operand)}`);
  return op === '-' ? 0n - operand : -1n - operand;
}

function computeBinary(op: string, a: Value, b: Value): Value {
  const bit = (holds: boolean): bigint => (holds ? 1n : 0n);
  if (op === '==') return bit(same(a, b));
  if (op === '!=') return bit(!same(a, b));
  if (op === '&&') return bit(nonZero(a) && nonZero(b));
  if (op === '||') return bit(nonZero(a) || nonZero(b));
  if (typeof a === 'bigint' && typeof b === 'bigint') return onNumbers(op, a, b);
  if (op === '^' && same(a, b)) return 0n;
  if (isJunk(a) || isJunk(b)) {
    if (op === '-' && same(a, b)) return 0n;
    return op === '&' && !(nonZero(a) && nonZero(b)) ? 0n : { symbol: '(junk)', offset: 0 };
  }
  if (op === '-' && same(a, b)) return 0n;
  if (op === '+' && typeof a !== 'bigint' && typeof b === 'bigint') return shifted(a, b);
  if (op === '+' && typeof a === 'bigint' && typeof b !== 'bigint') return shifted(b, a);
  if (op === '-' && typeof a !== 'bigint' && typeof b === 'bigint') return shifted(a, -b);
  return onAddresses(op, a, b);
}

/** What is left of addresses: those of one object compare and subtract, and a 0 beside one does what it does beside a number. */
function onAddresses(op: string, a: Value, b: Value): Value {
  if (typeof a !== 'bigint' && typeof b !== 'bigint') {
    if (a.symbol === b.symbol && ['-', '<', '<=', '>', '>='].includes(op))
      return onNumbers(op, BigInt(a.offset), BigInt(b.offset));
    if (same(a, b) && (op === '&' || op === '|')) return a;
  }
  const [zero, address] = a === 0n ? [a, b] : [b, a];
  if (zero === 0n && op === '&') return 0n;
  if (zero === 0n && (op === '^' || op === '|')) return address;
  if (isAny(a) || isAny(b)) throw new Undetermined(`${show(a)} ${op} ${show(b)}`);
  throw new NoValue(`${show(a)} ${op} ${show(b)}`);
}

function shifted({ symbol, offset }: Exclude<Value, bigint>, by: bigint): Value {
  return { symbol, offset: offset + Number(by) };
}

const operations: Readonly<Record<string, (a: bigint, b: bigint) => bigint | boolean>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '/': (a, b) => (b === 0n ? none(a, '/', b) : a / b),
  '%': (a, b) => (b === 0n ? none(a, '%', b) : a % b),
  '<<': (a, b) => (b < 0n || b > 64n ? none(a, '<<', b) : a * 2n ** b),
  '>>': (a, b) => (b < 0n || b > 64n ? none(a, '>>', b) : a >> b),
};

function none(a: bigint, op: string, b: bigint): never {
  throw new NoValue(`${a} ${op} ${b}`);
}

function onNumbers(op: string, a: bigint, b: bigint): bigint {
  if (!Object.hasOwn(operations, op)) throw new NoValue(`${a} ${op} ${b}`);
  return BigInt(operations[op](a, b));
}
