import type { Span } from '../diagnostics.js';
import type { Fault } from './errors.js';
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
 * `wrap` where its language truncates. Comparisons and logical operators give 0 or 1. An operation that has no result, such as a division
 * by zero, is a fault (`faultIn`), and gives junk.
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
      /** Where it stands in the user's text, if it may have no result. */
      readonly span?: Span;
      /** Of a shift: how many bits there are. */
      readonly bits?: number;
    }
  | { readonly kind: 'wrap'; readonly type: ScalarType; readonly operand: Expression }
  /** `condition ? then : otherwise`; depends on all three, whichever is taken, but computes only that. */
  | {
      readonly kind: 'select';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    };

/** `-`, bitwise `~`, logical `!`. */
export type UnaryOperator = '-' | '~' | '!';
/**
 * C's operators; `/` and `%` truncate towards zero, `>>` shifts the unbounded (so sign-extended) integer, and the right operand of `&&` and
 * `||` is not computed where the left one decides.
 */
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

/** Told of each operation that turns out to have no result. */
type Report = (fault: Fault) => void;

/** The value of an expression, given the registers' values. */
export function evaluate(
  expression: Expression,
  read: (register: RegisterId) => Value,
  report?: Report,
): Value {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'register':
      return read(expression.register);
    case 'unary':
      return applyUnary(expression.op, evaluate(expression.operand, read, report), report);
    case 'binary': {
      const left = evaluate(expression.left, read, report);
      const decided = decidedBy(expression.op, left);
      return decided ?? applyBinary(expression, left, evaluate(expression.right, read, report), report);
    }
    case 'wrap':
      return wrap(evaluate(expression.operand, read, report), expression.type);
    case 'select':
      return isTrue(evaluate(expression.condition, read, report))
        ? evaluate(expression.then, read, report)
        : evaluate(expression.otherwise, read, report);
  }
}

/** The first operation, in the order in which they are computed, that has no result on these operands. */
export function faultIn(expression: Expression, read: (register: RegisterId) => Value): Fault | undefined {
  let first: Fault | undefined;
  evaluate(expression, read, (fault) => {
    first ??= fault;
  });
  return first;
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

/** The value of `&&` or `||` where its left operand decides. */
function decidedBy(op: BinaryOperator, left: Value): Value | undefined {
  if (op === '&&') return isTrue(left) ? undefined : 0n;
  return op === '||' && isTrue(left) ? 1n : undefined;
}

/** An operation that has no result: it is reported, and gives junk. */
function noResult(report: Report | undefined, name: Fault['name'], span?: Span): Value {
  report?.(span ? { name, span } : { name });
  return JUNK;
}

export function applyUnary(op: UnaryOperator, operand: Value, report?: Report): Value {
  if (op === '!') return isTrue(operand) ? 0n : 1n;
  if (isJunk(operand)) return JUNK;
  if (isPointer(operand)) return noResult(report, 'bad-arithmetic');
  return op === '-' ? -operand : ~operand;
}

/** What is said of a binary operation, besides its operands. */
type Operation = Pick<Expression & { kind: 'binary' }, 'op' | 'span' | 'bits'>;

export function applyBinary(operation: Operation, left: Value, right: Value, report?: Report): Value {
  switch (operation.op) {
    case '==':
      return truth(valuesEqual(left, right));
    case '!=':
      return truth(!valuesEqual(left, right));
    case '&&':
      return truth(isTrue(left) && isTrue(right));
    case '||':
      return truth(isTrue(left) || isTrue(right));
  }
  if (isJunk(left) || isJunk(right)) return onJunk(operation.op, left, right);
  if (!isPointer(left) && !isPointer(right)) return onIntegers(operation, left, right, report);
  return onPointers(operation.op, left, right) ?? noResult(report, 'bad-arithmetic', operation.span);
}

/** What does not depend on the bits has its value: `r ^ r`, `r - r` and `r & 0` are 0. */
function onJunk(op: BinaryOperator, left: Value, right: Value): Value {
  const alike = isJunk(left) && isJunk(right);
  if ((op === '^' || op === '-') && alike) return 0n;
  return op === '&' && (left === 0n || right === 0n) ? 0n : JUNK;
}

/** Bits of what is shifted where nothing else is said: the widest type. */
const MOST_BITS = 64;

function onIntegers(
  { op, span, bits = MOST_BITS }: Operation,
  left: bigint,
  right: bigint,
  report?: Report,
): Value {
  switch (op) {
    case '/':
    case '%':
      if (right === 0n) return noResult(report, 'division-by-zero', span);
      return op === '/' ? left / right : left % right;
    case '<<':
    case '>>':
      if (right < 0n || right >= BigInt(bits)) return noResult(report, 'bad-shift', span);
      return op === '<<' ? left << right : left >> right;
    default:
      return computed(op, left, right);
  }
}

/** Operations that always have a result. */
function computed(op: BinaryOperator, left: bigint, right: bigint): bigint {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<':
      return truth(left < right);
    case '<=':
      return truth(left <= right);
    case '>':
      return truth(left > right);
    case '>=':
      return truth(left >= right);
    default:
      throw new Error(`${op} is computed elsewhere`);
  }
}

/**
 * Addresses move by integers, and two of one object compare and subtract. `p ^ p`, the litmus tests' way to a false dependency, is 0.
 * Undefined for what has no result.
 */
function onPointers(op: BinaryOperator, left: Value, right: Value): Value | undefined {
  if (isPointer(left) && isPointer(right)) {
    if (left.symbol === right.symbol) {
      const [a, b] = [BigInt(left.offset), BigInt(right.offset)];
      if (op === '-' || op === '<' || op === '<=' || op === '>' || op === '>=') return computed(op, a, b);
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
  return undefined;
}

function moved(pointer: Pointer, by: bigint): Pointer {
  return by === 0n ? pointer : { symbol: pointer.symbol, offset: pointer.offset + Number(by) };
}

const truth = (holds: boolean): bigint => (holds ? 1n : 0n);
