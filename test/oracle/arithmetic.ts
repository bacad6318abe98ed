import type { Expression, Instruction, ScalarType, Value } from '../../src/program/index.js';

/** An operation on a value that nothing is known of: who knows what it gives. */
export class Undetermined extends Error {
  override readonly name = 'Undetermined';
}

/** Told of what is wrong with an operation on its operands; the operation then gives junk. */
type Wrong = (what: string) => void;

export const JUNK: Value = { symbol: '(junk)', offset: 0 };

/** Stands for a value of which nothing is known but that it is no other, nor 0. */
export const anyOf = (cell: number): Value => ({ symbol: `(any${cell})`, offset: 0 });
export const isAny = (value: Value): boolean => typeof value !== 'bigint' && value.symbol.startsWith('(any');

/**
 * The value of an expression, computed without the help of src/program: the oracle's own reading of C.
 * @throws Undetermined
 */
export function compute(expression: Expression, registers: readonly Value[], wrong: Wrong = () => {}): Value {
  const part = (of: Expression): Value => compute(of, registers, wrong);
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'register':
      return registers[expression.register];
    case 'unary':
      return computeUnary(expression.op, part(expression.operand), wrong);
    case 'binary': {
      const { op, left, right } = expression;
      if (op === '&&') return nonZero(part(left)) && nonZero(part(right)) ? 1n : 0n;
      if (op === '||') return nonZero(part(left)) || nonZero(part(right)) ? 1n : 0n;
      return computeBinary(expression, part(left), part(right), wrong);
    }
    case 'wrap':
      return truncated(part(expression.operand), expression.type);
    case 'select':
      return part(nonZero(part(expression.condition)) ? expression.then : expression.otherwise);
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
  return isFreed(value) || isUnset(value) ? JUNK : value;
}

function truncated(value: Value, type: ScalarType): Value {
  if (typeof value !== 'bigint') return value;
  if (type.bits === 1) return value === 0n ? 0n : 1n;
  const modulus = 2n ** BigInt(type.bits);
  const rest = ((value % modulus) + modulus) % modulus;
  return type.signed && rest >= modulus / 2n ? rest - modulus : rest;
}

function computeUnary(op: string, operand: Value, wrong: Wrong): Value {
  if (op === '!') return nonZero(operand) ? 0n : 1n;
  if (isJunk(operand)) return operand;
  if (isAny(operand)) throw new Undetermined(`${op}${show(operand)}`);
  if (typeof operand !== 'bigint') return without(wrong, 'bad-arithmetic');
  return op === '-' ? 0n - operand : -1n - operand;
}

function without(wrong: Wrong, what: string): Value {
  wrong(what);
  return JUNK;
}

type Operation = Expression & { readonly kind: 'binary' };

function computeBinary(operation: Operation, a: Value, b: Value, wrong: Wrong): Value {
  const { op } = operation;
  const bit = (holds: boolean): bigint => (holds ? 1n : 0n);
  if (op === '==') return bit(same(a, b));
  if (op === '!=') return bit(!same(a, b));
  if (typeof a === 'bigint' && typeof b === 'bigint') return onNumbers(operation, a, b, wrong);
  if ((op === '^' || op === '-') && same(a, b)) return 0n;
  if (isJunk(a) || isJunk(b)) return op === '&' && !(nonZero(a) && nonZero(b)) ? 0n : JUNK;
  if (op === '+' && typeof a !== 'bigint' && typeof b === 'bigint') return shifted(a, b);
  if (op === '+' && typeof a === 'bigint' && typeof b !== 'bigint') return shifted(b, a);
  if (op === '-' && typeof a !== 'bigint' && typeof b === 'bigint') return shifted(a, -b);
  return onAddresses(operation, a, b, wrong);
}

/**
 * What is left of addresses: those of one object compare and subtract, and a 0 beside one does what it does
 * beside a number.
 */
function onAddresses(operation: Operation, a: Value, b: Value, wrong: Wrong): Value {
  const { op } = operation;
  if (typeof a !== 'bigint' && typeof b !== 'bigint') {
    if (a.symbol === b.symbol && ['-', '<', '<=', '>', '>='].includes(op))
      return onNumbers(operation, BigInt(a.offset), BigInt(b.offset), wrong);
    if (same(a, b) && (op === '&' || op === '|')) return a;
  }
  if (typeof a !== 'bigint' && b === 0n && (op === '<<' || op === '>>')) return a;
  const [zero, address] = a === 0n ? [a, b] : [b, a];
  if (zero === 0n && op === '&') return 0n;
  if (zero === 0n && (op === '^' || op === '|')) return address;
  if (isAny(a) || isAny(b)) throw new Undetermined(`${show(a)} ${op} ${show(b)}`);
  return without(wrong, 'bad-arithmetic');
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
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '<<': (a, b) => a * 2n ** b,
  '>>': (a, b) => a >> b,
};

function onNumbers({ op, bits = 64 }: Operation, a: bigint, b: bigint, wrong: Wrong): Value {
  if ((op === '/' || op === '%') && b === 0n) return without(wrong, 'division-by-zero');
  if ((op === '<<' || op === '>>') && (b < 0n || b >= bits)) return without(wrong, 'bad-shift');
  return BigInt(operations[op](a, b));
}
