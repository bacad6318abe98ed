import type { Expression, ScalarType, Value } from '../../src/program/index.js';

/** An operation on these operands has no value. */
export class NoValue extends Error {
  override readonly name = 'NoValue';
}

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
  if (op === '+' && typeof a !== 'bigint' && typeof b === 'bigint') return shifted(a, b);
  if (op === '+' && typeof a === 'bigint' && typeof b !== 'bigint') return shifted(b, a);
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
};

function onNumbers(op: string, a: bigint, b: bigint): bigint {
  if (!Object.hasOwn(operations, op)) throw new NoValue(`${a} ${op} ${b}`);
  return BigInt(operations[op](a, b));
}
