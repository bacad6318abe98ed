import type { RegisterId } from './ids.js';
import {
  isJunk,
  isPointer,
  JUNK,
  type Pointer,
  type ScalarType,
  type Value,
  valuesEqual,
  wrap,
} from './values.js';

/**
 * Arithmetic over registers, without side effects. Integers are unbounded between `wrap` nodes: a dialect puts a
 * `wrap` where its language truncates. Comparisons and logical operators give 0 or 1.
 */
export type Expression =
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'register'; readonly register: RegisterId }
  | { readonly kind: 'unary'; readonly op: UnaryOperator; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'wrap'; readonly type: ScalarType; readonly operand: Expression }
  /** `condition ? then : otherwise`; depends on all three, whichever is taken. */
  | {
      readonly kind: 'select';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    };

/** `-`, bitwise `~`, logical `!`. */
export type UnaryOperator = '-' | '~' | '!';
/** C's operators; `/` and `%` truncate towards zero, `>>` shifts the unbounded (so sign-extended) integer. */
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||';

export const constant = (value: Value | number): Expression => ({
  kind: 'constant',
  value: typeof value === 'number' ? BigInt(value) : value,
});
export const addressOf = (symbol: string, offset = 0): Expression => ({
  kind: 'constant',
  value: { symbol, offset },
});
export const register = (id: RegisterId): Expression => ({ kind: 'register', register: id });
export const unary = (op: UnaryOperator, operand: Expression): Expression => ({ kind: 'unary', op, operand });
export const binary = (op: BinaryOperator, left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  op,
  left,
  right,
});
export const wrapped = (type: ScalarType, operand: Expression): Expression => ({
  kind: 'wrap',
  type,
  operand,
});

/** An operation that has no value: arithmetic on two unrelated addresses, a division by zero, an absurd shift. */
export class UndefinedOperation extends Error {
  override readonly name = 'UndefinedOperation';
}

/**
 * The value of an expression, given the registers' values.
 * @throws UndefinedOperation when an operation on these operands has no value
 */
export function evaluate(expression: Expression, read: (register: RegisterId) => Value): Value {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'register':
      return read(expression.register);
    case 'unary':
      return applyUnary(expression.op, evaluate(expression.operand, read));
    case 'binary':
      return applyBinary(expression.op, evaluate(expression.left, read), evaluate(expression.right, read));
    case 'wrap':
      return wrap(evaluate(expression.operand, read), expression.type);
    case 'select':
      return isTrue(evaluate(expression.condition, read))
        ? evaluate(expression.then, read)
        : evaluate(expression.otherwise, read);
  }
}

/** Calls `visit` for each register that the expression mentions, with repeats. */
export function forEachRegister(expression: Expression, visit: (register: RegisterId) => void): void {
  switch (expression.kind) {
    case 'constant':
      return;
    case 'register':
      visit(expression.register);
      return;
    case 'unary':
    case 'wrap':
      forEachRegister(expression.operand, visit);
      return;
    case 'binary':
      forEachRegister(expression.left, visit);
      forEachRegister(expression.right, visit);
      return;
    case 'select':
      forEachRegister(expression.condition, visit);
      forEachRegister(expression.then, visit);
      forEachRegister(expression.otherwise, visit);
      return;
  }
}

/** C's truth: all but the integer 0. */
export function isTrue(value: Value): boolean {
  return value !== 0n;
}

export function applyUnary(op: UnaryOperator, operand: Value): Value {
  if (op === '!') return isTrue(operand) ? 0n : 1n;
  if (isJunk(operand)) return JUNK;
  if (isPointer(operand)) throw new UndefinedOperation(`${op} of the address ${show(operand)}`);
  return op === '-' ? -operand : ~operand;
}

export function applyBinary(op: BinaryOperator, left: Value, right: Value): Value {
  switch (op) {
    case '==':
      return truth(valuesEqual(left, right));
    case '!=':
      return truth(!valuesEqual(left, right));
    case '&&':
      return truth(isTrue(left) && isTrue(right));
    case '||':
      return truth(isTrue(left) || isTrue(right));
  }
  if (isJunk(left) || isJunk(right)) return onJunk(op, left, right);
  return isPointer(left) || isPointer(right) ? onPointers(op, left, right) : onIntegers(op, left, right);
}

/** What does not depend on the bits has its value: `r ^ r`, `r - r` and `r & 0` are 0. */
function onJunk(op: BinaryOperator, left: Value, right: Value): Value {
  const alike = isJunk(left) && isJunk(right);
  if ((op === '^' || op === '-') && alike) return 0n;
  return op === '&' && (left === 0n || right === 0n) ? 0n : JUNK;
}

function onIntegers(op: BinaryOperator, left: bigint, right: bigint): bigint {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
    case '%':
      if (right === 0n) throw new UndefinedOperation(`${left} ${op} 0`);
      return op === '/' ? left / right : left % right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
    case '>>':
      if (right < 0n || right > 64n) throw new UndefinedOperation(`${left} ${op} ${right}`);
      return op === '<<' ? left << right : left >> right;
    case '<':
      return truth(left < right);
    case '<=':
      return truth(left <= right);
    case '>':
      return truth(left > right);
    case '>=':
      return truth(left >= right);
    default:
      throw new UndefinedOperation(op);
  }
}

/** Addresses move by integers, and two of one object compare and subtract. `p ^ p`, the litmus tests' way to a false dependency, is 0. */
function onPointers(op: BinaryOperator, left: Value, right: Value): Value {
  if (isPointer(left) && isPointer(right)) {
    if (left.symbol === right.symbol) {
      const [a, b] = [BigInt(left.offset), BigInt(right.offset)];
      if (op === '-' || op === '<' || op === '<=' || op === '>' || op === '>=') return onIntegers(op, a, b);
      if (left.offset === right.offset) {
        if (op === '^') return 0n;
        if (op === '&' || op === '|') return left;
      }
    }
  } else if (isPointer(left) && !isPointer(right)) {
    if (op === '+' || op === '-') return moved(left, op === '+' ? right : -right);
    if (right === 0n && (op === '^' || op === '|' || op === '<<' || op === '>>')) return left;
    if (right === 0n && op === '&') return 0n;
  } else if (isPointer(right) && !isPointer(left)) {
    if (op === '+') return moved(right, left);
    if (left === 0n && (op === '^' || op === '|')) return right;
    if (left === 0n && op === '&') return 0n;
  }
  throw new UndefinedOperation(`${show(left)} ${op} ${show(right)}`);
}

function moved(pointer: Pointer, by: bigint): Pointer {
  return by === 0n ? pointer : { symbol: pointer.symbol, offset: pointer.offset + Number(by) };
}

const truth = (holds: boolean): bigint => (holds ? 1n : 0n);
const show = (value: Value): string =>
  isPointer(value) ? `&${value.symbol}+${value.offset}` : String(value);
